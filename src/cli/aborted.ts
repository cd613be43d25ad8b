import {once} from 'node:events'

export const aborted = async (signal: AbortSignal): Promise<void> => {
	if (!signal.aborted) {
		await once(signal, 'abort')
	}
}
