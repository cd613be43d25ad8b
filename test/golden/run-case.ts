import {systemClock} from '../../src/clock.ts'
import type {Config} from '../../src/config/fields.ts'
import {createStandaloneSource} from '../../src/kubernetes/standalone-source.ts'
import type {ObjectSink} from '../../src/model/object.ts'
import {OBJECT_KINDS} from '../../src/model/object.ts'
import {formatProblem} from '../../src/model/problem.ts'
import {runController, untilCalm} from '../controller/run-controller.ts'
import type {FakeKernel} from '../support/fake-kernel/fake-kernel.ts'
import {RecordingObserver} from '../support/recording-observer.ts'

/** Serves the objects of a file on a fake kernel until nothing is left to do; resolves with all that was done. */
export const serveOnFake = async (fake: FakeKernel, objects: string, config: Config): Promise<RecordingObserver> => {
	const observer = new RecordingObserver()
	const quick = {...config, minSyncInterval: 1, auditInterval: 4, drainInterval: 2}
	const {controller, stop} = runController(fake, observer, quick)
	try {
		await deliver(objects, config.nodeName, controller)
		await untilCalm(observer)
	} finally {
		await stop()
	}
	if (observer.failures.length > 0 || observer.syncs.some(({outcomes}) => outcomes.some(({error}) => error))) {
		throw new Error(`a sync failed: ${JSON.stringify([observer.failures, observer.syncs])}`)
	}
	return observer
}

/** Hands over every object of the file once, as the source of `kube-lvs run --source` reads them. */
const deliver = async (path: string, nodeName: string, sink: ObjectSink): Promise<void> => {
	const done = new AbortController()
	const unlisted = new Set<string>(OBJECT_KINDS)
	await createStandaloneSource({path, nodeName, clock: systemClock}).run(
		{
			change: change => sink.change(change),
			synced: kind => {
				sink.synced(kind)
				unlisted.delete(kind)
				if (unlisted.size === 0) {
					done.abort()
				}
			},
			problem: problem => {
				throw new Error(formatProblem(problem))
			},
		},
		done.signal,
	)
}
