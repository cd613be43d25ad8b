import {pino} from 'pino'
import {Registry} from 'prom-client'
import type {Clock} from '../../src/clock.ts'
import type {Config} from '../../src/config/fields.ts'
import type {Family} from '../../src/net/address.ts'
import {combineObservers} from '../../src/observe/combine-observers.ts'
import {createEventShare} from '../../src/observe/event-share.ts'
import {noEvents} from '../../src/observe/event-sink.ts'
import {createHealth} from '../../src/observe/health/create-health.ts'
import type {OpenServer} from '../../src/observe/http/open-server.ts'
import {createLogObserver} from '../../src/observe/log-observer.ts'
import {createMetrics} from '../../src/observe/metrics/metrics.ts'
import {metricsAnswerer} from '../../src/observe/metrics/metrics-answers.ts'
import {createMetricsObserver} from '../../src/observe/metrics/metrics-observer.ts'
import type {Readings} from '../../src/observe/metrics/readings.ts'
import type {TrafficSource} from '../../src/observe/metrics/traffic-source.ts'
import type {Observer} from '../../src/observe/observer.ts'
import {Rivals} from '../../src/observe/rivals.ts'
import {createStandingProblems} from '../../src/observe/standing-problems.ts'

export interface Probe {
	readonly status: number | undefined
	// biome-ignore lint/suspicious/noExplicitAny: JSON that a row looks into
	readonly body: any
}

/** All that is told as `run` puts it together, without sockets, and with a log that nobody reads. */
export interface Telemetry {
	readonly observer: Observer
	/** `/healthz`, `/livez` or `/readyz` of the health server. */
	readonly probe: (path: string) => Promise<Probe>
	/** Of the metrics server, as text. */
	readonly ask: (path: string) => Promise<string | undefined>
	/** Value of the first sample that has these labels; undefined when there is none. */
	readonly metric: (name: string, labels: Readonly<Record<string, string>>) => Promise<number | undefined>
	readonly close: () => void
}

interface TelemetryParts {
	readonly config: Config
	readonly families: readonly Family[]
	readonly clock: Clock
	readonly open: OpenServer
	readonly readings: () => Readings
	readonly traffic: TrafficSource
}

export const createTelemetry = ({config, families, clock, open, readings, traffic}: TelemetryParts): Telemetry => {
	const registry = new Registry()
	const metrics = createMetrics(registry, readings, config)
	const metricsObserver = createMetricsObserver(metrics, families, clock)
	const report = metricsObserver.problems
	const health = createHealth({config, families, clock, open, report, isEnding: () => false, answered: () => undefined})
	const standing = createStandingProblems()
	const {nodeName, watchAllNodes: knowsNodes} = config
	const share = createEventShare({events: noEvents, nodeName, knowsNodes, clock, standing: standing.all})
	const log = pino({}, {write: () => undefined})
	const rivals = new Rivals({log, metrics, find: async () => undefined})
	const answerMetrics = metricsAnswerer({registry, metrics, config, clock, traffic})
	const ask = async (path: string) => {
		const answer = await answerMetrics(path)
		return answer && [answer.body, ...(answer.more ?? [])].join('')
	}
	return {
		observer: combineObservers([
			...[standing.observer, share.observer, createLogObserver(log, share, clock), metricsObserver],
			...[health.observer, rivals.observer],
		]),
		probe: async path => {
			const answer = await health.answer(path)
			return {status: answer?.status, body: JSON.parse(answer?.body ?? 'null')}
		},
		ask,
		metric: async (name, labels) => {
			const found = await registry.getSingleMetric(name)?.get()
			const isMeant = (of: Readonly<Record<string, unknown>>) =>
				Object.entries(labels).every(([label, value]) => of[label] === value)
			return found?.values.find(({labels}) => isMeant(labels))?.value
		},
		close: () => {
			health.close()
			share.close()
		},
	}
}
