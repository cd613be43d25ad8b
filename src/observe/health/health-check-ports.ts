import {type Problem, serviceReference} from '../../model/problem.ts'
import {type Family, formatSocketAddress} from '../../net/address.ts'
import type {SocketAddress} from '../../net/socket-address.ts'
import type {HealthCheck} from '../../state/service-state.ts'
import type {Answer} from '../http/answer.ts'
import type {HttpServer, OpenServer} from '../http/open-server.ts'
import {codeOf} from './failed-families.ts'
import {answerHealthCheck} from './health-check-answer.ts'

export interface HealthCheckPortsParts {
	readonly open: OpenServer
	readonly isProxyHealthy: () => boolean
	/** All problems that a Service now has with its port; empty when it has none. */
	readonly report: (service: string, problems: readonly Problem[]) => void
}

/** Where health-check node ports listen, by family. */
export type ListenAddresses = Readonly<Record<Family, readonly SocketAddress['address'][]>>

/**
 * The health-check node ports of Services: a server for each port, family and address.
 *
 * 1. What was replaced takes effect with `settle`, after the sync that it belongs to: no load balancer is told of
 *    endpoints that the kernel does not know yet.
 * 2. All that goes is closed before anything is opened, so that a port may move from one Service to another.
 * 3. A port that cannot be opened is a problem of its Service alone, and is tried again each time.
 * 4. Work is in proportion to what changed or failed.
 */
export class HealthCheckPorts {
	readonly #parts: HealthCheckPortsParts
	#addresses: ListenAddresses = {ipv4: [], ipv6: []}
	readonly #wanted = new Map<string, readonly HealthCheck[]>()
	/** What is answered, by family and Service. */
	readonly #shown = new Map<string, HealthCheck>()
	/** By Service, then by family, address and port. */
	readonly #servers = new Map<string, Map<string, HttpServer>>()
	readonly #unsettled = new Set<string>()
	#turn: Promise<void> = Promise.resolve()
	#isClosed = false

	constructor(parts: HealthCheckPortsParts) {
		this.#parts = parts
	}

	/** All checks that a Service now has. */
	replace(service: string, checks: readonly HealthCheck[]): void {
		if (checks.length > 0 || this.#wanted.has(service)) {
			checks.length > 0 ? this.#wanted.set(service, checks) : this.#wanted.delete(service)
			this.#unsettled.add(service)
		}
	}

	/** Ports that are open already move to these addresses. */
	setAddresses(addresses: ListenAddresses): void {
		if (JSON.stringify(addresses) !== JSON.stringify(this.#addresses)) {
			this.#addresses = addresses
			for (const service of this.#wanted.keys()) {
				this.#unsettled.add(service)
			}
		}
	}

	/** One at a time; resolves when everything is open that can be. */
	settle(): Promise<void> {
		this.#turn = this.#turn.then(() => this.#settle())
		return this.#turn
	}

	close(): void {
		this.#isClosed = true
		for (const server of [...this.#servers.values()].flatMap(servers => [...servers.values()])) {
			server.close()
		}
	}

	async #settle(): Promise<void> {
		const services = [...this.#unsettled]
		this.#unsettled.clear()
		for (const service of services) {
			this.#show(service)
			this.#closeWhatGoes(service)
		}
		await Promise.all(services.map(service => this.#openWhatComes(service)))
	}

	#show(service: string): void {
		const checks = this.#wanted.get(service) ?? []
		for (const family of ['ipv4', 'ipv6'] as const) {
			const check = checks.find(check => check.family === family)
			const key = `${family} ${service}`
			check ? this.#shown.set(key, check) : this.#shown.delete(key)
		}
	}

	#closeWhatGoes(service: string): void {
		const wanted = this.#listenersOf(service)
		const servers = this.#servers.get(service)
		for (const [key, server] of servers ?? []) {
			if (!wanted.has(key)) {
				server.close()
				servers?.delete(key)
			}
		}
		if (servers?.size === 0) {
			this.#servers.delete(service)
		}
	}

	async #openWhatComes(service: string): Promise<void> {
		const servers = this.#servers.get(service) ?? new Map<string, HttpServer>()
		const missing = [...this.#listenersOf(service)].filter(([key]) => !servers.has(key))
		const problems = await Promise.all(
			missing.map(async ([key, {check, where}]) => {
				const answer = (): Answer | undefined => {
					const shown = this.#shown.get(`${check.family} ${service}`)
					return shown && answerHealthCheck(shown, this.#parts.isProxyHealthy())
				}
				try {
					const server = await this.#parts.open({...where, isIPv6Only: check.family === 'ipv6'}, answer)
					this.#isClosed ? server.close() : servers.set(key, server)
					return []
				} catch (error) {
					return [problemOf(check, where, error)]
				}
			}),
		)
		if (servers.size > 0) {
			this.#servers.set(service, servers)
		}
		if (problems.flat().length > 0) {
			this.#unsettled.add(service)
		}
		this.#parts.report(service, problems.flat())
	}

	#listenersOf(service: string): ReadonlyMap<string, {readonly check: HealthCheck; readonly where: SocketAddress}> {
		return new Map(
			(this.#wanted.get(service) ?? []).flatMap(check =>
				this.#addresses[check.family].map(address => {
					const where = {address, port: check.port}
					return [`${check.family} ${formatSocketAddress(address, check.port)}`, {check, where}]
				}),
			),
		)
	}
}

const problemOf = (check: HealthCheck, {address, port}: SocketAddress, error: unknown): Problem => ({
	object: serviceReference(check),
	field: 'spec.healthCheckNodePort',
	reason: 'FailedToStartServiceHealthcheck',
	message: `cannot listen on ${formatSocketAddress(address, port)}: ${codeOf(error)}; tried again with each sync`,
	isOfNode: true,
})
