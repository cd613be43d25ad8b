import {spawn} from 'node:child_process'
import {mkdtemp, readFile, rm, writeFile} from 'node:fs/promises'
import {request} from 'node:https'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {expect} from 'chai'

interface Answer {
	readonly status: number
	readonly json: Record<string, unknown>
}

describe('API server double as a process', () => {
	it('loads a folder, writes a kubeconfig and is driven over HTTP', async () => {
		const folder = await mkdtemp(join(tmpdir(), 'kube-lvs-'))
		const service = 'apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {clusterIP: 10.0.0.1}\n'
		await writeFile(join(folder, 'a.yaml'), `${service}---\nkind: Deployment\nmetadata: {name: x}\n`)
		const main = join(import.meta.dirname, 'main.ts')
		const child = spawn(process.execPath, [main, '--objects', folder, '--kubeconfig-out', join(folder, 'config')])
		try {
			const url = await new Promise<string>(resolve => child.stdout.once('data', data => resolve(`${data}`.trim())))
			const config = JSON.parse(await readFile(join(folder, 'config'), 'utf8'))
			const headers = {authorization: `Bearer ${config.users[0].user.token}`}
			const ask = (path: string, body?: object): Promise<Answer> => call(`${url}${path}`, headers, body)
			expect((await ask('/api/v1/services')).json).to.have.nested.property('items[0].metadata.name', 'web')
			await ask('/control', {delete: {kind: 'Service', namespace: 'default', name: 'web'}})
			await ask('/control', {fault: {fault: 'status', code: 503}})
			expect((await ask('/api/v1/services')).status).to.equal(503)
			expect((await ask('/api/v1/services')).json).to.deep.include({items: []})
		} finally {
			const ended = new Promise(resolve => child.once('exit', resolve))
			child.kill()
			expect(await ended).to.equal(0)
			await rm(folder, {recursive: true})
		}
	})
})

const call = (url: string, headers: Record<string, string>, body?: object): Promise<Answer> =>
	new Promise((resolve, reject) => {
		const method = body ? 'POST' : 'GET'
		request(url, {method, headers, rejectUnauthorized: false}, async response => {
			const text = Buffer.concat(await response.toArray()).toString()
			resolve({status: response.statusCode ?? 0, json: JSON.parse(text)})
		})
			.on('error', reject)
			.end(body && JSON.stringify(body))
	})
