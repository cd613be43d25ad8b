import {bitsOf} from '../net/address.ts'
import {type FlowFilter, flowTargetKey} from '../state/conntrack.ts'
import type {Ruleset} from '../state/iptables.ts'
import {
	LIMITS_FLAG,
	listenFamily,
	type Persistence,
	PLAIN_TUNNEL,
	type RealServer,
	type VirtualServer,
} from '../state/ipvs.ts'
import {steeringKey} from '../state/steering.ts'
import type {Operation} from './operation.ts'

/** `add-real-server tcp 10.96.0.1:443 -> 10.0.0.1:6443 weight 1`: one line that names what is changed. */
export const formatOperation = (operation: Operation): string =>
	`${operation.kind} ${formatObject(operation)}`.trimEnd()

/** What an operation is about, for plans, logs and errors. */
export const formatObject = (operation: Operation): string => {
	switch (operation.kind) {
		case 'set-sysctl':
			return `${operation.sysctl.path} = ${operation.sysctl.value} (without it ${operation.sysctl.why})`
		case 'create-set':
		case 'replace-set':
			return formatSet(operation)
		case 'add-set-entry':
		case 'delete-set-entry':
			return `${operation.definition.name} ${operation.entry}`
		case 'destroy-set':
			return operation.name
		case 'release-sets':
		case 'restore-rules':
		case 'take-over-rules':
		case 'remove-rules':
		case 'remove-leftovers':
			return formatRules(operation)
		case 'add-virtual-server':
		case 'update-virtual-server':
			return formatServer(operation.server)
		case 'delete-virtual-server':
			return operation.server.key
		case 'add-real-server':
		case 'update-real-server':
		case 'drain-real-server':
		case 'delete-real-server':
			return formatDestination(operation)
		case 'bind-vip':
		case 'unbind-vip':
			return `${operation.address} (${operation.binding})`
		case 'create-steering':
		case 'delete-steering':
			return steeringKey(operation.part)
		case 'delete-flows':
			return formatFlows(operation.flow)
		case 'create-device':
		case 'delete-device':
			return 'kube-ipvs0'
		default:
			return operation satisfies never
	}
}

const formatDestination = ({
	kind,
	server,
	realServer,
}: Extract<Operation, {readonly realServer: RealServer}>): string => {
	const isSet = kind === 'add-real-server' || kind === 'update-real-server'
	return `${server.key} -> ${isSet ? formatRealServer(realServer) : realServer.key}`
}

const formatSet = (operation: Extract<Operation, {readonly kind: 'create-set' | 'replace-set'}>): string => {
	const {name, type} = operation.definition
	const unlike = operation.kind === 'replace-set' ? operation.unlike : undefined
	return `${name} ${type}${unlike ? ` in place of ${unlike.type} for ${unlike.family}` : ''}`
}

const formatServer = ({key, listen, scheduler, flags, persistence}: VirtualServer): string =>
	[
		`${key} ${scheduler}`,
		...flags.filter(flag => flag !== LIMITS_FLAG),
		...(persistence ? [formatPersistence(persistence, bitsOf(listenFamily(listen)))] : []),
	].join(' ')

/** `persistent 300s by /24`; `bits` are those of an address. */
export const formatPersistence = ({timeoutSeconds, prefixLength, engine}: Persistence, bits: number): string => {
	const network = prefixLength < bits ? ` by /${prefixLength}` : ''
	return `persistent ${timeoutSeconds}s${network}${engine ? ` by ${engine}` : ''}`
}

const formatRealServer = (realServer: RealServer): string => {
	const {key, weight, forwarding, limits} = realServer
	return [
		`${key} weight ${weight}`,
		...(forwarding === 'masquerade' ? [] : [formatForwarding(realServer)]),
		...(limits ? [`limits ${limits.lower} to ${limits.upper}`] : []),
	].join(' ')
}

/** `masquerade`, `tunnel`, `tunnel gue 6080 checksum`. */
export const formatForwarding = ({forwarding, tunnel}: Pick<RealServer, 'forwarding' | 'tunnel'>): string => {
	const {type, port, checksum} = tunnel ?? PLAIN_TUNNEL
	return forwarding !== 'tunnel' || type === 'ipip'
		? forwarding
		: [forwarding, type, ...(port > 0 ? [port] : []), ...(checksum === 'none' ? [] : [checksum])].join(' ')
}

const formatRules = ({
	kind,
	ruleset: {family, chains, jumps},
}: Extract<Operation, {readonly ruleset: Ruleset}>): string =>
	kind === 'remove-leftovers' ? `${family}: ${chains.length} chains and ${jumps.length} jumps of kube-proxy` : family

const formatFlows = ({keep, ...target}: FlowFilter): string =>
	`${flowTargetKey(target)}${keep.size > 0 ? ` but to ${[...keep].join(', ')}` : ''}`
