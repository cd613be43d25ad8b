import {BackOff} from '../back-off.ts'
import {sleep} from '../clock.ts'
import type {ObjectSink} from '../model/object.ts'
import {Delivery} from './delivery.ts'
import {listObjects} from './list-objects.ts'
import {afterExpired, afterGarbled, afterList, afterVersion, type Position, START} from './position.ts'
import {DEFAULT_LIMITS, type ReflectorLimits, type ReflectorOptions} from './reflector-options.ts'
import {createTroubleLog, TransportError, type TroubleLog} from './trouble.ts'
import {watchObjects} from './watch-objects.ts'

export interface Reflector {
	/** Delivers until the signal is aborted; never rejects. */
	readonly run: (signal: AbortSignal) => Promise<void>
}

/**
 * Keeps a sink up to date with one resource of an API server.
 *
 * 1. `synced` follows the first complete listing; of an optional resource, also the first answer that it is not to be had.
 * 2. Any trouble ends in another attempt, from the last version that was handed on, after a pause.
 * 3. Nothing is deleted unless the server says so: by an event, or by a complete listing without the object.
 * 4. Each kind of trouble is reported when it begins, and its end once.
 */
export const createReflector = (options: ReflectorOptions, sink: ObjectSink): Reflector => {
	const limits = {...DEFAULT_LIMITS, ...options.limits}
	const trouble = createTroubleLog(options.resource.kind, options.report)
	const delivery = new Delivery({
		kind: options.resource.kind,
		sink,
		onHandlerError: error => trouble.say('handler', `a receiver of objects has thrown: ${error}`),
	})
	const backOff = new BackOff(limits.backOff, options.random)
	return {run: signal => new Run({options, limits, trouble, delivery, backOff}, signal).run()}
}

interface Parts {
	readonly options: ReflectorOptions
	readonly limits: ReflectorLimits
	readonly trouble: TroubleLog
	readonly delivery: Delivery
	readonly backOff: BackOff
}

class Run {
	private readonly parts: Parts
	private readonly signal: AbortSignal
	private position: Position = START
	private isSynced = false

	constructor(parts: Parts, signal: AbortSignal) {
		this.parts = parts
		this.signal = signal
	}

	async run(): Promise<void> {
		while (!this.signal.aborted) {
			const pause = await this.attempt()
			if (pause > 0) {
				await sleep(this.parts.options.clock, pause, this.signal)
			}
		}
	}

	/** Gives the milliseconds to wait before the next attempt. */
	private async attempt(): Promise<number> {
		try {
			if (!this.position.canWatch) {
				await this.list()
			}
			return (await this.watch()) ? 0 : this.parts.backOff.next()
		} catch (error) {
			return this.signal.aborted ? 0 : this.recoverFrom(error)
		}
	}

	private async list(): Promise<void> {
		const {options, limits, delivery} = this.parts
		const {position, signal} = this
		const version = await listObjects({options, limits, position, signal}, delivery)
		this.position = afterList(version)
		this.hear()
		this.sync()
	}

	private sync(): void {
		if (!this.isSynced) {
			this.isSynced = true
			this.parts.delivery.synced()
		}
	}

	private hear(): void {
		this.parts.options.ages?.hear(this.parts.options.resource.kind)
	}

	/** Whether the watch was healthy before the server ended it. */
	private async watch(): Promise<boolean> {
		const {options, limits, delivery} = this.parts
		const health = this.createHealth()
		try {
			const {signal} = this
			const {version} = this.position
			const onVersion = (reached: string) => {
				this.position = afterVersion(this.position, reached)
			}
			const {onOpen, onBytes} = health
			await watchObjects({options, limits, version, signal, onOpen, onBytes, onVersion}, delivery)
			return health.isHealthy()
		} finally {
			health.stop()
		}
	}

	/** After a while of being accepted; where silence was the trouble, only if it is broken. */
	private createHealth() {
		const {options, limits, trouble, backOff} = this.parts
		let isHealthy = false
		let hasBytes = false
		let cancel = () => {}
		const update = () => {
			if (isHealthy && (hasBytes || !trouble.has('silent'))) {
				trouble.recover()
			}
		}
		const onOpen = () => {
			this.hear()
			cancel = options.clock.after(limits.healthyMilliseconds, () => {
				isHealthy = true
				backOff.reset()
				update()
			})
		}
		const onBytes = () => {
			hasBytes = true
			this.hear()
			update()
		}
		return {onOpen, onBytes, isHealthy: () => isHealthy, stop: () => cancel()}
	}

	private recoverFrom(error: unknown): number {
		const {backOff, trouble, options, limits} = this.parts
		const failure = error instanceof TransportError ? error : new TransportError('interrupted', String(error))
		if (options.resource.isOptional && (failure.kind === 'absent' || failure.kind === 'forbidden')) {
			const rest = this.isSynced ? 'what is known stays, changes are not seen' : 'done without it'
			trouble.say(failure.kind, `${failure.message}; ${rest}`)
			this.isSynced || options.ages?.forget(options.resource.kind)
			this.sync()
			return limits.absentMilliseconds
		}
		trouble.say(failure.kind, failure.message)
		if (failure.kind === 'garbled' || failure.kind === 'refused' || this.failsForLong(failure)) {
			this.position = afterGarbled(this.position)
		}
		if (failure.kind === 'expired') {
			this.position = afterExpired(this.position)
			// Usual after a long absence: the first time in a row nothing is gained by waiting.
			return backOff.attempts === 0 ? this.countFirst() : backOff.next()
		}
		return Math.max(failure.retryAfterMilliseconds, backOff.next())
	}

	/** Lists cost a server that is in trouble more than watches do. */
	private failsForLong({kind}: TransportError): boolean {
		return kind === 'failing' && this.parts.backOff.attempts >= this.parts.limits.failuresBeforeList
	}

	private countFirst(): number {
		this.parts.backOff.next()
		return 0
	}
}
