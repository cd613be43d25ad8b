import {get} from 'node:http'
import {type LocalStatus, socketPath} from './local-server.ts'

/** A busy process answers late, but it answers. */
const TIMEOUT_MILLISECONDS = 30_000

/** No socket, or one that a killed process has left behind. */
const NOBODY: ReadonlySet<string | undefined> = new Set(['ENOENT', 'ECONNREFUSED'])

/** The status of the kube-lvs that runs on this node; undefined when none does. Rejects when that cannot be told. */
export const askLocally = (runtimeDirectory: string): Promise<LocalStatus | undefined> =>
	new Promise((resolve, reject) => {
		const fail = (error: NodeJS.ErrnoException) =>
			NOBODY.has(error.code)
				? resolve(undefined)
				: reject(new Error(`${socketPath(runtimeDirectory)}: ${error.message}`, {cause: error}))
		const options = {socketPath: socketPath(runtimeDirectory), path: '/', timeout: TIMEOUT_MILLISECONDS}
		const request = get(options, response => {
			response
				.toArray()
				.then(chunks => resolve(JSON.parse(Buffer.concat(chunks).toString('utf8')) as LocalStatus))
				.catch(fail)
		})
		request.on('timeout', () => request.destroy(new Error('no answer')))
		request.on('error', fail)
	})
