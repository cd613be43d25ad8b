import {systemClock} from '../clock.ts'
import type {Config} from '../config/fields.ts'
import {Controller} from '../controller/controller.ts'
import {askLocally} from '../observe/local-client.ts'
import {serveLocally} from '../observe/local-server.ts'
import {createLog} from '../observe/log.ts'
import {createLogObserver} from '../observe/log-observer.ts'
import {Failure} from './failure.ts'
import {openNode} from './open-node.ts'
import {openSource} from './open-source.ts'

/** Serves until SIGTERM or SIGINT, which leave the kernel as it is: connections live on, new ones are balanced. */
export const run = async (config: Config): Promise<number> => {
	const log = createLog(config.logLevel)
	const running = await askLocally(config.runtimeDirectory)
	if (running) {
		throw new Failure(`kube-lvs runs on this node already, as process ${running.pid}`)
	}
	const stop = abortOnSignals()
	const kernel = await openNode({load: true})
	const {source, events, close} = await openSource(config, log)
	const controller = new Controller({kernel, config, clock: systemClock, observer: createLogObserver(log, events)})
	const status = () => ({pid: process.pid, owners: Object.fromEntries(controller.owners())})
	const server = await serveLocally(config.runtimeDirectory, status).catch(error => {
		throw new Failure(`runtimeDirectory ${config.runtimeDirectory}: ${error.message}`)
	})
	log.info(
		{nodeName: config.nodeName, families: kernel.families, iptables: await kernel.iptables.variant()},
		'started; waiting for the first list of Services, EndpointSlices and Nodes',
	)
	try {
		await Promise.all([source.run(controller, stop), controller.run(stop)])
	} finally {
		kernel.doors.netlink.close()
		close()
		await server.close()
	}
	log.info('stopped; the kernel is left as it is')
	return 0
}

const abortOnSignals = (): AbortSignal => {
	const stop = new AbortController()
	for (const signal of ['SIGTERM', 'SIGINT'] as const) {
		process.once(signal, () => stop.abort())
	}
	return stop.signal
}
