import {type Clock, sleep} from '../clock.ts'
import {createFolderListener} from './folder-listener.ts'

/** Pauses that a change in a folder, or the end of the signal, cuts short. */
export interface WakeUp {
	readonly pause: (milliseconds: number) => Promise<void>
	readonly close: () => void
}

/** Changes come in bursts. */
const GATHER_MILLISECONDS = 20

export const createWakeUp = (folder: string, clock: Clock, signal: AbortSignal): WakeUp => {
	let wake = () => {}
	let isHinted = false
	const hint = () => {
		isHinted = true
		wake()
	}
	const listener = createFolderListener(folder, hint)
	signal.addEventListener('abort', hint, {once: true})
	const pause = async (milliseconds: number) => {
		listener.listen()
		if (!isHinted) {
			await new Promise<void>(resolve => {
				const cancel = clock.after(milliseconds, resolve)
				wake = () => {
					cancel()
					resolve()
				}
			})
		}
		if (isHinted) {
			await sleep(clock, GATHER_MILLISECONDS, signal)
		}
		isHinted = false
	}
	const close = () => {
		signal.removeEventListener('abort', hint)
		listener.close()
	}
	return {pause, close}
}
