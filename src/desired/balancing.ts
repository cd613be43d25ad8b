import {SCHEDULER_FLAGS, type SchedulerFlag} from '../annotations/schedulers.ts'
import {joinLists, NONE} from '../compact.ts'
import {bitsOf} from '../net/address.ts'
import {
	LIMITS_FLAG,
	type Listen,
	listenFamily,
	type Persistence,
	type VirtualServer,
	type VirtualServerFlag,
} from '../state/ipvs.ts'
import {isOnePacket} from './forwarding.ts'
import type {PortContext} from './port-context.ts'
import {schedulerOf} from './slow-start.ts'

type Balancing = Pick<VirtualServer, 'scheduler' | 'flags' | 'persistence'>

/**
 * How clients are spread. A persistent virtual server of a firewall mark sends packets on to the port that they came
 * for, whatever the port of the real server (linux/net/netfilter/ipvs/ip_vs_core.c, ip_vs_sched_persist), so affinity
 * is by a hash of the client's address there: mh moves few clients when endpoints change, and knows no timeout. For a
 * group that is just right.
 */
export const balancingOf = (context: PortContext, listen: Listen): Balancing => {
	const {settings, weights, config, isGroup} = context
	const persistence = persistenceOf(context, listen)
	if (persistence && listen.kind === 'firewall-mark' && !isGroup) {
		const flags = [SCHEDULER_FLAGS['mh-fallback'].bit, ...limitsFlags(settings)]
		return {scheduler: 'mh', flags, persistence: undefined}
	}
	const scheduler = schedulerOf(settings, weights.areUnequal, config)
	return {scheduler, flags: flagsOf(context, scheduler), persistence}
}

/** What the annotations say wins over sessionAffinity. */
const persistenceOf = ({service, settings, port}: PortContext, listen: Listen): Persistence | undefined => {
	const {persistenceTimeout, persistencePrefixIpv4, persistencePrefixIpv6, persistenceEngine} = settings
	const timeoutSeconds = persistenceTimeout === undefined ? service.affinitySeconds : persistenceTimeout / 1000
	if (timeoutSeconds === undefined) {
		return undefined
	}
	const family = listenFamily(listen)
	const prefixLength = (family === 'ipv4' ? persistencePrefixIpv4 : persistencePrefixIpv6) ?? bitsOf(family)
	// The kernel drops packets of other protocols that the engine does not understand (ip_vs_pe_sip.c).
	const engine = port.protocol === 'udp' ? persistenceEngine : undefined
	return {timeoutSeconds, prefixLength, ...(engine && {engine})}
}

const flagsOf = (context: PortContext, scheduler: string): readonly VirtualServerFlag[] => {
	const {settings} = context
	const chosen = settings.scheduler ? (settings.schedulerFlags ?? fallbackOf(scheduler)) : configuredFlags(scheduler)
	const bits = chosen.map((flag): VirtualServerFlag => SCHEDULER_FLAGS[flag].bit)
	return joinLists<VirtualServerFlag>([
		isOnePacket(context) ? ['one-packet'] : NONE,
		(['scheduler-1', 'scheduler-2'] as const).filter(bit => bits.includes(bit)),
		limitsFlags(settings),
	])
}

const limitsFlags = ({upperThreshold}: PortContext['settings']): readonly VirtualServerFlag[] =>
	upperThreshold === undefined ? NONE : [LIMITS_FLAG]

/** Without it they refuse new connections that hash to an endpoint that drains or is full. */
const fallbackOf = (scheduler: string): readonly SchedulerFlag[] =>
	scheduler === 'sh' || scheduler === 'mh' ? [`${scheduler}-fallback`] : NONE

/** mh hashes the source port too, as kube-proxy has it; otherwise all of a node's clients share one real server. */
export const configuredFlags = (scheduler: string): readonly SchedulerFlag[] =>
	scheduler === 'mh' ? ['mh-port'] : fallbackOf(scheduler)
