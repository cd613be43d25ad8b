import {systemClock} from '../clock.ts'
import {parseDuration} from '../config/duration.ts'
import type {Config} from '../config/fields.ts'
import {Failure} from './failure.ts'
import {findRunning} from './find-running.ts'
import type {OutputFormat} from './output.ts'
import {writeOut} from './print-stream.ts'
import {serviceFilter} from './service-filter.ts'
import {watchLive} from './top/live.ts'
import {printRounds} from './top/rounds.ts'
import type {Sort} from './top/sort.ts'
import {openTerminal} from './top/terminal.ts'
import {TrafficReader} from './top/traffic-reader.ts'
import {withIpvs} from './with-ipvs.ts'

/** As they were written. */
export interface TopOptions {
	readonly service?: string
	readonly sort: Sort
	readonly endpoints: boolean
	readonly interval: string
	/** Absent: on a terminal until it is ended. */
	readonly rounds?: string
	/** The form of the output was not chosen. */
	readonly isPlain: boolean
}

/** Shows what goes through each Service and to each endpoint: live on a terminal, else as often as is asked for. */
export const top = async (config: Config, format: OutputFormat, options: TopOptions): Promise<number> => {
	const {sort, service, endpoints: hasEndpoints} = options
	const interval = intervalOf(options)
	const rounds = roundsOf(options)
	const running = await findRunning(config)
	if (!running) {
		sayUnknown(service)
	}
	const shown = {view: {sort, hasEndpoints}, interval, clock: systemClock}
	await withIpvs(async ipvs => {
		const reader = new TrafficReader({
			ipvs,
			askOwners: () =>
				findRunning(config).then(
					found => found?.owners,
					() => undefined,
				),
			isAskedFor: serviceFilter(service),
		})
		const look = () => reader.look()
		return rounds === undefined
			? watchTerminal(look, {...shown, nodeName: config.nodeName})
			: printRounds(look, {...shown, format, rounds}, writeOut)
	})
	return 0
}

const watchTerminal = async (
	look: Parameters<typeof watchLive>[0],
	options: Parameters<typeof watchLive>[2],
): Promise<void> => {
	const stop = new AbortController()
	for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
		process.on(signal, () => stop.abort())
	}
	const terminal = openTerminal()
	try {
		await watchLive(look, terminal, options, stop)
	} finally {
		terminal.close()
	}
}

const intervalOf = ({interval}: TopOptions): number => {
	const milliseconds = parseDuration(interval)
	if (milliseconds === undefined || milliseconds < 100) {
		throw new Failure(`--interval ${interval}: expected a duration of at least 100ms, such as 2s`)
	}
	return milliseconds
}

/** Undefined for a live table. */
const roundsOf = ({rounds, isPlain}: TopOptions): number | undefined => {
	if (rounds === undefined) {
		return isPlain && process.stdout.isTTY ? undefined : 1
	}
	if (!/^[1-9]\d{0,8}$/.test(rounds)) {
		throw new Failure(`--rounds ${rounds}: expected a whole number from 1 on`)
	}
	return Number(rounds)
}

const sayUnknown = (service: string | undefined): void => {
	if (service !== undefined) {
		throw new Failure('kube-lvs does not run on this node; it alone knows the Services of virtual servers')
	}
	process.stderr.write('kube-lvs does not run on this node: virtual servers are shown instead of Services\n')
}
