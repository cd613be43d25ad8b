import type {Logger} from 'pino'
import packageJson from '../../package.json' with {type: 'json'}
import {oncePerJob, systemClock} from '../clock.ts'
import {checkFamilies} from '../config/families.ts'
import type {Config} from '../config/fields.ts'
import {Controller} from '../controller/controller.ts'
import type {FilesDoor} from '../kernel/doors.ts'
import type {Kernel} from '../kernel/kernel.ts'
import {combineObservers} from '../observe/combine-observers.ts'
import {createObservation} from '../observe/create-observation.ts'
import {openJournal} from '../observe/journal/create-journal.ts'
import {type LocalAnswers, serveLocally} from '../observe/local-server.ts'
import {createLog} from '../observe/log.ts'
import {tellRefusedSettings} from '../observe/refused-settings.ts'
import {collectGarbage} from './collect-garbage.ts'
import {Failure} from './failure.ts'
import {findRunning} from './find-running.ts'
import {localAnswers} from './local-answers.ts'
import {onSignals} from './on-signals.ts'
import type {OpenNode} from './open-node.ts'
import {openSource} from './open-source.ts'
import {openTraffic} from './open-traffic.ts'
import type {OutputFormat} from './output.ts'
import {returnMemory} from './return-memory.ts'
import {trimHeap} from './trim-heap.ts'
import {untilKubeProxyEnds} from './until-kube-proxy-ends.ts'
import {type ConfigFile, watchConfig} from './watch-config.ts'
import {watchPodCIDRs} from './watch-pod-cidrs.ts'
import {withNode} from './with-node.ts'

/**
 * Serves until SIGTERM or SIGINT, which leave the kernel as it is: connections live on, new ones are balanced. From then
 * on it is not ready, and ends when the sync under way has; a second signal ends it at once.
 */
export const run = async (config: Config, _format: OutputFormat, files: readonly ConfigFile[]): Promise<number> => {
	const running = await findRunning(config)
	if (running) {
		throw new Failure(`kube-lvs runs on this node already, as process ${running.pid}`)
	}
	const stop = new AbortController()
	const log = createLog(config.logLevel, 1)
	const end = (signal: string): void => {
		log.info({signal}, 'ending when the sync under way has; a second signal ends it at once')
		stop.abort()
	}
	onSignals({process, clock: systemClock, end})
	await untilKubeProxyEnds({clock: systemClock, log, signal: stop.signal})
	if (stop.signal.aborted) {
		return 0
	}
	await withNode(config, {load: true}, node => serve({...node, files}, config, stop))
	return 0
}

interface Prepared extends OpenNode {
	readonly files: readonly ConfigFile[]
}

const serve = async ({kernel, warnings, files}: Prepared, config: Config, stop: AbortController): Promise<void> => {
	const log = openLog(config, [...warnings, ...warningsOf(config, kernel)])
	await setOomScore(kernel.doors.files, config.oomScoreAdj, log)
	const {source, events, apiServers, watchAges, close} = await openSource(config, log)
	const observation = createObservation({
		config,
		families: kernel.facts.families,
		clock: oncePerJob(systemClock),
		log,
		events,
		isEnding: () => stop.signal.aborted,
		traffic: openTraffic(kernel.doors, server => controller.readings.serviceOf(server), stop.signal),
		readings: () => ({...controller.readings, watchAges, version: packageJson.version}),
	})
	const memory = returnMemory(systemClock, {collect: collectGarbage, trim: () => void trimHeap()})
	const journal = openJournal({config, clock: systemClock, log, askers: () => controller.model})
	const refusals = tellRefusedSettings(log, () => kernel.sysctl.refused)
	const observer = combineObservers([observation.observer, memory.observer, refusals.observer, journal.observer])
	const controller = new Controller({kernel, config, clock: systemClock, observer, apiServers})
	const server = await openSocket(config, localAnswers(controller, observation, refusals))
	const closeServers = await observation.listen().catch(async error => {
		await server.close()
		throw new Failure(error.message)
	})
	const {nodeName} = config
	log.info(
		{nodeName, families: kernel.facts.families, iptables: await kernel.iptables.variant()},
		'started; waiting for the first list of Services, EndpointSlices and Nodes',
	)
	const stopNotices = await watchAddresses(kernel, controller, log)
	// When one of them ends, by whatever cause, so do the others.
	const {signal} = stop
	const {sink, done} = watchPodCIDRs(controller, config, signal)
	const work = [source.run(sink, signal), controller.run(signal), watchConfig(files, signal, log), done].map(part =>
		part.finally(() => stop.abort()),
	)
	await Promise.allSettled(work)
	memory.stop()
	stopNotices()
	close()
	closeServers()
	await Promise.all([server.close(), journal.flush()])
	await Promise.all(work)
	log.info('stopped; the kernel is left as it is')
}

const openLog = ({logLevel}: Config, warnings: readonly string[]): Logger => {
	const log = createLog(logLevel, 1)
	for (const warning of warnings) {
		log.warn(warning)
	}
	return log
}

const openSocket = ({runtimeDirectory}: Config, answers: LocalAnswers): ReturnType<typeof serveLocally> =>
	serveLocally(runtimeDirectory, answers).catch(error => {
		throw new Failure(`runtimeDirectory ${runtimeDirectory}: ${error.message}`)
	})

/** Without notices an audit finds the changes, later. */
const watchAddresses = (kernel: Kernel, controller: Controller, log: Logger): Promise<() => void> =>
	kernel.addresses
		.watch(systemClock, change => controller.addressChanged(change))
		.catch((error: Error) => {
			log.warn(`the kernel gives no notice of changed addresses, each audit looks for them: ${error.message}`)
			return () => undefined
		})

/** Where memory runs out, the kernel shall look elsewhere first: without a service proxy the node is of no use. */
const setOomScore = async (files: FilesDoor, score: number, log: Logger): Promise<void> => {
	try {
		await files.write('/proc/self/oom_score_adj', String(score))
	} catch (error) {
		log.debug({err: error}, `oomScoreAdj ${score} could not be set`)
	}
}

/** What of the configuration does not go with this node. */
const warningsOf = (config: Config, {facts}: Kernel): readonly string[] => {
	const {warnings, errors} = checkFamilies(config, facts.families)
	if (errors.length > 0) {
		throw new Failure(errors.join('\n'))
	}
	return warnings
}
