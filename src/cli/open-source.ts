import type {Logger} from 'pino'
import {systemClock} from '../clock.ts'
import type {Config} from '../config/fields.ts'
import type {ObjectSource} from '../model/object.ts'
import {type EventSink, noEvents} from '../observe/event-sink.ts'

/** Where objects come from, and where Events about them go. */
export interface OpenSource {
	readonly source: ObjectSource
	readonly events: EventSink
}

/** A folder of YAML, or the API server; whichever is not used is not even loaded. */
export const openSource = async (config: Config, log: Logger): Promise<OpenSource> => {
	if (config.source) {
		const {createStandaloneSource} = await import('../kubernetes/standalone-source.ts')
		return {
			source: createStandaloneSource({path: config.source, nodeName: config.nodeName, clock: systemClock}),
			events: noEvents,
		}
	}
	const [{loadKubeConfig}, {createHttpClient}, {createKubernetesSource}] = await Promise.all([
		import('../kubernetes/kube-config.ts'),
		import('../kubernetes/http-client.ts'),
		import('../kubernetes/kubernetes-source.ts'),
	])
	const access = await loadKubeConfig(config.kubeconfig ? {kubeconfig: config.kubeconfig} : {})
	const http = createHttpClient({access, clock: systemClock})
	const source = createKubernetesSource({
		http,
		nodeName: config.nodeName,
		clock: systemClock,
		random: Math.random,
		report: ({message}) => log.warn(message),
	})
	return {source, events: noEvents}
}
