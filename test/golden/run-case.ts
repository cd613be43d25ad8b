import {fileURLToPath} from 'node:url'
import {systemClock} from '../../src/clock.ts'
import type {Config} from '../../src/config/fields.ts'
import {createStandaloneSource} from '../../src/kubernetes/standalone-source.ts'
import {OBJECT_KINDS, type ObjectChange} from '../../src/model/object.ts'
import {formatProblem, type Problem} from '../../src/model/problem.ts'
import {runController, untilCalm} from '../controller/run-controller.ts'
import type {FakeKernel} from '../support/fake-kernel/fake-kernel.ts'
import {RecordingObserver} from '../support/recording-observer.ts'
import type {GoldenCase} from './golden-case.ts'
import type {RealHost} from './real-host.ts'

/** Serves the objects of a case on a fake kernel until nothing is left to do; resolves with all that was done. */
export const serveOnFake = (fake: FakeKernel, {objects, config}: Asked): Promise<RecordingObserver> =>
	serve(fake, objects, {...config, minSyncInterval: 1, auditInterval: 4, drainInterval: 2}, untilCalm)

/** Serves the objects of a case on a real kernel, with one sync. */
export const serveOnce = (host: RealHost, {objects, config}: Asked): Promise<RecordingObserver> =>
	serve(host, objects, config, observer => observer.untilSyncs(1))

type Asked = Pick<GoldenCase, 'objects' | 'config'>

const serve = async (
	kernel: Parameters<typeof runController>[0],
	objects: string,
	config: Config,
	until: (observer: RecordingObserver) => Promise<void>,
): Promise<RecordingObserver> => {
	const observer = new RecordingObserver()
	const {controller, allSynced, stop} = runController(kernel, observer, config)
	try {
		for (const change of [...(await readObjects(CLUSTER)), ...(await readObjects(objects))]) {
			controller.change(change)
		}
		allSynced()
		await until(observer)
	} finally {
		await stop()
	}
	if (observer.failures.length > 0 || observer.syncs.some(({outcomes}) => outcomes.some(({error}) => error))) {
		throw new Error(`a sync failed: ${JSON.stringify([observer.failures, observer.syncs])}`)
	}
	return observer
}

/** The file of what the API server has beside the objects of a case. */
const CLUSTER = fileURLToPath(new URL('cases/cluster.yaml', import.meta.url))

/** Every object of a file, as `kube-lvs run --source` reads it. */
const readObjects = async (path: string): Promise<readonly ObjectChange[]> => {
	const changes: ObjectChange[] = []
	const done = new AbortController()
	const unlisted = new Set<string>(OBJECT_KINDS)
	const synced = (kind: string) => {
		unlisted.delete(kind)
		if (unlisted.size === 0) {
			done.abort()
		}
	}
	const problem = (problem: Problem) => {
		throw new Error(formatProblem(problem))
	}
	const change = (change: ObjectChange) => changes.push(change)
	await createStandaloneSource({path, clock: systemClock}).run({change, synced, problem, solved: problem}, done.signal)
	return changes
}
