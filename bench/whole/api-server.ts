/**
 * `node bench/whole/api-server.ts SIZE KUBECONFIG`: an API server double that has all objects of the benchmark. Says
 * its URL on stdout when it serves; does what a line on stdin says, and answers with a line of JSON.
 */
import {writeFile} from 'node:fs/promises'
import {createInterface} from 'node:readline'
import {setTimeout as pause} from 'node:timers/promises'
import type {ApiObject} from '../../test/support/api-server/api-object.ts'
import {startApiServer} from '../../test/support/api-server/start-api-server.ts'
import {makeObjects, type Size} from '../objects.ts'
import {CHURN_RATE, churnedSlice} from '../own/churn.ts'

/** `churn`: 100 endpoints change each second for so long. `cpu`: tells the CPU time of this process so far. */
export type Command = {readonly churnSeconds: number} | {readonly cpu: true}

const [size = '', kubeconfig = ''] = process.argv.slice(2)
const objects = makeObjects(JSON.parse(size) as Size)
const server = await startApiServer({objects: [...objects.all()] as ApiObject[]})
await writeFile(kubeconfig, JSON.stringify(server.kubeConfig('token')))
console.log(server.url)

let sent = 0
const churn = async (seconds: number): Promise<object> => {
	const start = performance.now()
	const before = sent
	for (let elapsed = 0; elapsed < seconds; elapsed = (performance.now() - start) / 1000) {
		for (; sent - before < elapsed * CHURN_RATE; sent++) {
			server.put(churnedSlice(objects, sent).slice as ApiObject)
		}
		await pause(1000 / CHURN_RATE)
	}
	return {changes: sent - before}
}

const obey = async (command: Command): Promise<object> => {
	if ('churnSeconds' in command) {
		return churn(command.churnSeconds)
	}
	const {user, system} = process.cpuUsage()
	return {cpuMs: (user + system) / 1000}
}

for await (const line of createInterface({input: process.stdin})) {
	console.log(JSON.stringify(await obey(JSON.parse(line))))
}
await server.close()
process.exit(0)
