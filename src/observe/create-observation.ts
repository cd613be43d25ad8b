import type {Logger} from 'pino'
import {Registry} from 'prom-client'
import type {Clock} from '../clock.ts'
import type {Config} from '../config/fields.ts'
import type {Problem} from '../model/problem.ts'
import type {Family} from '../net/address.ts'
import type {SocketAddress} from '../net/socket-address.ts'
import {combineObservers} from './combine-observers.ts'
import {createEventShare} from './event-share.ts'
import type {EventSink} from './event-sink.ts'
import {createHealth} from './health/create-health.ts'
import type {Answerer} from './http/answer.ts'
import {keepServer} from './http/keep-server.ts'
import {onBothFamilies, openServer} from './http/open-server.ts'
import {createLogObserver} from './log-observer.ts'
import {createMetrics, type Metrics} from './metrics/metrics.ts'
import {metricsAnswerer} from './metrics/metrics-answers.ts'
import {createMetricsObserver} from './metrics/metrics-observer.ts'
import {registerProcessMetrics} from './metrics/process-metrics.ts'
import type {Readings} from './metrics/readings.ts'
import type {TrafficSource} from './metrics/traffic-source.ts'
import type {Observer} from './observer.ts'
import {Rivals} from './rivals.ts'
import {createStandingProblems} from './standing-problems.ts'

export interface ObservationParts {
	readonly config: Config
	readonly families: readonly Family[]
	readonly clock: Clock
	readonly log: Logger
	readonly events: EventSink
	/** Nobody shall rely on this process any more. */
	readonly isEnding: () => boolean
	readonly readings: () => Readings
	readonly traffic: TrafficSource
}

/** Log, metrics and health of a running kube-lvs, and the servers that tell them. */
export interface Observation {
	readonly observer: Observer
	/**
	 * Opens the servers for health and metrics; the result closes them all. Rejects only with `bindAddressHardFail`, with
	 * a message that names the setting.
	 */
	readonly listen: () => Promise<() => void>
	/** Who else works on what is ours, now. */
	readonly warnings: () => readonly string[]
	/** What cannot be served as written, now. */
	readonly problems: () => Iterable<Problem>
}

export const createObservation = (parts: ObservationParts): Observation => {
	const {config, clock, log} = parts
	const registry = new Registry()
	registerProcessMetrics(registry)
	const metrics = createMetrics(registry, parts.readings, config)
	const {tellers, problems, close: closeEvents} = createTellers(parts, metrics)
	const rivals = new Rivals({log, metrics})
	const health = createHealth({
		...parts,
		open: openServer,
		report: (service, problems) => {
			// Apart from the problems that come of compiling the Service.
			tellers.problems(`health check of ${service}`, problems)
		},
		answered: countAnswers(metrics),
	})
	const keep = (name: string, where: SocketAddress | undefined, answer: Answerer) =>
		where &&
		keepServer(
			{name, where, answer},
			{
				open: onBothFamilies(openServer),
				clock,
				report: message => log.error(message),
				isHardFail: config.bindAddressHardFail,
			},
		)
	return {
		observer: combineObservers([tellers, health.observer, rivals.observer]),
		warnings: () => rivals.warnings,
		problems,
		listen: async () => {
			const attempts = await Promise.allSettled([
				keep('healthzBindAddress', config.healthzBindAddress, health.answer),
				keep('metricsBindAddress', config.metricsBindAddress, metricsAnswerer({...parts, registry, metrics})),
			])
			const close = () => {
				health.close()
				closeEvents()
				for (const attempt of attempts) {
					attempt.status === 'fulfilled' && attempt.value?.close()
				}
			}
			const failed = attempts.find(({status}) => status === 'rejected')
			if (failed?.status === 'rejected') {
				close()
				throw failed.reason
			}
			void rivals.look()
			return close
		},
	}
}

/** Log, Events and metrics, which are told of problems from several sides. */
const createTellers = ({config, families, clock, log, events}: ObservationParts, metrics: Metrics) => {
	const {nodeName, watchAllNodes: knowsNodes} = config
	const {observer, all: problems} = createStandingProblems()
	const share = createEventShare({events, nodeName, knowsNodes, clock, standing: problems})
	const tellers = combineObservers([
		observer,
		share.observer,
		createLogObserver(log, share, clock),
		createMetricsObserver(metrics, families, clock),
	])
	return {tellers, problems, close: share.close}
}

const countAnswers =
	({healthAnswers, kubeProxyHealthz, kubeProxyLivez}: Metrics) =>
	(path: string, code: number): void => {
		const ofKubeProxy = {'/healthz': kubeProxyHealthz, '/livez': kubeProxyLivez} as const
		healthAnswers.inc({path, code})
		ofKubeProxy[path as keyof typeof ofKubeProxy]?.inc({code})
	}
