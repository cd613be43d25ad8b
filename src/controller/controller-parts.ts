import type {Clock} from '../clock.ts'
import type {Config} from '../config/fields.ts'
import type {Kernel} from '../kernel/kernel.ts'
import type {SocketAddress} from '../net/socket-address.ts'
import type {Observer} from '../observe/observer.ts'

/** What the controller and its syncs work with. */
export interface ControllerParts {
	readonly kernel: Kernel
	readonly config: Config
	readonly clock: Clock
	readonly observer: Observer
	/** Addresses of API servers that are known from elsewhere than the cluster's objects. */
	readonly apiServers?: readonly SocketAddress[]
}
