import {readFile} from 'node:fs/promises'
import {setTimeout} from 'node:timers/promises'

const WINDOW_MILLISECONDS = 300
const IDLE_SHARE = 0.9
const MOST_WINDOWS = 100

/**
 * Waits until the machine has been idle for a moment. The kernel takes a network namespace down in the background and
 * does not tell when it is done. A machine that never rests is waited for half a minute.
 */
export const untilIdle = async (): Promise<void> => {
	for (let window = 0, before = await readTimes(); window < MOST_WINDOWS; window++) {
		await setTimeout(WINDOW_MILLISECONDS)
		const after = await readTimes()
		if (after.idle - before.idle >= IDLE_SHARE * (after.total - before.total)) {
			return
		}
		before = after
	}
}

/** proc(5): `cpu  user nice system idle iowait irq softirq steal ...`, of all CPUs in ticks. */
const readTimes = async (): Promise<{readonly idle: number; readonly total: number}> => {
	const [line = ''] = (await readFile('/proc/stat', 'utf8')).split('\n')
	const times = line.split(/\s+/).slice(1, 9).map(Number)
	return {idle: (times[3] ?? 0) + (times[4] ?? 0), total: times.reduce((sum, time) => sum + time, 0)}
}
