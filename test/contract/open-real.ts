import {systemClock} from '../../src/clock.ts'
import type {Doors, ExecResult} from '../../src/kernel/doors.ts'
import {IptablesClient} from '../../src/kernel/iptables/client.ts'
import {SysctlClient, type SysctlOperation} from '../../src/kernel/sysctl/client.ts'
import {openSystemDoors} from '../../src/kernel/system-doors.ts'
import {VIP_DEVICE} from '../../src/state/addresses.ts'
import {STEERING_PRIORITY, STEERING_TABLE} from '../../src/state/steering.ts'
import {FIXED} from '../plan/build.ts'
import {address} from '../state/build.ts'
import {type Bench, type BenchFlow, formatFlow} from './bench.ts'
import {openConfinedDoors} from './confined-doors.ts'

/** Whatever there is in these tables, of anybody: the kernel is the tests' own. */
const EMPTY = ['nat', 'filter', 'mangle'].map(table => `*${table}\nCOMMIT\n`).join('')

/**
 * The doors that are tried have the rights of the chart's container; what is around them is done with all rights. With
 * `isPrivileged` they have all, too: to make kernel settings.
 */
export const openReal = async ({isPrivileged = false} = {}): Promise<Bench> => {
	if (!process.env.KUBE_LVS_KERNEL) {
		throw new Error('empties the tables of the kernel it runs on: start it with `node e2e/kernel/run.ts npx mocha ...`')
	}
	const doors = openSystemDoors(systemClock)
	const tried = isPrivileged ? doors : openConfinedDoors()
	const variant = await new IptablesClient(doors).variant()
	const [v4, v6] = ['iptables', 'ip6tables'].map(program => `${program}-${variant}-restore`)
	const steps = [
		'ipvsadm -C',
		`ip link del ${VIP_DEVICE}`,
		`printf '${EMPTY}' | ${v4}`,
		`printf '${EMPTY}' | ${v6}`,
		'ipset destroy',
		'conntrack -F',
		...['-4', '-6'].flatMap(family => [
			`while ip ${family} rule del priority ${STEERING_PRIORITY}; do :; done`,
			`ip ${family} route flush table ${STEERING_TABLE}`,
		]),
	]
	// As the init container leaves a node.
	const settings = FIXED.sysctls.map((sysctl): SysctlOperation => ({kind: 'set-sysctl', sysctl}))
	await new SysctlClient(doors.files).apply(settings)
	return {
		doors: tried,
		doorsToPrepare: doors,
		reset: async () => {
			await doors.exec.run('sh', ['-c', `(${steps.join(';')}) >/dev/null 2>&1`])
		},
		addAddress: async cidr => {
			await run(doors, 'ip', ['addr', 'add', cidr, 'dev', VIP_DEVICE])
		},
		writeSetting: doors.files.write,
		loadSets: async lines => {
			await run(doors, 'ipset', ['restore', '-exist'], `${lines.join('\n')}\n`)
		},
		saveSets: async () => (await run(doors, 'ipset', ['save'])).stdout,
		addFlow: flow => addFlow(doors, flow),
		listFlows: async () => [...(await listFlows(doors, 'ipv4')), ...(await listFlows(doors, 'ipv6'))],
	}
}

const run = async ({exec}: Doors, program: string, args: readonly string[], stdin?: string): Promise<ExecResult> => {
	const result = await exec.run(program, args, stdin)
	if (result.exitCode !== 0) {
		throw new Error(`${program} ${args.join(' ')}: ${result.stderr}`)
	}
	return result
}

const addFlow = async (doors: Doors, flow: BenchFlow): Promise<void> => {
	const {protocol, client, clientPort, vip, vipPort, realServer, realServerPort} = flow
	await run(doors, 'conntrack', [
		...['-I', '-p', protocol, '-t', '600', '-s', client, '-d', vip, '-r', realServer, '-q', client],
		...['--sport', String(clientPort), '--dport', String(vipPort)],
		...['--reply-port-src', String(realServerPort), '--reply-port-dst', String(clientPort)],
	])
}

const listFlows = async (doors: Doors, family: string): Promise<readonly string[]> => {
	const {stdout} = await run(doors, 'conntrack', ['-L', '-f', family])
	return [...stdout.matchAll(/^(\w+) .*?src=\S+ dst=(\S+) sport=(\d+) dport=(\d+)/gm)].map(
		([, protocol, vip = '', clientPort, vipPort]) =>
			formatFlow({
				protocol: protocol as BenchFlow['protocol'],
				...{client: address('0.0.0.0'), clientPort: Number(clientPort)},
				...{vip: address(vip), vipPort: Number(vipPort)},
				...{realServer: address('0.0.0.0'), realServerPort: 0},
			}),
	)
}
