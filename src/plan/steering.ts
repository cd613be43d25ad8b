import {FAMILIES, type Family} from '../net/address.ts'
import type {VirtualServer} from '../state/ipvs.ts'
import type {ActualState, WantedState} from '../state/node-state.ts'
import {type SteeringKey, type SteeringPart, steeringKey, steeringOf} from '../state/steering.ts'
import type {Operation} from './operation.ts'

/**
 * What steers marked packets to this node, while a Service needs it or connections of one go on: each policy rule makes
 * every route that the node looks up a little dearer. `lingering` are the virtual servers that stay although nobody wants
 * them.
 */
export const planSteering = (
	wanted: WantedState,
	actual: ActualState,
	lingering: readonly VirtualServer[],
): readonly Operation[] => {
	const needed = partsOf(family => wanted.steered.has(family), wanted)
	const missing = [...needed].filter(([key]) => !actual.steering.has(key))
	const stale = [...actual.steering].filter(([key]) => !needed.has(key))
	const inUse = stale.length > 0 ? familiesOf(lingering, actual) : new Set<Family>()
	const kept = partsOf(family => inUse.has(family), wanted)
	return [
		...missing.map(([, part]): Operation => ({kind: 'create-steering', part})),
		...deleteSteering(stale.flatMap(([key, part]) => (kept.has(key) ? [] : [part]))),
	]
}

/** The route last: no packet is led to a table without one. */
export const deleteSteering = (parts: readonly SteeringPart[]): readonly Operation[] =>
	[...parts.filter(({kind}) => kind === 'rule'), ...parts.filter(({kind}) => kind === 'route')].map(part => ({
		kind: 'delete-steering',
		part,
	}))

const partsOf = (isNeeded: (family: Family) => boolean, {fixed}: WantedState): ReadonlyMap<SteeringKey, SteeringPart> =>
	new Map(
		FAMILIES.filter(isNeeded)
			.flatMap(family => steeringOf(family, fixed.claims.masqueradeBit))
			.map(part => [steeringKey(part), part]),
	)

/** Families of those of these virtual servers whose real servers answer by themselves. */
const familiesOf = (lingering: readonly VirtualServer[], {virtualServers}: ActualState): ReadonlySet<Family> =>
	new Set(
		lingering.flatMap(({key, listen}) => {
			const realServers = virtualServers.get(key)?.realServers.values().toArray() ?? []
			const isSteered = realServers.some(({forwarding}) => forwarding !== 'masquerade')
			return listen.kind === 'firewall-mark' && isSteered ? [listen.family] : []
		}),
	)
