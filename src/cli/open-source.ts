import type {Logger} from 'pino'
import {systemClock} from '../clock.ts'
import type {Config} from '../config/fields.ts'
import type {ObjectSource} from '../model/object.ts'
import type {SocketAddress} from '../net/socket-address.ts'
import {type EventSink, noEvents} from '../observe/event-sink.ts'
import type {Readings} from '../observe/metrics/readings.ts'
import {Failure} from './failure.ts'
import {logTransport} from './log-transport.ts'

/** Where objects come from, and where Events about them go. */
export interface OpenSource {
	readonly source: ObjectSource
	readonly events: EventSink
	/** Of the API servers that the source asks, if any. */
	readonly apiServers: readonly SocketAddress[]
	readonly watchAges: Readings['watchAges']
	/** Gives connections back; to be called when the source has ended. */
	readonly close: () => void
}

/** A folder of YAML, or the API server; whichever is not used is not even loaded. */
export const openSource = async (config: Config, log: Logger): Promise<OpenSource> => {
	if (config.source) {
		const {createStandaloneSource} = await import('../kubernetes/standalone-source.ts')
		return {
			source: failing(createStandaloneSource({path: config.source, clock: systemClock})),
			events: noEvents,
			apiServers: [],
			watchAges: () => [],
			close: () => undefined,
		}
	}
	const [
		{loadKubeConfig},
		{apiServerAddresses},
		{createHttpClient},
		{createKubernetesSource},
		{WatchAges},
		{createEventWriter},
		{problemEvent},
	] = await Promise.all([
		import('../kubernetes/kube-config.ts'),
		import('../kubernetes/api-server-addresses.ts'),
		import('../kubernetes/http-client.ts'),
		import('../kubernetes/kubernetes-source.ts'),
		import('../kubernetes/watch-ages.ts'),
		import('../kubernetes/event-writer.ts'),
		import('../kubernetes/problem-event.ts'),
	])
	const {kubeconfig, apiServers} = config
	const access = await loadKubeConfig({...(kubeconfig && {kubeconfig}), servers: apiServers}).catch(asFailure)
	const http = createHttpClient({access, clock: systemClock})
	const {nodeName, watchAllNodes} = config
	const report = logTransport(log)
	const ages = new WatchAges(systemClock)
	const common = {http, nodeName, clock: systemClock}
	const source = createKubernetesSource({...common, watchAllNodes, random: Math.random, report, ages})
	const writer = createEventWriter({...common, component: 'kube-lvs', report: message => log.warn(message)})
	const events: EventSink = {
		write: problem => {
			const event = problemEvent(problem)
			if (event) {
				writer.write(event)
			}
		},
	}
	const close = () => {
		writer.stop()
		http.close()
	}
	return {source, events, apiServers: await apiServerAddresses(access.servers), watchAges: () => ages.read(), close}
}

/** What no retry can mend is for whoever has started the command. */
const failing = (source: ObjectSource): ObjectSource => ({
	run: (sink, signal) => source.run(sink, signal).catch(asFailure),
})

const asFailure = (error: Error): never => {
	throw new Failure(error.message)
}
