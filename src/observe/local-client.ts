import {get} from 'node:http'
import {EXPLAIN_PATH, type LocalStatus, socketPath} from './local-server.ts'

/** A busy process answers late, but it answers. */
const TIMEOUT_MILLISECONDS = 30_000

/** No socket, or one that a killed process has left behind. */
const NOBODY: ReadonlySet<string | undefined> = new Set(['ENOENT', 'ECONNREFUSED'])

/** The status of the kube-lvs that runs on this node; undefined when none does. Rejects when that cannot be told. */
export const askLocally = async (runtimeDirectory: string): Promise<LocalStatus | undefined> =>
	(await ask(runtimeDirectory, '/')) as LocalStatus | undefined

/**
 * What became of a Service (`namespace/name`), as the kube-lvs that runs on this node tells it: undefined when none
 * does, null where it knows no such Service. Rejects when that cannot be told.
 */
export const askToExplain = async (runtimeDirectory: string, service: string): Promise<object | null | undefined> => {
	const answer = await ask(runtimeDirectory, `${EXPLAIN_PATH}?${new URLSearchParams({service})}`)
	if (answer === undefined) {
		return undefined
	}
	const {explanation, error = 'the kube-lvs that runs is too old to explain'} = answer as {
		readonly explanation?: object | null
		readonly error?: string
	}
	if (explanation === undefined) {
		throw new Error(error)
	}
	return explanation
}

const ask = (runtimeDirectory: string, path: string): Promise<unknown> =>
	new Promise((resolve, reject) => {
		const fail = (error: NodeJS.ErrnoException) =>
			NOBODY.has(error.code)
				? resolve(undefined)
				: reject(new Error(`${socketPath(runtimeDirectory)}: ${error.message}`, {cause: error}))
		const options = {socketPath: socketPath(runtimeDirectory), path, timeout: TIMEOUT_MILLISECONDS}
		const request = get(options, response => {
			response
				.toArray()
				.then(chunks => resolve(JSON.parse(Buffer.concat(chunks).toString('utf8'))))
				.catch(fail)
		})
		request.on('timeout', () => request.destroy(new Error('no answer')))
		request.on('error', fail)
	})
