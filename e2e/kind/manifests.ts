import type {KubernetesObject} from '../scenario/objects.ts'
import {IMAGE, NAMESPACE, SCRIPTS} from '../suite/workload.ts'
import {SERVICE_CIDRS} from '../topology/numbering.ts'

export const POD_NETWORKS = ['10.244.0.0/16', 'fd00:244::/56']

/** `kind create cluster --config`: two workers, dual-stack; the scripts of the tests are on each node. */
export const kindConfig = (serviceProxy: 'none' | 'kube-proxy'): object => ({
	apiVersion: 'kind.x-k8s.io/v1alpha4',
	kind: 'Cluster',
	networking: {
		ipFamily: 'dual',
		kubeProxyMode: serviceProxy === 'none' ? 'none' : 'ipvs',
		podSubnet: POD_NETWORKS.join(),
		serviceSubnet: SERVICE_CIDRS.slice(0, 2).join(),
	},
	nodes: ['control-plane', 'worker', 'worker'].map(role => ({
		role,
		extraMounts: [{hostPath: SCRIPTS, containerPath: SCRIPTS, readOnly: true}],
	})),
})

/** A pod on each worker that uses the network of its node: requests of nodes come from there. */
export const nodeOrigins = (): KubernetesObject => ({
	apiVersion: 'apps/v1',
	kind: 'DaemonSet',
	metadata: {name: 'node', namespace: NAMESPACE},
	spec: {
		selector: {matchLabels: {app: 'node'}},
		template: {
			metadata: {labels: {app: 'node'}},
			spec: {
				hostNetwork: true,
				terminationGracePeriodSeconds: 0,
				containers: [
					{
						name: 'node',
						image: IMAGE,
						command: ['sleep', 'infinity'],
						volumeMounts: [{name: 'scripts', mountPath: SCRIPTS, readOnly: true}],
					},
				],
				volumes: [{name: 'scripts', hostPath: {path: SCRIPTS}}],
			},
		},
	},
})

/** What kernel settings were before is noted there. */
const RUN = {path: '/run/kube-lvs', type: 'DirectoryOrCreate'}

/** The lock that every user of iptables on a node takes. */
const LOCK = {path: '/run/xtables.lock', type: 'FileOrCreate'}

/** Runs `kube-lvs cleanup` on a node, once. */
export const cleanupPod = (node: string, image: string): KubernetesObject => ({
	apiVersion: 'v1',
	kind: 'Pod',
	metadata: {name: `cleanup-${node}`, namespace: NAMESPACE},
	spec: {
		nodeName: node,
		hostNetwork: true,
		restartPolicy: 'Never',
		tolerations: [{operator: 'Exists'}],
		containers: [
			{
				name: 'cleanup',
				image,
				args: ['cleanup'],
				securityContext: {privileged: true},
				volumeMounts: [
					{name: 'run', mountPath: RUN.path},
					{name: 'lock', mountPath: LOCK.path},
				],
			},
		],
		volumes: [
			{name: 'run', hostPath: RUN},
			{name: 'lock', hostPath: LOCK},
		],
	},
})
