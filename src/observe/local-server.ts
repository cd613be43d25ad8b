import {mkdir, rm} from 'node:fs/promises'
import {createServer} from 'node:http'
import {join} from 'node:path'

/** What a running kube-lvs tells the commands on its node. */
export interface LocalStatus {
	readonly pid: number
	/** `namespace/name` of the Service behind each virtual server, by key. */
	readonly owners: Readonly<Record<string, string>>
	/** What an operator has to know now: who else works on what is ours. Older versions do not tell. */
	readonly warnings?: readonly string[]
}

export const socketPath = (runtimeDirectory: string): string => join(runtimeDirectory, 'kube-lvs.sock')

/**
 * Answers every request on a socket in the runtime directory with the status as JSON. The caller has made sure that
 * nobody answers there yet: a socket that is left over from a killed process is replaced.
 */
export const serveLocally = async (
	runtimeDirectory: string,
	status: () => LocalStatus,
): Promise<{readonly close: () => Promise<void>}> => {
	const path = socketPath(runtimeDirectory)
	await mkdir(runtimeDirectory, {recursive: true, mode: 0o700})
	await rm(path, {force: true})
	const server = createServer((_request, response) => {
		response.setHeader('Content-Type', 'application/json')
		response.end(JSON.stringify(status()))
	})
	await new Promise<void>((resolve, reject) => {
		server.once('error', reject)
		server.listen(path, resolve)
	})
	return {
		close: () =>
			new Promise(resolve => {
				server.closeAllConnections()
				server.close(() => resolve())
			}),
	}
}
