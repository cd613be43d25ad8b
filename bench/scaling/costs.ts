import type {KubernetesObject} from '../../e2e/scenario/objects.ts'
import {makeObjects} from '../objects.ts'
import type {Result} from '../result.ts'

/** As JSON, which is how an API server sends it. */
export interface ObjectBytes {
	readonly service: number
	/** Without endpoints, and of each of them. */
	readonly slice: number
	readonly endpoint: number
	readonly node: number
}

/** What grows in a straight line. */
export interface Line {
	readonly base: number
	readonly perObject: number
}

/** Per object: of kube-lvs in the test kernel. Objects are Services and endpoints. */
export interface Costs {
	readonly rssBytes: Line
	readonly firstSyncMs: Line
	readonly auditMs: Line
	/** CPU time of one changed endpoint. */
	readonly changeCpuMs: number
	/** The largest size that was measured. */
	readonly measuredObjects: number
}

export const objectsOf = ({services, endpoints}: Pick<Result, 'services' | 'endpoints'>): number =>
	services * (1 + endpoints)

/** Of a Service in the middle of the benchmark's objects. */
export const measureBytes = (): ObjectBytes => {
	const sliceOf = (endpoints: number) => bytesOf(makeObjects({services: 1000, endpoints}).slices(500)[0])
	const endpoint = (sliceOf(11) - sliceOf(1)) / 10
	const objects = makeObjects({services: 1000, endpoints: 5})
	const node = objects.all().find(({kind}) => kind === 'Node')
	return {service: bytesOf(objects.service(500)), slice: sliceOf(1) - endpoint, endpoint, node: bytesOf(node)}
}

const bytesOf = (object: KubernetesObject | undefined): number => Buffer.byteLength(JSON.stringify(object))

/** From the runs of `npm run bench -- --json`, two sizes at least: a line needs two points. */
export const costsOf = (runs: readonly Result[]): Costs => {
	const sorted = runs.toSorted((a, b) => objectsOf(a) - objectsOf(b))
	const line = (what: string, of: (run: Result) => number | undefined): Line => {
		const points = sorted.flatMap(run => {
			const y = of(run)
			return y === undefined ? [] : [{x: objectsOf(run), y}]
		})
		const [first, last] = [points[0], points.at(-1)]
		if (!first || !last || first.x === last.x) {
			throw new Error(`${what} must be measured with two sizes at least: npm run bench -- --services 1000,10000`)
		}
		const perObject = (last.y - first.y) / (last.x - first.x)
		return {base: first.y - perObject * first.x, perObject}
	}
	const changeCpuMs = sorted.findLast(({change}) => change)?.change?.cpuMs
	if (changeCpuMs === undefined) {
		throw new Error('changes must be measured')
	}
	return {
		rssBytes: line('memory', ({memory}) => memory && memory.rssMb * 1e6),
		firstSyncMs: line('the start', ({startup}) => startup?.firstSyncMs),
		auditMs: line('audits', ({audit}) => audit && audit.seconds * 1000),
		changeCpuMs,
		measuredObjects: Math.max(...sorted.map(objectsOf)),
	}
}
