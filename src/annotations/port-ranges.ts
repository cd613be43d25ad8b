import type {PortRange} from '../net/port-range.ts'
import {parseProtocol} from '../net/protocol.ts'
import {type Form, listPattern, shapeOf} from './form.ts'

/** Each port is a member of a set in the kernel. */
const MOST_PORTS = 16_384
const MOST_RANGES = 4
const MAX_PORT = 65_535

const ITEM = '(tcp|udp|sctp):[1-9][0-9]{0,4}(-[1-9][0-9]{0,4})?'
const SHAPE = shapeOf(listPattern(ITEM), 128)

/** `udp:10000-10999, tcp:5060`, or `all` for every port. */
export const portRanges: Form<'all' | readonly PortRange[]> = {
	allowed:
		`all, or up to ${MOST_RANGES} ranges such as "udp:10000-10999, tcp:5060", ` +
		`of at most ${MOST_PORTS} ports together, up to ${MAX_PORT}`,
	parse: text => {
		if (text === 'all') {
			return 'all'
		}
		const items = SHAPE.matches(text) ? text.split(',') : []
		const ranges = items.flatMap(item => parseRange(item) ?? [])
		const count = ranges.reduce((sum, {first, last}) => sum + last - first + 1, 0)
		const areRanges = ranges.length === items.length && ranges.length > 0 && ranges.length <= MOST_RANGES
		return areRanges && count <= MOST_PORTS ? ranges : undefined
	},
	cel: text =>
		`${text} == 'all' || (${SHAPE.cel(text)} && size(${text}.split(',')) <= ${MOST_RANGES} && ` +
		`${text}.split(',').all(item, item.trim().split(':')[1].split('-').all(port, int(port) <= ${MAX_PORT}) && ` +
		`(!item.contains('-') || ${LENGTH} >= 0)) && ` +
		`${text}.split(',').map(item, item.contains('-') ? ${LENGTH} + 1 : 1).sum() <= ${MOST_PORTS})`,
}

/** Of a range with two ends, the distance between them. */
const LENGTH = "(int(item.trim().split(':')[1].split('-')[1]) - int(item.trim().split(':')[1].split('-')[0]))"

const parseRange = (item: string): PortRange | undefined => {
	const [name = '', ports = ''] = item.trim().split(':')
	const [from = '', to = from] = ports.split('-')
	const [protocol, first, last] = [parseProtocol(name), Number(from), Number(to)] as const
	const isRange = last <= MAX_PORT && first <= last
	return protocol && isRange ? {protocol, first, last} : undefined
}
