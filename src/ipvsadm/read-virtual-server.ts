import {bitsOf} from '../net/address.ts'
import {
	type Listen,
	listenFamily,
	type Persistence,
	type VirtualServer,
	type VirtualServerFlag,
	virtualServerKey,
} from '../state/ipvs.ts'
import type {Given, LineOptions} from './line-options.ts'
import {OptionError} from './option-error.ts'
import {parseSchedulerFlag} from './scheduler-flags.ts'
import {readNetmask, readNumber} from './values.ts'

/** What ipvsadm takes without `-s`. */
const DEFAULT_SCHEDULER = 'wlc'

/** Seconds; ipvsadm takes no more. */
const MAX_TIMEOUT = 31 * 86_400

/** The virtual server of a line with `-A`. */
export const readVirtualServer = (options: LineOptions, listen: Listen): VirtualServer => {
	const scheduler = readName(options.get('scheduler')) ?? DEFAULT_SCHEDULER
	const persistence = readPersistence(options, listen)
	const schedulerFlags = readSchedulerFlags(options.get('sched-flags'), scheduler)
	const ops = options.get('ops')
	if (ops && listen.kind === 'address' && listen.protocol !== 'udp') {
		throw new OptionError(ops.option, 'only with UDP, or with -f')
	}
	if (listen.kind === 'address' && listen.port === 0 && !persistence) {
		throw new OptionError('-p', 'missing: without it a virtual server needs a port other than 0')
	}
	return {
		key: virtualServerKey(listen),
		listen,
		scheduler,
		flags: FLAGS.filter(flag => (flag === 'one-packet' ? ops : schedulerFlags.has(flag))),
		persistence,
	}
}

/** In the order that virtual servers have them in. */
const FLAGS: readonly VirtualServerFlag[] = ['one-packet', 'scheduler-1', 'scheduler-2', 'scheduler-3']

const readPersistence = (options: LineOptions, listen: Listen): Persistence | undefined => {
	const persistent = options.get('persistent')
	const netmask = options.get('netmask')
	const pe = options.get('pe')
	if (!persistent) {
		const useless = netmask ?? pe
		if (useless) {
			throw new OptionError(useless.option, 'only with -p')
		}
		return undefined
	}
	const family = listenFamily(listen)
	const engine = readName(pe)
	return {
		timeoutSeconds: readNumber(persistent, 1, MAX_TIMEOUT),
		prefixLength: netmask ? (family === 'ipv4' ? readNetmask(netmask) : readNumber(netmask, 1, 128)) : bitsOf(family),
		...(engine !== undefined && {engine}),
	}
}

/** Of a scheduler or an engine: the kernel has room for 15 characters. */
const readName = (given: Given | undefined): string | undefined => {
	if (given && !/^[!-~]{1,15}$/.test(given.value)) {
		throw new OptionError(given.option, `${given.value || 'nothing'} is no name of 1 to 15 characters`)
	}
	return given?.value
}

const readSchedulerFlags = (given: Given | undefined, scheduler: string): ReadonlySet<VirtualServerFlag> => {
	const names = given?.value.split(',').filter(Boolean) ?? []
	return new Set(
		names.map(name => {
			const flag = parseSchedulerFlag(scheduler, name)
			if (!flag) {
				throw new OptionError(given?.option ?? '-b', `${name} is no flag of the scheduler ${scheduler}`)
			}
			return flag
		}),
	)
}
