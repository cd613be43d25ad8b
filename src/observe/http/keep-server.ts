import type {Clock} from '../../clock.ts'
import {formatSocketAddress} from '../../net/address.ts'
import type {SocketAddress} from '../../net/socket-address.ts'
import type {Answerer} from './answer.ts'
import type {HttpServer, OpenServer} from './open-server.ts'

const RETRY_MILLISECONDS = 5000

export interface KeptServer {
	/** The setting that names the address. */
	readonly name: string
	readonly where: SocketAddress
	readonly answer: Answerer
}

export interface KeepServerParts {
	readonly open: OpenServer
	readonly clock: Clock
	/** Told of every attempt that fails. */
	readonly report: (message: string) => void
	/** Reject when the first attempt fails, instead of trying again. */
	readonly isHardFail: boolean
}

/** Listens, or tries again every 5 seconds until it does. Resolves after the first attempt. */
export const keepServer = async (
	{name, where, answer}: KeptServer,
	{open, clock, report, isHardFail}: KeepServerParts,
): Promise<HttpServer> => {
	let isClosed = false
	let close: () => void = () => undefined
	const attempt = async (): Promise<void> => {
		try {
			const server = await open(where, answer)
			close = server.close
		} catch (error) {
			const code = error instanceof Error && 'code' in error ? error.code : error
			const cause = code === 'EADDRINUSE' ? `${code}, another process does; a kube-proxy that still runs?` : code
			const message = `${name}: cannot listen on ${formatSocketAddress(where.address, where.port)}: ${cause}`
			if (isHardFail) {
				throw new Error(message, {cause: error})
			}
			report(message)
			close = clock.after(RETRY_MILLISECONDS, attempt)
		}
		if (isClosed) {
			close()
		}
	}
	await attempt()
	return {
		close: () => {
			isClosed = true
			close()
		},
	}
}
