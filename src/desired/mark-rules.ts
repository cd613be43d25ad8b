import type {Config} from '../config/fields.ts'
import type {Family} from '../net/address.ts'
import {setName} from '../state/ipset.ts'
import type {Chain, Rule} from '../state/iptables.ts'
import {externalBit, externalTest, groupTest, type MarkTest, ownTest, steeredTest} from '../state/mark.ts'
import type {PodMatches} from './pods.ts'

/** Words of a rule that matches packets by their mark. */
const matchOf = ({mark, mask}: MarkTest): string => `-m mark --mark ${hexOf(mark)}/${hexOf(mask)}`

export const hexOf = (mark: number): string => `0x${mark.toString(16)}`

/** Packets of a group, which IPVS has to see with the mark as it is. */
export const groupMatch = ({masqueradeBit}: Config): string => matchOf(groupTest(masqueradeBit))

/** Packets with a mark of ours, on their way out. */
export const ownMatch = ({masqueradeBit}: Config): string => matchOf(ownTest(masqueradeBit))

/**
 * What is masqueraded of packets with a mark of ours: there is no bit to ask for it, since IPVS compares the whole mark.
 * A group keeps the source of its external face, whose endpoints are all on this node, and of all that is steered,
 * whose answers do not come back here.
 */
export const markedChain = (config: Config, pods: PodMatches, family: Family, masquerade: string): Chain => {
	const {masqueradeBit} = config
	const hairpin = setName('LVS-LOOP-BACK', family)
	const group = groupMatch(config)
	const rules: readonly Rule[] = [
		`${matchOf(externalTest(masqueradeBit))} -j RETURN`,
		`${matchOf(steeredTest(masqueradeBit))} -j RETURN`,
		`${group} -m set --match-set ${hairpin} src -m set --match-set ${hairpin} dst -j MASQUERADE`,
		`${pods.fromElsewhere} ${group} ${masquerade}`.trim(),
		`${group} -j RETURN`,
		`${pods.needsWayBack} ${masquerade}`.trim(),
	]
	return {table: 'nat', name: 'KUBE-LVS-MARKED', rules}
}

/**
 * Give packets their mark before IPVS sees them, those sent by this node and those that come in. Clients inside the
 * cluster come last: theirs takes the place of the one that clients outside have.
 */
export const outgoingMarks = ({masqueradeBit}: Config, family: Family): readonly Rule[] => [
	// By direct routing IPVS sends on what still has the VIP as its destination; another mark would route it anew.
	`${matchOf(steeredTest(masqueradeBit))} -j RETURN`,
	...marksByDestination(family),
	markInside(family),
	// IPVS sends on through OUTPUT what came in from outside, with the mark that it had.
	`${matchOf(externalTest(masqueradeBit))} -m addrtype --src-type LOCAL ${toCluster(masqueradeBit)}`,
]

export const incomingMarks = ({masqueradeBit}: Config, {fromPods}: PodMatches, family: Family): readonly Rule[] => [
	...marksByDestination(family),
	...(fromPods === undefined
		? []
		: [
				`${fromPods} ${markInside(family)}`,
				`${fromPods} ${matchOf(externalTest(masqueradeBit))} ${toCluster(masqueradeBit)}`,
			]),
]

const marksByDestination = (family: Family): readonly Rule[] => [
	`-j SET --map-set ${setName('LVS-MARK-IP', family)} dst --map-mark`,
	`-j SET --map-set ${setName('LVS-MARK', family)} dst,dst --map-mark`,
]

const markInside = (family: Family): Rule => `-j SET --map-set ${setName('LVS-INSIDE', family)} dst,dst --map-mark`

const toCluster = (masqueradeBit: number): string => `-j MARK --set-xmark 0x0/${hexOf(externalBit(masqueradeBit))}`
