import type {Address, Family} from '../net/address.ts'
import type {Protocol} from '../net/protocol.ts'
import type {Problem} from './problem.ts'

/** The fields of an EndpointSlice (discovery.k8s.io/v1) that a service proxy reads. */
export interface EndpointSlice {
	readonly namespace: string
	readonly name: string
	/** Label `kubernetes.io/service-name`; empty when it is absent: such a slice belongs to no Service. */
	readonly serviceName: string
	/** Undefined for `FQDN`, which no service proxy serves. */
	readonly family: Family | undefined
	readonly ports: readonly EndpointPort[]
	readonly endpoints: readonly Endpoint[]
	/**
	 * Annotation `endpoints.kubernetes.io/last-change-trigger-time`, milliseconds since 1970: when the pod or Service
	 * changed that this slice follows; undefined when it is absent or no time.
	 */
	readonly triggeredAt: number | undefined
	/** Only those under `kube-lvs.io/`. */
	readonly annotations: ReadonlyMap<string, string>
	/** Values that were skipped when the object was read. */
	readonly problems: readonly Problem[]
}

/** A port with a name and a number; those without either are left out when the slice is read. */
export interface EndpointPort {
	readonly name: string
	readonly protocol: Protocol
	readonly port: number
}

export interface Endpoint {
	/** The first of `addresses`: the others have no meaning by the API's contract. */
	readonly address: Address
	/** Empty when unknown. */
	readonly nodeName: string
	/** Empty when unknown. */
	readonly zone: string
	/** nil counts as true. */
	readonly ready: boolean
	/** nil counts as true. */
	readonly serving: boolean
	/** nil counts as false. */
	readonly terminating: boolean
	readonly zoneHints: readonly string[]
	readonly nodeHints: readonly string[]
}
