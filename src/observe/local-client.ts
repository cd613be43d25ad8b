import {get} from 'node:http'
import {type LocalStatus, socketPath} from './local-server.ts'

/** The status of the kube-lvs that runs on this node; undefined when none does. */
export const askLocally = (runtimeDirectory: string): Promise<LocalStatus | undefined> =>
	new Promise(resolve => {
		const request = get({socketPath: socketPath(runtimeDirectory), path: '/', timeout: 5000}, response => {
			let text = ''
			response.setEncoding('utf8')
			response.on('data', chunk => {
				text += chunk
			})
			response.on('end', () => resolve(parseStatus(text)))
			response.on('error', () => resolve(undefined))
		})
		request.on('timeout', () => request.destroy())
		request.on('error', () => resolve(undefined))
	})

const parseStatus = (text: string): LocalStatus | undefined => {
	try {
		return JSON.parse(text) as LocalStatus
	} catch {
		return undefined
	}
}
