import type {ApiObject} from './api-object.ts'
import type {Role} from './role.ts'

export interface ApiServerOptions {
	readonly objects?: readonly ApiObject[]
	/** 0, unless told: any free one. */
	readonly port?: number
	/** To listen on; 127.0.0.1 unless told. */
	readonly host?: string
	/** Further names and addresses for its certificate. */
	readonly names?: readonly string[]
	/** How it calls itself in the kubeconfig; what it listens on unless told. */
	readonly advertise?: string
	/** What whoever asks may do; everything unless told. */
	readonly role?: Role
	readonly bookmarkMilliseconds?: number
	/** Changes that a watch may resume from. */
	readonly historyWindow?: number
	/** Whether a list with a resourceVersion comes in pages, as of Kubernetes 1.34; earlier servers send it in one piece. */
	readonly limitsCached?: boolean
}
