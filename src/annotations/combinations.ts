import type {Service} from '../model/service.ts'
import {isOneOf, isPresent, textOf, whenPresent} from './cel-conditions.ts'
import {annotationName, type ServiceSettings} from './fields.ts'
import {SCHEDULER_FLAGS, type SchedulerFlag} from './schedulers.ts'

/** When a setting may stand, beside other settings and the rest of the Service. */
export interface Combination {
	readonly setting: keyof ServiceSettings
	/** Ends the sentence "it needs ...". */
	readonly needs: string
	readonly isMet: (settings: ServiceSettings, service: Pick<Service, 'affinitySeconds'>) => boolean
	/** The same in CEL about `variables.annotations`, whose values are all allowed, and `object`; true without the annotation. */
	readonly cel: string
}

const flagRule = (flag: SchedulerFlag): Combination => {
	const {scheduler} = SCHEDULER_FLAGS[flag]
	return {
		setting: 'schedulerFlags',
		needs: `${annotationName('scheduler')} ${scheduler} for ${flag}`,
		isMet: settings => !settings.schedulerFlags?.includes(flag) || settings.scheduler === scheduler,
		cel: whenPresent(
			'schedulerFlags',
			`!${textOf('schedulerFlags')}.contains('${flag}') || ${isOneOf('scheduler', [scheduler])}`,
		),
	}
}

const persistenceRule = (
	setting: 'persistencePrefixIpv4' | 'persistencePrefixIpv6' | 'persistenceEngine',
): Combination => ({
	setting,
	needs: `${annotationName('persistenceTimeout')} or sessionAffinity ClientIP`,
	isMet: ({persistenceTimeout}, {affinitySeconds}) => persistenceTimeout !== undefined || affinitySeconds !== undefined,
	cel: whenPresent(
		setting,
		`${isPresent('persistenceTimeout')} || ` +
			`(has(object.spec.sessionAffinity) && object.spec.sessionAffinity == 'ClientIP')`,
	),
})

/** In this order: where one is not met its setting is as good as absent for those that follow. */
export const COMBINATIONS: readonly Combination[] = [
	...(Object.keys(SCHEDULER_FLAGS) as SchedulerFlag[]).map(flagRule),
	...(['persistencePrefixIpv4', 'persistencePrefixIpv6', 'persistenceEngine'] as const).map(persistenceRule),
	{
		setting: 'lowerThreshold',
		needs: `${annotationName('upperThreshold')}, which must not be below it`,
		isMet: ({lowerThreshold = 0, upperThreshold = 0}) => lowerThreshold <= upperThreshold,
		cel: whenPresent(
			'lowerThreshold',
			`${isPresent('upperThreshold')} && int(${textOf('lowerThreshold')}) <= int(${textOf('upperThreshold')})`,
		),
	},
	{
		setting: 'forwardingAddresses',
		needs: `${annotationName('forwardingMethod')} direct-routing or tunnel`,
		isMet: ({forwardingMethod = 'masquerade'}) => forwardingMethod !== 'masquerade',
		cel: whenPresent('forwardingAddresses', isOneOf('forwardingMethod', ['direct-routing', 'tunnel'])),
	},
	{
		setting: 'tunnelType',
		needs: `${annotationName('forwardingMethod')} tunnel`,
		isMet: ({forwardingMethod}) => forwardingMethod === 'tunnel',
		cel: whenPresent('tunnelType', isOneOf('forwardingMethod', ['tunnel'])),
	},
	{
		setting: 'tunnelPort',
		needs: `${annotationName('tunnelType')} gue`,
		isMet: ({tunnelType}) => tunnelType === 'gue',
		cel: whenPresent('tunnelPort', isOneOf('tunnelType', ['gue'])),
	},
	{
		setting: 'tunnelChecksum',
		needs: `${annotationName('tunnelType')} gue, or gre unless it is remote-checksum`,
		isMet: ({tunnelType, tunnelChecksum}) =>
			tunnelType === 'gue' || (tunnelType === 'gre' && tunnelChecksum !== 'remote-checksum'),
		cel: whenPresent(
			'tunnelChecksum',
			`${isOneOf('tunnelType', ['gue'])} || (${isOneOf('tunnelType', ['gre'])} && ` +
				`${textOf('tunnelChecksum')} != 'remote-checksum')`,
		),
	},
	{
		setting: 'onePacket',
		needs:
			`${annotationName('forwardingMethod')} direct-routing or tunnel, or ${annotationName('persistenceEngine')} sip: ` +
			'otherwise IPVS would have to translate answers, and it keeps no connection to do it by',
		isMet: ({onePacket, forwardingMethod = 'masquerade', persistenceEngine}) =>
			onePacket === false || forwardingMethod !== 'masquerade' || persistenceEngine !== undefined,
		cel: whenPresent(
			'onePacket',
			`${textOf('onePacket')} != 'true' || ${isOneOf('forwardingMethod', ['direct-routing', 'tunnel'])} || ` +
				isPresent('persistenceEngine'),
		),
	},
]
