import {type Clock, sleep} from '../../clock.ts'
import {formatTable} from '../../explain/table.ts'
import {type OutputFormat, printable, toJSON, toYAML} from '../output.ts'
import {COLUMNS} from './columns.ts'
import {shownRows, type View} from './rows.ts'
import {sorted} from './sort.ts'
import type {ServiceTraffic, TrafficRow} from './traffic.ts'

export interface RoundsOptions {
	readonly view: View
	readonly format: OutputFormat
	readonly rounds: number
	/** Milliseconds from look to look. */
	readonly interval: number
	readonly clock: Clock
}

/** Writes what each of so many looks finds, until `write` says that nobody reads any more. */
export const printRounds = async (
	look: () => Promise<readonly ServiceTraffic[]>,
	{rounds, interval, clock, ...how}: RoundsOptions,
	write: (text: string) => Promise<boolean>,
): Promise<void> => {
	for (let round = 1; round <= rounds; round++) {
		const services = await look()
		const time = new Date(clock.wall()).toISOString()
		if (!(await write(renderRound(services, time, {...how, isOne: rounds === 1})))) {
			return
		}
		if (round < rounds) {
			await sleep(clock, interval)
		}
	}
}

interface How extends Pick<RoundsOptions, 'view' | 'format'> {
	/** The only round. */
	readonly isOne: boolean
}

/** A table, which has its time where there are more; or a line of JSON; or a document of YAML. */
const renderRound = (services: readonly ServiceTraffic[], time: string, {view, format, isOne}: How): string => {
	switch (format) {
		case 'json':
			return `${toJSON(roundOf(services, time, view))}\n`
		case 'yaml':
			return `---\n${toYAML(roundOf(services, time, view))}`
		case 'table':
			return [...(isOne ? [] : [time]), ...tableOf(services, view), ...(isOne ? [] : [''])]
				.map(line => `${printable(line)}\n`)
				.join('')
		default:
			return format satisfies never
	}
}

const tableOf = (services: readonly ServiceTraffic[], view: View): readonly string[] =>
	formatTable(
		['SERVICE', ...COLUMNS.map(({title}) => title)],
		shownRows(services, view).map(({label, row}) => [label, ...COLUMNS.map(({cell}) => cell(row))]),
	)

const roundOf = (services: readonly ServiceTraffic[], time: string, {sort, hasEndpoints}: View): object => ({
	time,
	services: sorted(services, sort).map(({service, virtualServers, endpoints, ...row}) => ({
		...(service !== undefined && {service}),
		virtualServers,
		...numbersOf(row),
		...(hasEndpoints && {
			endpoints: sorted(endpoints, sort).map(endpoint => ({endpoint: endpoint.name, ...numbersOf(endpoint)})),
		}),
	})),
})

const numbersOf = ({activeConnections, inactiveConnections, total, perSecond}: TrafficRow) => ({
	activeConnections,
	inactiveConnections,
	total,
	perSecond,
})
