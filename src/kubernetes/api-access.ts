import type {Agent} from 'node:https'

/** How to reach the API server and what to show it. */
export interface ApiAccess {
	/** `https://10.0.0.1:6443`, without a slash at the end; the first one that answers is used. */
	readonly servers: readonly string[]
	/** Called for each request: tokens and certificates rotate. Rejects when there are none to be had. */
	readonly credentials: () => Promise<ApiCredentials>
	/** The server did not accept them (401): read everything anew next time. */
	readonly forget: () => void
}

export interface ApiCredentials {
	readonly headers: Readonly<Record<string, string>>
	readonly tls: TlsSettings
	/** Set where a proxy stands between. */
	readonly agent?: Agent
}

export interface TlsSettings {
	readonly ca?: string | Buffer
	readonly cert?: string | Buffer
	readonly key?: string | Buffer
	readonly servername?: string
	readonly rejectUnauthorized?: boolean
}
