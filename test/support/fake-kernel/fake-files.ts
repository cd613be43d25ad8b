import type {FilesDoor} from '../../../src/kernel/doors.ts'
import type {Faults} from './faults.ts'

/** Files below /proc and /sys: those of `texts`, and some that are made when read; and our own. */
export class FakeFiles implements FilesDoor {
	/** By path, with the final newline. */
	readonly texts: Map<string, string>
	writes = 0
	/** Our own files, which are no state of the kernel. */
	readonly kept = new Map<string, string>()
	readonly #made: ReadonlyMap<string, () => string | undefined>
	readonly #faults: Faults

	constructor(texts: Map<string, string>, made: ReadonlyMap<string, () => string | undefined>, faults: Faults) {
		this.texts = texts
		this.#made = made
		this.#faults = faults
	}

	readonly read = async (path: string): Promise<string | undefined> =>
		this.#made.get(path)?.() ?? this.texts.get(path) ?? this.kept.get(path)

	/** Of a length that no line has. */
	readonly pieces = async function* (this: FakeFiles, path: string): AsyncGenerator<string> {
		for (let text = (await this.read(path)) ?? ''; text !== ''; text = text.slice(37)) {
			yield text.slice(0, 37)
		}
	}.bind(this)

	readonly write = async (path: string, text: string): Promise<void> => {
		this.#refuse(path, this.#faults.writeFor(path) ?? (this.texts.has(path) ? undefined : 'ENOENT'))
		this.writes += 1
		this.texts.set(path, `${text.trimEnd()}\n`)
	}

	readonly replace = async (path: string, text: string): Promise<void> => {
		this.#refuse(path, this.#faults.writeFor(path))
		this.kept.set(path, text)
	}

	readonly remove = async (path: string): Promise<void> => {
		this.#refuse(path, this.#faults.writeFor(path))
		this.kept.delete(path)
	}

	#refuse(path: string, code: string | undefined): void {
		if (code !== undefined) {
			throw Object.assign(new Error(`${code}: cannot open '${path}'`), {code})
		}
	}
}

const SETTINGS = {
	'kernel/osrelease': '6.1.0-13-amd64',
	'net/ipv4/vs/conntrack': '0',
	'net/ipv4/vs/expire_nodest_conn': '0',
	'net/ipv4/vs/expire_quiescent_template': '0',
	'net/ipv4/vs/conn_reuse_mode': '1',
	'net/ipv4/ip_forward': '0',
	'net/ipv4/conf/all/arp_ignore': '0',
	'net/ipv4/conf/all/arp_announce': '0',
	'net/ipv4/conf/all/route_localnet': '0',
	'net/ipv6/conf/all/disable_ipv6': '0',
	'net/ipv6/conf/all/forwarding': '0',
	'net/bridge/bridge-nf-call-iptables': '1',
	'net/bridge/bridge-nf-call-ip6tables': '1',
	'net/netfilter/nf_conntrack_max': '65536',
	'net/netfilter/nf_conntrack_tcp_timeout_established': '432000',
	'net/netfilter/nf_conntrack_tcp_timeout_close_wait': '60',
	'net/netfilter/nf_conntrack_tcp_be_liberal': '0',
	'net/netfilter/nf_conntrack_udp_timeout': '30',
	'net/netfilter/nf_conntrack_udp_timeout_stream': '120',
	'/sys/module/nf_conntrack/parameters/hashsize': '16384',
	'/sys/devices/system/cpu/online': '0-1',
	'/proc/self/oom_score_adj': '0',
}

/** The settings of a kernel that nobody has touched, with some changed; undefined takes one away. */
export const settingsFiles = (changed: Readonly<Record<string, string | undefined>>): Map<string, string> =>
	new Map(
		Object.entries({...SETTINGS, ...changed}).flatMap(([path, value]) =>
			value === undefined ? [] : [[path.startsWith('/') ? path : `/proc/sys/${path}`, `${value}\n`] as const],
		),
	)
