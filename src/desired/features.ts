import {COMBINATIONS} from '../annotations/combinations.ts'
import type {SERVICE_ANNOTATIONS, ServiceSettings} from '../annotations/fields.ts'
import {ignoredAnnotation, type ReadSettings} from '../annotations/read.ts'
import type {Config} from '../config/fields.ts'
import type {Feature, NodeContext} from '../model/node-context.ts'
import type {Problem} from '../model/problem.ts'
import type {Service} from '../model/service.ts'
import {isAtLeast, type NodeFacts, type Version} from '../state/node-facts.ts'
import {isSteered} from './forwarding.ts'

type Setting = keyof ServiceSettings

/** Which Linux has what IPVS cannot be asked for: older ones pass over attributes that they do not know. */
const SINCE: readonly (readonly [Feature, Version])[] = [
	['tunnel gue', [5, 2]],
	['tunnel gre', [5, 3]],
	['tunnel checksum', [5, 3]],
]

/** What follows from the facts; no kind of tunnel is taken for granted on a kernel that does not tell its version. */
export const lackingFeatures = ({
	kernelVersion: version,
	hasPolicyRules,
}: Pick<NodeFacts, 'kernelVersion' | 'hasPolicyRules'>): readonly Feature[] => [
	...SINCE.filter(([, since]) => version === undefined || !isAtLeast(version, since)).map(([feature]) => feature),
	...(hasPolicyRules ? [] : [POLICY_RULES]),
]

const POLICY_RULES: Feature = 'policy rules'

/**
 * The settings of a Service without those that need something which this node's kernel does not have, and without those
 * that need these: the Service is served by what stands without them.
 */
export const withPossibleFeatures = (
	service: Service,
	{settings, problems}: ReadSettings<typeof SERVICE_ANNOTATIONS>,
	{lacking}: Pick<NodeContext, 'lacking'>,
	config: Config,
): ReadSettings<typeof SERVICE_ANNOTATIONS> => {
	if (lacking.size === 0) {
		return {settings, problems}
	}
	let left = settings
	const found: Problem[] = []
	for (const {feature, dropped, why} of wishesOf(settings, config)) {
		if (lacking.has(feature)) {
			const gone = dropped.filter(setting => left[setting] !== undefined)
			left = without(left, gone)
			const dependent = unmet(left, service)
			left = without(left, dependent)
			found.push(...[...gone, ...dependent].map(setting => ofThisNode(ignoredAnnotation(service, setting, why))))
		}
	}
	return {settings: left, problems: [...problems, ...found]}
}

interface Wish {
	readonly feature: Feature
	readonly dropped: readonly Setting[]
	readonly why: string
}

const wishesOf = (settings: ServiceSettings, config: Config): readonly Wish[] => {
	const {scheduler, persistenceEngine: engine, tunnelType, tunnelChecksum = 'none'} = settings
	const wish = (feature: Feature, dropped: readonly Setting[], why: string): Wish => ({
		feature,
		dropped,
		why: `the kernel of this node ${why}`,
	})
	return [
		...(scheduler === undefined
			? []
			: [wish(`scheduler ${scheduler}`, ['scheduler'], `${hasNoScheduler(scheduler)}; ${config.scheduler} stands`)]),
		...(engine === undefined
			? []
			: [
					wish(
						`engine ${engine}`,
						['persistenceEngine'],
						`has no persistence engine ${engine} (module ip_vs_pe_${engine})`,
					),
				]),
		...(isSteered(settings)
			? [
					wish(
						POLICY_RULES,
						['forwardingMethod'],
						'has no policy rules (CONFIG_IP_MULTIPLE_TABLES) to steer packets by',
					),
				]
			: []),
		...(tunnelType === undefined
			? []
			: [wish(`tunnel ${tunnelType}`, ['tunnelType', 'forwardingMethod'], `has no ${tunnelType} tunnels in IPVS`)]),
		...(tunnelChecksum === 'none'
			? []
			: [wish('tunnel checksum', ['tunnelChecksum'], 'has no checksums of tunnels in IPVS')]),
	]
}

export const hasNoScheduler = (scheduler: string): string => `has no scheduler ${scheduler} (module ip_vs_${scheduler})`

export const ofThisNode = (problem: Problem): Problem => ({...problem, isOfNode: true})

const without = (settings: ServiceSettings, dropped: readonly Setting[]): ServiceSettings => ({
	...settings,
	...Object.fromEntries(dropped.map(setting => [setting, undefined])),
})

/** In the order of the combinations, each of which may depend on those before it. */
const unmet = (settings: ServiceSettings, service: Service): readonly Setting[] => {
	const dropped = new Set<Setting>()
	for (const {setting, isMet} of COMBINATIONS) {
		const left = without(settings, [...dropped])
		if (left[setting] !== undefined && !isMet(left, service)) {
			dropped.add(setting)
		}
	}
	return [...dropped]
}
