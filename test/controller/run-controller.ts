import {systemClock} from '../../src/clock.ts'
import {type Config, DEFAULT_CONFIG} from '../../src/config/fields.ts'
import {Controller} from '../../src/controller/controller.ts'
import {type Kernel, openKernel} from '../../src/kernel/kernel.ts'
import {OBJECT_KINDS, type ObjectChange} from '../../src/model/object.ts'
import type {Observer} from '../../src/observe/observer.ts'
import type {FakeKernel} from '../support/fake-kernel/fake-kernel.ts'
import {RecordingObserver} from '../support/recording-observer.ts'

/** All that takes seconds takes milliseconds. */
export const QUICK_CONFIG: Config = {
	...DEFAULT_CONFIG,
	nodeName: 'n1',
	minSyncInterval: 1,
	auditInterval: 40,
	drainInterval: 5,
}

export interface RunningController {
	readonly controller: Controller
	/** Every source has listed what it has. */
	readonly allSynced: () => void
	/** Ends it as SIGTERM does. */
	readonly stop: () => Promise<void>
}

export const runController = (
	{doors, kernel = openKernel(doors)}: Pick<FakeKernel, 'doors'> & {readonly kernel?: Kernel},
	observer: Observer,
	config: Config = QUICK_CONFIG,
): RunningController => {
	const controller = new Controller({kernel, config, clock: systemClock, observer})
	const signal = new AbortController()
	const running = controller.run(signal.signal)
	return {
		controller,
		allSynced: () => {
			for (const kind of OBJECT_KINDS) {
				controller.synced(kind)
			}
		},
		stop: async () => {
			signal.abort()
			await running
		},
	}
}

/** What the kernel holds after a fresh start with these objects. */
export const freshDump = async (fake: FakeKernel, objects: Iterable<ObjectChange>): Promise<readonly string[]> => {
	const observer = new RecordingObserver()
	const {controller, allSynced, stop} = runController(fake, observer)
	for (const change of objects) {
		controller.change(change)
	}
	allSynced()
	await untilCalm(observer)
	await stop()
	return fake.dump()
}

/** Until an audit that began after this call has found nothing to do. */
export const untilCalm = async (observer: RecordingObserver): Promise<void> => {
	const from = observer.syncs.length
	const isCalm = () =>
		observer.syncs
			.slice(from)
			.filter(({kind}) => kind === 'audit')
			.some(({outcomes}, at) => at > 0 && outcomes.length === 0)
	while (!isCalm()) {
		await observer.untilSyncs(observer.syncs.length + 1)
	}
}

/** Some 40 ms in many turns: where this process has to wait for a CPU, all that is due gets its turns before this ends. */
export const forAWhile = async (): Promise<void> => {
	for (let turn = 0; turn < 20; turn++) {
		await new Promise(resolve => setTimeout(resolve, 2))
	}
}
