import type {Doors} from '../../../src/kernel/doors.ts'
import type {Prefix} from '../../../src/net/prefix.ts'
import {parsePrefix} from '../../../src/net/prefix.ts'
import {dumpLines} from './dump-lines.ts'
import {FakeConntrack, type FakeFlow} from './fake-conntrack.ts'
import {FakeExec, type ProcessRun} from './fake-exec.ts'
import {FakeFiles, settingsFiles} from './fake-files.ts'
import {FakeGeneric} from './fake-generic.ts'
import {FakeIpset} from './fake-ipset.ts'
import {FakeIptables, type Variant} from './fake-iptables.ts'
import {FakeIpvs} from './fake-ipvs.ts'
import {FakeLinks} from './fake-links.ts'
import {FakeNetlink, type Handler} from './fake-netlink.ts'
import {FakePolicyRouting} from './fake-policy-routing.ts'
import {FakeRoute} from './fake-route.ts'
import {type Fault, Faults} from './faults.ts'
import {renderProcIpvs} from './proc-ip-vs.ts'
import {type Command, ERRNO, GENERIC, NETFILTER, ROUTE} from './uapi.ts'

export interface FakeKernelOptions {
	readonly variant?: Variant
	/** Interfaces with their addresses in CIDR form; `lo` comes by itself. */
	readonly interfaces?: Readonly<Record<string, readonly string[]>>
	/** Below /proc/sys; undefined for one that this kernel does not have. */
	readonly sysctls?: Readonly<Record<string, string | undefined>>
	readonly flows?: readonly FakeFlow[]
}

const ETH0 = {eth0: ['192.0.2.10/24', '2001:db8::10/64']}

/**
 * A small kernel behind the doors: it takes the same bytes, programs and files, keeps the state, refuses what a kernel
 * refuses, and shows it again. The suite of test/contract runs on it and on the real one.
 */
export class FakeKernel {
	readonly faults = new Faults()
	readonly ipvs = new FakeIpvs()
	readonly links: FakeLinks
	readonly policy = new FakePolicyRouting()
	readonly conntrack = new FakeConntrack()
	readonly ipset: FakeIpset
	readonly iptables: FakeIptables
	readonly files: FakeFiles
	readonly exec: FakeExec
	readonly netlink: FakeNetlink
	/** Requests that changed something, by command. */
	readonly changes = new Map<Command, number>()

	constructor({variant = 'nft', interfaces = ETH0, sysctls = {}, flows = []}: FakeKernelOptions = {}) {
		this.ipset = new FakeIpset(name => this.iptables.isSetUsed(name))
		this.iptables = new FakeIptables(variant, name => this.ipset.sets.has(name))
		const made = new Map([['/proc/net/ip_vs', () => (this.ipvs.isLoaded ? renderProcIpvs(this.ipvs) : undefined)]])
		this.files = new FakeFiles(settingsFiles(sysctls), made, this.faults)
		this.links = new FakeLinks(this.files.texts)
		this.exec = new FakeExec(this.iptables, this.faults)
		this.netlink = new FakeNetlink(this.#handlers(), this.faults)
		this.links.notify = (...notice) => this.netlink.notify(...notice)
		this.conntrack.load(flows)
		for (const [name, addresses] of Object.entries({lo: ['127.0.0.1/8', '::1/128'], ...interfaces})) {
			this.links.add(name, true, addresses.map(parseInterfaceAddress))
		}
	}

	get doors(): Doors {
		return {netlink: this.netlink, exec: this.exec, files: this.files}
	}

	/** Datagrams and requests over netlink, programs that were run. */
	get sends(): number {
		return this.netlink.sends
	}

	get messages(): number {
		return this.netlink.messages
	}

	get processes(): readonly ProcessRun[] {
		return this.exec.runs
	}

	/** Makes the next matching calls fail, as many as `times`. */
	failNext(fault: Fault, times = 1): void {
		this.faults.plan(fault, times)
	}

	loseReplies(count = 1): void {
		this.faults.loseReplies(count)
	}

	/** All of the state that anybody could have made, a line each, in one fixed order. */
	dump(): readonly string[] {
		return dumpLines(this)
	}

	#handlers(): ReadonlyMap<number, Handler> {
		const counted =
			(handler: Handler): Handler =>
			(command, payload, flags) => {
				const answer = handler(command, payload, flags)
				if (answer === 0 && command !== 'begin-batch' && command !== 'new-table') {
					this.changes.set(command, (this.changes.get(command) ?? 0) + 1)
				}
				return answer
			}
		// A transaction that is not finished changes nothing; a kernel without nf_tables does not even begin it.
		const begin = this.iptables.variant === 'nft' ? 0 : ERRNO.EOPNOTSUPP
		const netfilter: Handler = (command, payload, flags) => {
			if (command === 'begin-batch' || command === 'new-table') {
				return begin
			}
			return command === 'get-flow' || command === 'del-flow'
				? this.conntrack.handle(command, payload)
				: this.ipset.handle(command, payload, flags)
		}
		return new Map([
			[GENERIC, counted(new FakeGeneric(this.ipvs).handle)],
			[ROUTE, counted(new FakeRoute(this.links, this.policy).handle)],
			[NETFILTER, counted(netfilter)],
		])
	}
}

/** An address with its prefix length, host bits kept. */
const parseInterfaceAddress = (text: string): Prefix => {
	const [address = '', length] = text.split('/')
	const host = parsePrefix(`${address}/${address.includes(':') ? 128 : 32}`)
	if (!host) {
		throw new Error(`${text}: not an address in CIDR form`)
	}
	return {address: host.address, length: Number(length)}
}
