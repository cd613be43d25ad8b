import type {Address, Family} from '../net/address.ts'

/** What of this node bears on how a Service is served. */
export interface NodeContext {
	readonly name: string
	/** Empty when the Node has no zone label or is not known. */
	readonly zone: string
	/** In which families this node serves. */
	readonly families: readonly Family[]
	/** Where node ports listen. */
	readonly nodePortAddresses: readonly Address[]
	/** Addresses on interfaces other than the dummy device: served, but never bound again. */
	readonly ownAddresses: ReadonlySet<Address>
}
