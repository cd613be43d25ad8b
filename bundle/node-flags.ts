import {readFileSync} from 'node:fs'

/** What Node.js is started with, as the first line of the program has it: for those who run something else like it. */
export const NODE_FLAGS: readonly string[] =
	readFileSync(new URL('start.mjs', import.meta.url), 'utf8')
		.split('\n')[0]
		?.split(' ')
		.filter(word => word.startsWith('--')) ?? []
