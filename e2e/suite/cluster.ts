import type {KubernetesObject} from '../scenario/objects.ts'
import type {Addresses} from '../topology/hosts.ts'
import type {Place} from '../topology/place.ts'

/** Where requests come from. */
export type Origin = 'outside' | {readonly pod: string} | {readonly node: string}

export interface ClusterNode {
	readonly name: string
	readonly addresses: Addresses
}

/** A pod of a Deployment that has its addresses. */
export interface ClusterPod extends ClusterNode {
	readonly node: string
	readonly isReady: boolean
	/** It was asked to end, and has not yet. */
	readonly isTerminating: boolean
}

/** Two builds of kube-lvs: one to begin with, one to change to. */
export type Build = 'first' | 'next'

/**
 * A cluster as the scenarios see it: objects go in, requests and the state of nodes come out. All namespaced objects are
 * in the namespace `demo`.
 */
export interface Cluster {
	/** Those that pods run on. What comes from outside for an address of a Service arrives at the first. */
	readonly nodes: readonly [ClusterNode, ClusterNode]
	readonly at: (origin: Origin) => Place

	/** Creates or changes objects as a user does; the controllers of Kubernetes do the rest. */
	readonly apply: (...objects: readonly KubernetesObject[]) => Promise<void>
	readonly remove: (kind: 'Service' | 'Deployment', ...names: readonly string[]) => Promise<void>
	/** With what the API server has filled in. */
	readonly service: (name: string) => Promise<KubernetesObject>
	/** What the controller of a load balancer writes. */
	readonly setLoadBalancer: (service: string, ips: readonly string[]) => Promise<void>
	readonly pods: (deployment: string) => Promise<readonly ClusterPod[]>
	/** Resolves when all wanted pods are there and ready, and of an earlier template only those that terminate. */
	readonly rolledOut: (...deployments: readonly string[]) => Promise<void>
	/** The reasons of the Events on a Service. */
	readonly events: (service: string) => Promise<readonly string[]>

	/** Nothing is scheduled to it any more, and its pods are evicted. */
	readonly drain: (node: string) => Promise<void>
	readonly uncordon: (node: string) => Promise<void>
	/** Nobody reaches the API server meanwhile: programs can be run outside only. */
	readonly withoutApiServer: (during: () => Promise<void>) => Promise<void>

	/** Everything in the kernel of a node that a service proxy may change, line by line. */
	readonly state: (node: string) => Promise<readonly string[]>
	/** A shell script of the administrator, on the node itself. */
	readonly administer: (node: string, script: string) => Promise<void>

	/** kube-lvs on every node; resolves when it serves. */
	readonly install: () => Promise<void>
	/** The same on nodes that kube-proxy serves, which ends. */
	readonly takeOver: () => Promise<void>
	/** To another build, node by node; resolves when it serves everywhere. */
	readonly upgrade: (build: Build) => Promise<void>
	/** Gone from every node, and cleaned up there. */
	readonly uninstall: () => Promise<void>

	readonly destroy: () => Promise<void>
}

/** Makes clusters. */
export interface Provider {
	readonly title: string
	/** With no service proxy, or with kube-proxy in the ipvs mode: for the first Service, if it is like that of `applyPlainWeb`. */
	readonly create: (serviceProxy: 'none' | 'kube-proxy') => Promise<Cluster>
}
