import {SCHEDULERS} from '../annotations/schedulers.ts'
import type {Config} from '../config/fields.ts'
import {type Balancing, tryOut} from '../kernel/ipvs/trial.ts'
import type {Kernel} from '../kernel/kernel.ts'
import {addressFromBytes, type Family} from '../net/address.ts'
import {
	type ForwardingMethod,
	type Listen,
	type RealServer,
	realServerKey,
	type TunnelType,
	type VirtualServer,
	virtualServerKey,
} from '../state/ipvs.ts'
import {isAtLeast, type NodeFacts, type Version} from '../state/node-facts.ts'
import {loadModule, type Subject, type Trial, tryOperations} from './finding.ts'

/** What IPVS has to do here. */
export const balancingTrials = (config: Config, {families}: Pick<NodeFacts, 'families'>): readonly Trial[] => [
	...families.map(
		(family): Trial => ({
			subject: ofFamily(family),
			run: kernel => tryServer(kernel, serverOf(listenOn(family), config.scheduler)),
		}),
	),
	{
		subject: MARKS,
		run: kernel => tryServer(kernel, serverOf({kind: 'firewall-mark', family: 'ipv4', mark: 1}, config.scheduler)),
	},
	...[...new Set([config.scheduler, ...SCHEDULERS])].map(
		(scheduler): Trial => ({
			subject: schedulerSubject(scheduler, config),
			run: kernel => tryBalancing(kernel, {scheduler, persistence: undefined}),
		}),
	),
	{
		subject: SIP,
		run: kernel =>
			tryBalancing(kernel, {
				scheduler: config.scheduler,
				persistence: {timeoutSeconds: 60, prefixLength: 32, engine: 'sip'},
			}),
	},
	...METHODS.map((method): Trial => ({subject: method, run: kernel => tryMethod(kernel, config, method)})),
]

const ofFamily = (family: Family): Subject => ({
	what: `IPVS over ${family}`,
	need: family === 'ipv4' ? 'required' : 'optional',
	without: `no Service has an address of ${family}`,
	remedy: family === 'ipv4' ? loadModule('ip_vs', 'CONFIG_IP_VS') : 'a kernel with CONFIG_IP_VS_IPV6',
})

const MARKS: Subject = {
	what: 'IPVS by firewall mark',
	need: 'required',
	without: 'traffic policies Local and groups of ports have no virtual server',
	remedy: loadModule('ip_vs', 'CONFIG_IP_VS'),
}

const SIP: Subject = {
	what: 'IPVS persistence engine sip',
	need: 'optional',
	without: 'Services that ask for it by annotation tell clients apart by their address',
	remedy: loadModule('ip_vs_pe_sip', 'CONFIG_IP_VS_PE_SIP'),
}

const schedulerSubject = (scheduler: string, config: Pick<Config, 'scheduler'>): Subject => ({
	what: `IPVS scheduler ${scheduler}`,
	need: scheduler === config.scheduler ? 'required' : 'optional',
	without:
		scheduler === config.scheduler
			? 'no Service is served: it is the one of the configuration'
			: `Services that ask for it by annotation get ${config.scheduler}`,
	remedy: loadModule(
		`ip_vs_${scheduler}`,
		`CONFIG_IP_VS_${scheduler.toUpperCase()}${scheduler === 'twos' ? ', Linux 6.4 or newer' : ''}`,
	),
})

interface Method extends Subject {
	readonly forwarding: ForwardingMethod
	readonly tunnel?: TunnelType
	/** The first Linux that does not pass over it. */
	readonly since?: Version
}

const METHODS: readonly Method[] = [
	{
		what: 'IPVS forwarding by masquerading',
		need: 'required',
		forwarding: 'masquerade',
		without: 'no Service is served',
		remedy: 'a kernel with CONFIG_IP_VS',
	},
	{
		what: 'IPVS direct routing',
		need: 'optional',
		forwarding: 'direct-routing',
		without: 'Services that ask for it by annotation are served by masquerading',
		remedy: 'a kernel with CONFIG_IP_VS',
	},
	...(['ipip', 'gue', 'gre'] as const).map(
		(tunnel): Method => ({
			what: `IPVS tunnels of type ${tunnel}`,
			need: 'optional',
			forwarding: 'tunnel',
			tunnel,
			...(tunnel === 'ipip' ? {} : {since: tunnel === 'gue' ? [5, 2] : [5, 3]}),
			without: 'Services that ask for it by annotation are served without',
			remedy: `Linux ${tunnel === 'ipip' ? '2.6' : tunnel === 'gue' ? '5.2' : '5.3'} or newer`,
		}),
	),
]

/** An address for documentation (RFC 5737, RFC 3849). */
const addressOf = (family: Family) =>
	addressFromBytes(
		family === 'ipv4'
			? new Uint8Array([198, 51, 100, 1])
			: new Uint8Array([0x20, 0x01, 0x0d, 0xb8, ...new Uint8Array(11), 1]),
	)

const listenOn = (family: Family): Listen => ({
	kind: 'address',
	protocol: 'tcp',
	address: addressOf(family),
	port: 20_001,
})

const serverOf = (listen: Listen, scheduler: string): VirtualServer => ({
	key: virtualServerKey(listen),
	listen,
	scheduler,
	flags: [],
	persistence: undefined,
})

const tryServer = (kernel: Kernel, server: VirtualServer): Promise<string | undefined> =>
	tryOperations(kernel, [
		{kind: 'add-virtual-server', server},
		{kind: 'delete-virtual-server', server},
	])

const tryBalancing = (kernel: Kernel, balancing: Balancing): Promise<string | undefined> =>
	tryOut(kernel.ipvs, balancing, new Set())

const tryMethod = async (kernel: Kernel, config: Config, {forwarding, tunnel, since}: Method) => {
	const {kernelVersion} = kernel.facts
	if (since && !(kernelVersion && isAtLeast(kernelVersion, since))) {
		return `Linux ${kernelVersion?.join('.') ?? 'of unknown version'}`
	}
	const server = serverOf(listenOn('ipv4'), config.scheduler)
	const address = addressOf('ipv4')
	// Where a packet would go from here is of no matter: none comes.
	const realServer: RealServer = {
		key: realServerKey(address, 20_001),
		...{address, port: 20_001, weight: 1, forwarding},
		...(tunnel && {tunnel: {type: tunnel, port: 6080, checksum: 'none'}}),
	}
	return tryOperations(kernel, [
		{kind: 'add-virtual-server', server},
		{kind: 'add-real-server', server, realServer},
		{kind: 'delete-virtual-server', server},
	])
}
