import {annotationName} from '../annotations/fields.ts'
import {SCHEDULER_FLAGS} from '../annotations/schedulers.ts'
import {NONE} from '../compact.ts'
import type {Config} from '../config/fields.ts'
import type {NodeContext} from '../model/node-context.ts'
import {type Problem, serviceReference} from '../model/problem.ts'
import type {Service} from '../model/service.ts'
import type {VirtualServer, VirtualServerFlag} from '../state/ipvs.ts'
import type {Listener} from '../state/service-state.ts'
import {configuredFlags} from './balancing.ts'
import {hasNoScheduler} from './features.ts'

/**
 * No Service names these schedulers, they follow from what it asks for: mh from affinity, wrr and wlc from weights. Where
 * this node's kernel lacks one, the next best serves: sh keeps clients with their endpoint as well, but moves more of
 * them when endpoints change; the configured one is always there.
 */
export const withPresentSchedulers = (
	service: Service,
	listeners: readonly Listener[],
	{lacking}: Pick<NodeContext, 'lacking'>,
	config: Config,
): {readonly listeners: readonly Listener[]; readonly problems: readonly Problem[]} => {
	if (lacking.size === 0) {
		return {listeners, problems: NONE}
	}
	const isLacking = (scheduler: string) => lacking.has(`scheduler ${scheduler}`)
	const absent = new Set(listeners.map(({state}) => state.server.scheduler).filter(isLacking))
	if (absent.size === 0) {
		return {listeners, problems: NONE}
	}
	const nextBest = (scheduler: string) => (scheduler === 'mh' && !isLacking('sh') ? 'sh' : config.scheduler)
	return {
		listeners: listeners.map(listener => {
			const {server} = listener.state
			return absent.has(server.scheduler)
				? {...listener, state: {...listener.state, server: balancedBy(server, nextBest(server.scheduler))}}
				: listener
		}),
		problems: [...absent]
			.filter(scheduler => nextBest(scheduler) === config.scheduler)
			.map(scheduler => problemOf(service, scheduler, config)),
	}
}

const balancedBy = (server: VirtualServer, scheduler: string): VirtualServer => {
	const bits = new Set<VirtualServerFlag>(configuredFlags(scheduler).map(flag => SCHEDULER_FLAGS[flag].bit))
	const isSet = (flag: VirtualServerFlag) => (OF_SCHEDULERS.has(flag) ? bits : new Set(server.flags)).has(flag)
	return {...server, scheduler, flags: ALL_FLAGS.filter(isSet)}
}

const ALL_FLAGS: readonly VirtualServerFlag[] = ['one-packet', 'scheduler-1', 'scheduler-2', 'scheduler-3']

const OF_SCHEDULERS: ReadonlySet<VirtualServerFlag> = new Set(['scheduler-1', 'scheduler-2'])

const problemOf = (service: Service, scheduler: string, config: Config): Problem => ({
	object: serviceReference(service),
	...(scheduler === 'mh'
		? {
				field: 'spec.sessionAffinity',
				reason: 'NotSupported',
				message: `the kernel of this node ${hasNoScheduler('mh')}: clients inside the cluster do not stay with one endpoint`,
			}
		: {
				field: `metadata.annotations[${annotationName('weights')}]`,
				reason: 'AnnotationIgnored',
				message: `the kernel of this node ${hasNoScheduler(scheduler)}: ${config.scheduler} stands, to which weights do not matter`,
			}),
	isOfNode: true,
})
