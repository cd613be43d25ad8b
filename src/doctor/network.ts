import type {Config} from '../config/fields.ts'
import {AddressClient} from '../kernel/addresses/client.ts'
import {enableIPv6, hasIPv6ByDefault} from '../kernel/addresses/enable-ipv6.ts'
import type {Doors} from '../kernel/doors.ts'
import {addressFromBytes, type Family} from '../net/address.ts'
import type {Operation} from '../plan/operation.ts'
import {SET_DEFINITIONS, type SetDefinition} from '../state/ipset.ts'
import type {NodeFacts} from '../state/node-facts.ts'
import {steeringOf} from '../state/steering.ts'
import {loadModule, type Subject, type Trial, tryOperations} from './finding.ts'

/** Device, VIPs, steering, sets and tracked flows. The rules that are tried after them name the sets. */
export const networkTrials = (
	{masqueradeBit}: Pick<Config, 'masqueradeBit'>,
	{families}: Pick<NodeFacts, 'families'>,
): readonly Trial[] =>
	attemptsOf(families, masqueradeBit).map(({subject, operations}) => ({
		subject,
		run: kernel => tryOperations(kernel, operations),
	}))

/** Where new interfaces have no IPv6, `run` could not give it to the one that it makes. */
export const prepareDevice = async (doors: Doors, {families}: Pick<NodeFacts, 'families'>): Promise<void> => {
	if (families.includes('ipv6') && !(await hasIPv6ByDefault(doors.files))) {
		await new AddressClient(doors).apply([{kind: 'create-device'}])
		await enableIPv6(doors.files)
	}
}

const DEVICE: Subject = {
	what: 'dummy interfaces',
	need: 'required',
	without: 'no VIP can be made local',
	remedy: loadModule('dummy', 'CONFIG_DUMMY'),
}

interface Attempt {
	readonly subject: Subject
	readonly operations: readonly Operation[]
}

const attemptsOf = (families: readonly Family[], masqueradeBit: number): readonly Attempt[] => [
	{subject: DEVICE, operations: [{kind: 'create-device'}]},
	...families.flatMap(family => vipAttempts(family)),
	...families.map(
		(family): Attempt => ({
			subject: {
				what: `policy rules of ${family}`,
				need: 'optional',
				without: 'Services that ask for direct routing or tunnels by annotation are served by masquerading',
				remedy: `a kernel with ${family === 'ipv4' ? 'CONFIG_IP_MULTIPLE_TABLES' : 'CONFIG_IPV6_MULTIPLE_TABLES'}`,
			},
			operations: steeringOf(family, masqueradeBit).map(part => ({kind: 'create-steering', part})),
		}),
	),
	...setAttempts(families),
	{
		subject: {
			what: 'tracked flows over netlink',
			need: 'required',
			without: 'clients of UDP stay with endpoints that are gone',
			remedy: loadModule('nf_conntrack_netlink', 'CONFIG_NF_CT_NETLINK'),
		},
		operations: [{kind: 'delete-flows', flow: {protocol: 'udp', vip: vipOf('ipv4'), vipPort: 53, keep: new Set()}}],
	},
]

/** For documentation (RFC 5737, RFC 3849). */
const vipOf = (family: Family) =>
	addressFromBytes(
		family === 'ipv4'
			? new Uint8Array([198, 51, 100, 2])
			: new Uint8Array([0x20, 0x01, 0x0d, 0xb8, ...new Uint8Array(11), 2]),
	)

const vipAttempts = (family: Family): readonly Attempt[] =>
	(['address', 'route'] as const).map(binding => ({
		subject: {
			what: `VIPs of ${family} by ${binding}`,
			need: family === 'ipv4' ? 'required' : 'optional',
			without: `Services of ${family} are not reachable`,
			remedy: family === 'ipv4' ? 'look into the log of the kernel: dmesg' : 'a kernel with CONFIG_IPV6',
		},
		operations: [
			{kind: 'bind-vip', address: vipOf(family), binding},
			{kind: 'unbind-vip', address: vipOf(family), binding},
		],
	}))

/** All sets, by their types. */
const setAttempts = (families: readonly Family[]): readonly Attempt[] => {
	const definitions = [...SET_DEFINITIONS.values()].filter(({family}) => families.includes(family))
	const byType = Map.groupBy(definitions, typeOf)
	return [...byType].map(([type, [first, ...others]]) => ({
		subject: {
			what: `sets of type ${type}`,
			need: 'required',
			without: 'rules do not know which packets are for Services',
			remedy: loadModule(moduleOf(first?.type ?? ''), optionOf(first?.type ?? '')),
		},
		operations: [first, ...others].flatMap(definition => (definition ? {kind: 'create-set', definition} : [])),
	}))
}

const typeOf = ({type, hasMarks}: SetDefinition): string => `${type}${hasMarks ? ' with marks' : ''}`

/** `hash:ip,port` is that of the module ip_set_hash_ipport and of CONFIG_IP_SET_HASH_IPPORT. */
const moduleOf = (type: string): string => `ip_set_${type.replace(':', '_').replaceAll(',', '')}`

const optionOf = (type: string): string => `CONFIG_${moduleOf(type).toUpperCase()}`
