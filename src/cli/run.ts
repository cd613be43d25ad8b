import type {Logger} from 'pino'
import {oncePerJob, systemClock} from '../clock.ts'
import {checkFamilies} from '../config/families.ts'
import type {Config} from '../config/fields.ts'
import {Controller} from '../controller/controller.ts'
import type {FilesDoor} from '../kernel/doors.ts'
import type {Kernel} from '../kernel/kernel.ts'
import {combineObservers} from '../observe/combine-observers.ts'
import {createObservation, type Observation} from '../observe/create-observation.ts'
import {type LocalAnswers, serveLocally} from '../observe/local-server.ts'
import {createLog} from '../observe/log.ts'
import {firstOf} from '../observe/standing-problems.ts'
import {collectGarbage} from './collect-garbage.ts'
import {Failure} from './failure.ts'
import {findRunning} from './find-running.ts'
import type {OpenNode} from './open-node.ts'
import {openSource} from './open-source.ts'
import type {OutputFormat} from './output.ts'
import {returnMemory} from './return-memory.ts'
import {trimHeap} from './trim-heap.ts'
import {type ConfigFile, watchConfig} from './watch-config.ts'
import {watchPodCIDRs} from './watch-pod-cidrs.ts'
import {withNode} from './with-node.ts'

/** Serves until SIGTERM or SIGINT, which leave the kernel as it is: connections live on, new ones are balanced. */
export const run = async (config: Config, _format: OutputFormat, files: readonly ConfigFile[]): Promise<number> => {
	const running = await findRunning(config)
	if (running) {
		throw new Failure(`kube-lvs runs on this node already, as process ${running.pid}`)
	}
	const stop = new AbortController()
	for (const signal of ['SIGTERM', 'SIGINT'] as const) {
		// Always heard: where nobody listens any more, a signal that meets a running program would end this process, too.
		process.on(signal, () => stop.abort())
	}
	await withNode(config, {load: true}, node => serve({...node, files}, config, stop))
	return 0
}

interface Prepared extends OpenNode {
	readonly files: readonly ConfigFile[]
}

const serve = async ({kernel, warnings, files}: Prepared, config: Config, stop: AbortController): Promise<void> => {
	const log = createLog(config.logLevel, 1)
	for (const warning of [...warnings, ...warningsOf(config, kernel)]) {
		log.warn(warning)
	}
	await setOomScore(kernel.doors.files, config.oomScoreAdj, log)
	const {source, events, apiServers, close} = await openSource(config, log)
	const observation = createObservation({
		config,
		families: kernel.facts.families,
		clock: oncePerJob(systemClock),
		log,
		events,
		pending: () => controller.model.pending(),
	})
	const {listen} = observation
	const memory = returnMemory(systemClock, {collect: collectGarbage, trim: () => void trimHeap()})
	const observer = combineObservers([observation.observer, memory.observer])
	const controller = new Controller({kernel, config, clock: systemClock, observer, apiServers})
	const server = await serveLocally(config.runtimeDirectory, localAnswers(controller, observation)).catch(error => {
		throw new Failure(`runtimeDirectory ${config.runtimeDirectory}: ${error.message}`)
	})
	const closeServers = await listen().catch(async error => {
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
	await server.close()
	await Promise.all(work)
	log.info('stopped; the kernel is left as it is')
}

const localAnswers = (controller: Controller, {warnings, problems}: Observation): LocalAnswers => ({
	status: () => ({
		pid: process.pid,
		owners: Object.fromEntries(controller.model.owners()),
		warnings: warnings(),
		problems: firstOf(problems()),
	}),
	explain: service => controller.explain(service),
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
