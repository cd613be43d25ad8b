import {formatSocketAddress} from '../../src/net/address.ts'
import type {Answer, Answerer} from '../../src/observe/http/answer.ts'
import type {OpenServer} from '../../src/observe/http/open-server.ts'

/** Servers that are only noted; a port that is taken is refused as the system does. */
export class FakeServers {
	/** Addresses at which another process listens. */
	readonly taken = new Set<string>()
	readonly #open = new Map<string, Answerer>()
	/** Each attempt to open, and each closing. */
	readonly calls: string[] = []

	get addresses(): readonly string[] {
		return [...this.#open.keys()].sort()
	}

	/** What the server at this address says. */
	async ask(address: string, path = '/'): Promise<Answer | undefined> {
		return this.#open.get(address)?.(path)
	}

	readonly open: OpenServer = async ({address, port, isIPv6Only = false}, answer) => {
		const key = `${formatSocketAddress(address, port)}${isIPv6Only ? ' ipv6' : ''}`
		this.calls.push(`open ${key}`)
		await new Promise(resolve => setImmediate(resolve))
		if (this.taken.has(key) || this.#open.has(key)) {
			throw Object.assign(new Error(`listen EADDRINUSE: ${key}`), {code: 'EADDRINUSE'})
		}
		this.#open.set(key, answer)
		return {
			close: () => {
				this.calls.push(`close ${key}`)
				this.#open.delete(key)
			},
		}
	}
}
