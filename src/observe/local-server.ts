import {mkdir, rm} from 'node:fs/promises'
import {createServer} from 'node:http'
import {connect, type Server} from 'node:net'
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
 * Answers every request on a socket in the runtime directory with the status as JSON. Rejects while another process
 * answers there; a socket that is left over from a killed one is replaced.
 */
export const serveLocally = async (
	runtimeDirectory: string,
	status: () => LocalStatus,
): Promise<{readonly close: () => Promise<void>}> => {
	const path = socketPath(runtimeDirectory)
	await mkdir(runtimeDirectory, {recursive: true, mode: 0o700})
	const server = createServer((_request, response) => {
		response.setHeader('Content-Type', 'application/json')
		response.end(JSON.stringify(status()))
	})
	await listen(server, path).catch(async error => {
		if (error.code !== 'EADDRINUSE' || (await isAnswered(path))) {
			throw error
		}
		await rm(path, {force: true})
		await listen(server, path)
	})
	return {
		close: () =>
			new Promise(resolve => {
				server.closeAllConnections()
				server.close(() => resolve())
			}),
	}
}

const listen = (server: Server, path: string): Promise<void> =>
	new Promise((resolve, reject) => {
		server.once('error', reject)
		server.listen(path, () => {
			server.off('error', reject)
			resolve()
		})
	})

const isAnswered = (path: string): Promise<boolean> =>
	new Promise(resolve => {
		const socket = connect(path, () => {
			socket.destroy()
			resolve(true)
		})
		socket.once('error', () => resolve(false))
	})
