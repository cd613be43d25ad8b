import type {Doors} from '../../src/kernel/doors.ts'
import {IptablesClient} from '../../src/kernel/iptables/client.ts'
import type {Variant} from '../../src/kernel/iptables/variant.ts'
import {type Kernel, openKernel} from '../../src/kernel/kernel.ts'
import {VIP_DEVICE} from '../../src/state/addresses.ts'
import {MODERN_NODE} from '../../src/state/node-facts.ts'
import {address} from '../state/build.ts'
import {parseIpvsadm} from './parse-ipvsadm.ts'
import {stateLines} from './state-lines.ts'

/** The network of this process, made into the node of the cases. */
export interface RealHost {
	readonly doors: Doors
	readonly kernel: Kernel
	/** Nothing but the node's interface with its addresses, and what these commands make. */
	readonly reset: (commands: readonly string[]) => Promise<void>
	/** In the lines of state.txt, read with the kernel's own tools. */
	readonly stateLines: () => Promise<readonly string[]>
	/** Takes away what `reset` and the cases made. */
	readonly leave: () => Promise<void>
}

/** Whatever there is, of anybody: the kernel is the tests' own. */
const CLEAR = [
	'ipvsadm -C',
	`for device in ${VIP_DEVICE} eth0 eth1; do ip link del $device 2>/dev/null || :; done`,
	`for restore in iptables-restore ip6tables-restore; do printf '*nat\\nCOMMIT\\n*filter\\nCOMMIT\\n*mangle\\nCOMMIT\\n' | $restore; done`,
	'ipset destroy',
]

const NODE = [
	'ip link add eth0 type dummy',
	'ip link set eth0 up',
	'ip addr add 192.0.2.10/24 dev eth0',
	'ip addr add 2001:db8::10/64 dev eth0 nodad',
]

/** One run of the shell: to start a program is what takes time in User-mode Linux. */
const DUMP = [
	'ipvsadm -Sn',
	`ip -o addr show dev ${VIP_DEVICE} 2>/dev/null || :`,
	`for family in -4 -6; do ip $family route show table local dev ${VIP_DEVICE} 2>/dev/null || :; done`,
	'ipset save',
	'iptables-save',
	'ip6tables-save',
].join('\necho @@\n')

export const openRealHost = async (doors: Doors): Promise<RealHost> => {
	if (!process.env.KUBE_LVS_KERNEL) {
		throw new Error('empties the tables of the kernel it runs on: start it with `node e2e/kernel/run.ts npx mocha ...`')
	}
	const variant = await new IptablesClient(doors).variant()
	const run = async (commands: readonly string[]): Promise<string> => {
		const {exitCode, stdout, stderr} = await doors.exec.run('sh', ['-e', '-c', ofVariant(commands.join('\n'), variant)])
		if (exitCode !== 0) {
			throw new Error(`${commands.join('; ')}: ${stderr}`)
		}
		return stdout
	}
	return {
		doors,
		kernel: openKernel(doors, MODERN_NODE, variant),
		reset: async commands => {
			await run([...CLEAR, ...NODE, ...commands])
		},
		stateLines: async () => linesOf(await run([DUMP])),
		leave: async () => {
			await run(CLEAR)
		},
	}
}

/** Names the programs of one back end. */
const ofVariant = (script: string, variant: Variant): string =>
	script.replace(/\b(ip6?tables)(-save|-restore)?\b/g, (_, program, tool = '') => `${program}-${variant}${tool}`)

const linesOf = (dump: string): readonly string[] => {
	const [ipvs = '', addresses = '', routes = '', sets = '', ipv4 = '', ipv6 = ''] = dump.split('@@\n')
	return stateLines({servers: parseIpvsadm(ipvs), vips: vipsIn(addresses, routes), sets, rules: {ipv4, ipv6}})
}

/** Global addresses, and local routes but those that the kernel made for addresses of its own. */
const vipsIn = (addresses: string, routes: string) => {
	const bound = [...addresses.matchAll(/ inet6? (\S+)\/\d+ .*scope global/g)]
	const local = [...routes.matchAll(/^local (?!fe80:)([0-9a-f.:]+) /gm)]
	return [...bound, ...local].map(([, text = '']) => address(text))
}
