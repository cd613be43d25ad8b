import {mkdir, rm} from 'node:fs/promises'
import {createServer} from 'node:http'
import {connect, type Server} from 'node:net'
import {join} from 'node:path'
import type {Problem} from '../model/problem.ts'
import type {MarkedTarget} from './marked-targets.ts'

/** What a running kube-lvs tells the commands on its node. */
export interface LocalStatus {
	readonly pid: number
	/** `namespace/name` of the Service behind each virtual server, by key. */
	readonly owners: Readonly<Record<string, string>>
	/** What clients of virtual servers for firewall marks send to. Older versions do not tell. */
	readonly targets?: readonly MarkedTarget[]
	/** What an operator has to know now: who else works on what is ours. Older versions do not tell. */
	readonly warnings?: readonly string[]
	/** The first of what cannot be served as written, and how many there are besides. Older versions do not tell. */
	readonly problems?: {readonly items: readonly Problem[]; readonly more: number}
}

export interface LocalAnswers {
	readonly status: () => LocalStatus
	/** What became of a Service (`namespace/name`); undefined where there is none of this name. */
	readonly explain: (service: string) => object | undefined
}

/** Where `explain` is asked. */
export const EXPLAIN_PATH = '/explain'

export const socketPath = (runtimeDirectory: string): string => join(runtimeDirectory, 'kube-lvs.sock')

/**
 * Answers requests on a socket in the runtime directory as JSON: `/explain?service=namespace%2Fname` with an
 * `{explanation}`, every other one with the status. Rejects while another process
 * answers there; a socket that is left over from a killed one is replaced.
 */
export const serveLocally = async (
	runtimeDirectory: string,
	answers: LocalAnswers,
): Promise<{readonly close: () => Promise<void>}> => {
	const path = socketPath(runtimeDirectory)
	await mkdir(runtimeDirectory, {recursive: true, mode: 0o700})
	const server = createServer((request, response) => {
		response.setHeader('Content-Type', 'application/json')
		response.end(JSON.stringify(answerTo(request.url ?? '/', answers)))
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

/** Whatever is asked: nothing that somebody writes there may end the process. */
const answerTo = (path: string, {status, explain}: LocalAnswers): object => {
	try {
		const {pathname, searchParams} = new URL(path, 'http://localhost')
		return pathname === EXPLAIN_PATH ? {explanation: explain(searchParams.get('service') ?? '') ?? null} : status()
	} catch (error) {
		return {error: error instanceof Error ? error.message : String(error)}
	}
}

const listen = (server: Server, path: string): Promise<void> =>
	new Promise((resolve, reject) => {
		server.once('error', reject)
		server.listen(path, () => {
			// From now on an error is that of one connection that could not be taken.
			server.off('error', reject).on('error', () => undefined)
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
