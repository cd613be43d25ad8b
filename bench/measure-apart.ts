import {readFile} from 'node:fs/promises'
import {setTimeout as pause} from 'node:timers/promises'
import {fileURLToPath} from 'node:url'
import {execa} from 'execa'
import type {MeasurementName} from './measurement-names.ts'
import type {ResultOf, Settings} from './measurements.ts'

const MEASURE = fileURLToPath(new URL('measure.ts', import.meta.url))

let count = 0

/** One measurement in a process and a network namespace of its own, both gone afterwards, on a machine that is quiet. */
export const measureApart = async <Name extends MeasurementName>(
	name: Name,
	settings: Settings,
): Promise<ResultOf<Name>> => {
	const namespace = `bench-${process.pid}-${++count}`
	await execa('ip', ['netns', 'add', namespace])
	try {
		await execa('ip', ['-n', namespace, 'link', 'set', 'lo', 'up'])
		await untilQuiet()
		const command = [process.execPath, '--expose-gc', MEASURE, name, JSON.stringify(settings)]
		const {stdout, stderr, failed} = await execa('ip', ['netns', 'exec', namespace, ...command], {reject: false})
		if (failed) {
			throw new Error(stderr.trim().split('\n').slice(-LAST_LINES).join('\n'))
		}
		return JSON.parse(stdout.trim().split('\n').at(-1) ?? '')
	} finally {
		await execa('ip', ['netns', 'delete', namespace])
	}
}

/** Of what a measurement that failed has said. */
const LAST_LINES = 15

const QUIET = 0.85
const LOOK_MILLISECONDS = 250
const MOST_LOOKS = 80

/** A namespace with hundreds of thousands of objects goes on being taken apart after it is gone. */
const untilQuiet = async (): Promise<void> => {
	for (let look = 0; look < MOST_LOOKS; look++) {
		const before = await cpuTimes()
		await pause(LOOK_MILLISECONDS)
		const after = await cpuTimes()
		if (after.idle - before.idle >= QUIET * (after.total - before.total)) {
			return
		}
	}
}

/** The first line of /proc/stat, proc(5): user, nice, system, idle, iowait, irq, softirq, steal, ... */
const cpuTimes = async () => {
	const line = (await readFile('/proc/stat', 'utf8')).split('\n')[0] ?? ''
	const times = line.split(/\s+/).slice(1, 9).map(Number)
	return {idle: (times[3] ?? 0) + (times[4] ?? 0), total: times.reduce((sum, time) => sum + time, 0)}
}
