import type {Address, Family} from '../net/address.ts'
import type {Prefix} from '../net/prefix.ts'
import type {Protocol} from '../net/protocol.ts'
import type {Problem} from './problem.ts'

export type ServiceType = 'ClusterIP' | 'NodePort' | 'LoadBalancer' | 'ExternalName'
export type TrafficPolicy = 'Cluster' | 'Local'

/** The fields of a Service (core/v1) that a service proxy reads. */
export interface Service {
	readonly namespace: string
	readonly name: string
	readonly uid: string
	/** Milliseconds since 1970; 0 where the source has none. Decides who holds an address that two Services claim. */
	readonly createdAt: number
	readonly type: ServiceType
	/** `spec.clusterIPs`, or `spec.clusterIP` where the list is empty; empty for a headless Service. */
	readonly clusterIPs: readonly Address[]
	readonly ports: readonly ServicePort[]
	readonly externalIPs: readonly Address[]
	/** `status.loadBalancer.ingress[].ip` with `ipMode` unset or `VIP`. */
	readonly loadBalancerIPs: readonly Address[]
	readonly loadBalancerSourceRanges: readonly Prefix[]
	/** `ClientIP` affinity in seconds; undefined for `None`. */
	readonly affinitySeconds: number | undefined
	readonly externalTrafficPolicy: TrafficPolicy
	readonly internalTrafficPolicy: TrafficPolicy
	/** 0 when there is none. */
	readonly healthCheckNodePort: number
	/** Value of the label `service.kubernetes.io/service-proxy-name`; undefined when the label is absent. */
	readonly proxyName: string | undefined
	/** Only those under `kube-lvs.io/` and `kube-router.io/service.`. */
	readonly annotations: ReadonlyMap<string, string>
	/** Values that were skipped when the object was read. */
	readonly problems: readonly Problem[]
}

/** One entry of `spec.ports`. */
export interface ServicePort {
	/** Empty for the one port of a Service that needs no name. */
	readonly name: string
	readonly protocol: Protocol
	readonly port: number
	/** 0 when there is none. */
	readonly nodePort: number
}

/** The families in which the Service is served: those of its ClusterIPs. */
export const clusterIPOf = (service: Service, family: Family): Address | undefined =>
	service.clusterIPs.find(address => address.includes(':') === (family === 'ipv6'))

/** The external policy counts only where something from outside can reach the Service (kube-proxy serviceport.go). */
export const isExternallyLocal = ({externalTrafficPolicy, type, externalIPs}: Service): boolean =>
	externalTrafficPolicy === 'Local' && (type === 'LoadBalancer' || type === 'NodePort' || externalIPs.length > 0)

/** The traffic policy for those who come to its ClusterIP, or to any other of its addresses. */
export const policyOf = (service: Service, isExternal: boolean): TrafficPolicy =>
	isExternal ? (isExternallyLocal(service) ? 'Local' : 'Cluster') : service.internalTrafficPolicy
