import type {Address} from '../net/address.ts'
import type {Protocol} from '../net/protocol.ts'
import {elementOf, type SetEntry, type SetRole, setName} from '../state/ipset.ts'
import type {FlowTarget, Listen} from '../state/ipvs.ts'
import {decodeMark, marksTo} from '../state/mark.ts'
import type {ActualState} from '../state/node-state.ts'
import {targetsOf} from '../state/span.ts'
import {indexed} from './set-entries.ts'

type MarkListen = Extract<Listen, {readonly kind: 'firewall-mark'}>

/** Sets whose members lead to the virtual server of a mark. */
const MARKED: readonly SetRole[] = ['LVS-INSIDE', 'LVS-MARK', 'LVS-MARK-IP']

/** What leads to the virtual server of this mark now: members with their marks, of ports or of whole addresses. */
export const markedEntries = (
	listen: MarkListen,
	actual: Pick<ActualState, 'sets'>,
	masqueradeBit: number,
): readonly SetEntry[] => {
	const marks = marksTo(listen.mark, masqueradeBit)
	return MARKED.flatMap(role => {
		const entries = indexed(actual.sets.get(setName(role, listen.family))?.entries ?? [])
		return marks.flatMap(mark => [...entries.withMark(mark)])
	})
}

/** The same as targets of flows, ports in a row as one. */
export const markedTargets = (
	listen: MarkListen,
	actual: Pick<ActualState, 'sets'>,
	masqueradeBit: number,
): readonly FlowTarget[] => {
	const byPlace = new Map<string, Set<number>>()
	const whole: FlowTarget[] = []
	for (const entry of markedEntries(listen, actual, masqueradeBit)) {
		const [address = '', service] = elementOf(entry).split(',')
		if (service === undefined) {
			whole.push(...targetsOf(address as Address, 'all'))
			continue
		}
		const [protocol = '', port] = service.split(':')
		const place = `${protocol} ${address}`
		byPlace.set(place, (byPlace.get(place) ?? new Set()).add(Number(port)))
	}
	return [...whole, ...[...byPlace].flatMap(([place, ports]) => rowsOf(place, [...ports]))]
}

const rowsOf = (place: string, ports: readonly number[]): readonly FlowTarget[] => {
	const [protocol, address] = place.split(' ') as [Protocol, Address]
	const rows: {port: number; lastPort: number}[] = []
	for (const port of ports.toSorted((a, b) => a - b)) {
		const last = rows.at(-1)
		if (last && last.lastPort + 1 === port) {
			last.lastPort = port
		} else {
			rows.push({port, lastPort: port})
		}
	}
	return rows.map(({port, lastPort}) => ({protocol, address, port, ...(lastPort > port && {lastPort})}))
}

/** Of what is sent to a virtual server; `targets` where they are known, otherwise what leads to it now counts. */
export const protocolsOf = (
	listen: Listen,
	targets: readonly FlowTarget[] | undefined,
	actual: Pick<ActualState, 'sets'>,
	masqueradeBit: number,
): ReadonlySet<Protocol> => {
	if (listen.kind === 'address') {
		return new Set([listen.protocol])
	}
	const mark = decodeMark(listen.mark, masqueradeBit)
	if (mark?.kind === 'inside') {
		return new Set([mark.protocol])
	}
	return new Set((targets ?? markedTargets(listen, actual, masqueradeBit)).map(({protocol}) => protocol))
}
