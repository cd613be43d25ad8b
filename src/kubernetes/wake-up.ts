import {type FSWatcher, watch} from 'node:fs'
import {type Clock, sleep} from '../clock.ts'

/** Sleeps that a change of the file system, or the end of the signal, cuts short. */
export interface WakeUp {
	readonly pause: (milliseconds: number) => Promise<void>
	readonly close: () => void
}

/** Calls come in bursts. */
const GATHER_MILLISECONDS = 20

/** The file system is asked to call; where it cannot (NFS, hostfs of User-mode Linux) the pause simply lasts. */
export const createWakeUp = (folder: string, clock: Clock, signal: AbortSignal): WakeUp => {
	let wake = () => {}
	let isHinted = false
	let watcher: FSWatcher | undefined
	const hint = () => {
		isHinted = true
		wake()
	}
	const forget = () => {
		watcher?.close()
		watcher = undefined
	}
	const listen = () => {
		try {
			watcher ??= watch(folder, {persistent: false}, event => {
				// Perhaps of the folder itself: another one may stand in its place now.
				if (event === 'rename') {
					forget()
				}
				hint()
			}).on('error', forget)
		} catch {
			forget()
		}
	}
	signal.addEventListener('abort', hint, {once: true})
	const pause = async (milliseconds: number) => {
		listen()
		if (!isHinted) {
			await new Promise<void>(resolve => {
				const cancel = clock.after(milliseconds, resolve)
				wake = () => {
					cancel()
					resolve()
				}
			})
		}
		wake = () => {}
		if (isHinted) {
			await sleep(clock, GATHER_MILLISECONDS, signal)
		}
		isHinted = false
	}
	const close = () => {
		signal.removeEventListener('abort', hint)
		forget()
	}
	return {pause, close}
}
