import {expect} from 'chai'
import {systemClock} from '../../src/clock.ts'
import {createHttpClient} from '../../src/kubernetes/http-client.ts'
import {createReflector} from '../../src/kubernetes/reflector.ts'
import type {ReflectorLimits} from '../../src/kubernetes/reflector-options.ts'
import {type Resource, SERVICES} from '../../src/kubernetes/resource.ts'
import type {TransportReport} from '../../src/kubernetes/trouble.ts'
import type {WatchAges} from '../../src/kubernetes/watch-ages.ts'
import type {ObjectSink} from '../../src/model/object.ts'
import type {ApiObject} from '../support/api-server/api-object.ts'
import type {ApiServerOptions} from '../support/api-server/api-server-options.ts'
import {type ApiServer, startApiServer} from '../support/api-server/start-api-server.ts'
import {eventually} from '../support/eventually.ts'
import {createRecordingSink, type RecordingSink} from './recording-sink.ts'
import {sampleService} from './samples.ts'

/** All that takes minutes takes milliseconds. */
export const QUICK: Partial<ReflectorLimits> = {
	// Longer than a busy machine lets this process wait: who only waits must not be taken for dead.
	idleMilliseconds: 1000,
	listIdleMilliseconds: 1000,
	healthyMilliseconds: 40,
	backOff: {firstMilliseconds: 8, lastMilliseconds: 16},
}

export interface Reflection {
	readonly server: ApiServer
	readonly sink: RecordingSink
	readonly reports: TransportReport[]
	/** `expired`, `recovered`, ... in their order. */
	readonly kinds: () => string[]
	readonly stop: () => Promise<void>
}

export interface ReflectOptions {
	readonly server?: ApiServerOptions
	readonly limits?: Partial<ReflectorLimits>
	readonly resource?: Resource
	readonly ages?: WatchAges
	/** Between the reflector and the recording sink. */
	readonly wrap?: (sink: RecordingSink) => ObjectSink
	/** Before the reflector starts. */
	readonly prepare?: (server: ApiServer) => void
}

/** A reflector at work on an API server double of its own. */
export const reflect = async (options: ReflectOptions = {}): Promise<Reflection> => {
	const server = await startApiServer({bookmarkMilliseconds: 30, ...options.server})
	options.prepare?.(server)
	const sink = createRecordingSink()
	const reports: TransportReport[] = []
	const http = createHttpClient({access: server.access(), clock: systemClock})
	const reflector = createReflector(
		{
			resource: options.resource ?? SERVICES,
			http,
			clock: systemClock,
			random: Math.random,
			report: event => reports.push(event),
			limits: {...QUICK, ...options.limits},
			...(options.ages && {ages: options.ages}),
		},
		options.wrap?.(sink) ?? sink,
	)
	const controller = new AbortController()
	const running = reflector.run(controller.signal)
	const stop = async () => {
		controller.abort()
		await running
		http.close()
		await server.close()
	}
	return {server, sink, reports, kinds: () => reports.map(({kind}) => kind), stop}
}

/** s0, s1, ... */
export const sampleServices = (count: number): ApiObject[] =>
	Array.from({length: count}, (_, index) => sampleService(`s${index}`))

/** For a suite: starts reflectors that are stopped after their test. */
export const useReflection = () => {
	let current: Reflection | undefined
	const start = async (options?: ReflectOptions): Promise<Reflection> => {
		current = await reflect(options)
		return current
	}
	/** With two Services, unless told, and the watch open. */
	const startSynced = async (options?: ReflectOptions): Promise<Reflection> => {
		const reflection = await start({server: {objects: sampleServices(2)}, ...options})
		await eventually(() => expect(reflection.server.openWatches()).to.equal(1))
		return reflection
	}
	afterEach(async () => {
		await current?.stop()
		current = undefined
	})
	return {start, startSynced}
}
