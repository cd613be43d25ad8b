import type {Readable} from 'node:stream'

const KEPT = 8000

/** Reads the streams, keeps the end of what they said, and gives it when asked. */
export const lastLines = (streams: readonly Readable[], lines = 60): (() => string) => {
	let text = ''
	for (const stream of streams) {
		stream.setEncoding('utf8').on('data', (chunk: string) => {
			text = (text + chunk).slice(-KEPT)
		})
	}
	return () => text.replaceAll('\r', '').trim().split('\n').slice(-lines).join('\n')
}
