import {mkdtemp, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {expect} from 'chai'
import {stringify} from 'yaml'
import {systemClock} from '../../src/clock.ts'
import {readBody} from '../../src/kubernetes/http.ts'
import {createHttpClient} from '../../src/kubernetes/http-client.ts'
import {type KubeConfigOptions, loadKubeConfig} from '../../src/kubernetes/kube-config.ts'
import {type ApiServer, startApiServer} from '../support/api-server/start-api-server.ts'

describe('kubeconfig', () => {
	let server: ApiServer
	let folder: string
	const {signal} = new AbortController()
	before(async () => {
		server = await startApiServer()
		folder = await mkdtemp(join(tmpdir(), 'kube-lvs-'))
	})
	after(async () => {
		await server.close()
		await rm(folder, {recursive: true})
	})
	const write = async (name: string, text: string): Promise<string> => {
		await writeFile(join(folder, name), text)
		return join(folder, name)
	}
	const statusWith = async (options: KubeConfigOptions): Promise<number> => {
		const access = await loadKubeConfig(options)
		const client = createHttpClient({access, clock: systemClock})
		try {
			const response = await client.request('/version', {signal})
			await readBody(response.body, 1000)
			return response.status
		} finally {
			client.close()
		}
	}

	for (const [user, status] of [
		['token', 200],
		['certificate', 200],
		['nobody', 401],
	] as const) {
		it(`by ${user}`, async () => {
			const kubeconfig = await write(`${user}.yaml`, stringify(server.kubeConfig(user)))
			expect(await statusWith({kubeconfig})).to.equal(status)
		})
	}

	it('by a token file beside it, as kube-proxy has it; read again after a 401', async () => {
		const config = server.kubeConfig() as {users: unknown}
		config.users = [{name: 'token', user: {tokenFile: 'token'}}]
		const kubeconfig = await write('file.yaml', stringify(config))
		await write('token', 'outdated\n')
		const access = await loadKubeConfig({kubeconfig})
		const client = createHttpClient({access, clock: systemClock})
		const statuses: number[] = []
		for (const _ of [1, 2]) {
			const response = await client.request('/version', {signal})
			await readBody(response.body, 1000)
			statuses.push(response.status)
			await write('token', `${await tokenOf(server)}\n`)
		}
		client.close()
		expect(statuses).to.deep.equal([401, 200])
	})

	it('by a program that gives the token', async () => {
		const config = server.kubeConfig() as {users: unknown}
		const credential = {kind: 'ExecCredential', status: {token: await tokenOf(server)}}
		const exec = {apiVersion: 'client.authentication.k8s.io/v1', command: 'echo', args: [JSON.stringify(credential)]}
		config.users = [{name: 'token', user: {exec}}]
		expect(await statusWith({kubeconfig: await write('exec.yaml', stringify(config))})).to.equal(200)
	})

	it('with other addresses of API servers', async () => {
		const kubeconfig = await write('other.yaml', stringify(server.kubeConfig()))
		const {servers} = await loadKubeConfig({kubeconfig, servers: ['https://a:1/', 'https://b:2']})
		expect(servers).to.deep.equal(['https://a:1', 'https://b:2'])
	})

	it('by $KUBECONFIG', async () => {
		const before = process.env.KUBECONFIG
		process.env.KUBECONFIG = await write('env.yaml', stringify(server.kubeConfig()))
		try {
			expect(await statusWith({})).to.equal(200)
		} finally {
			restore('KUBECONFIG', before)
		}
	})

	it('says what is missing where there is none', async () => {
		const names = ['KUBECONFIG', 'KUBERNETES_SERVICE_HOST']
		const before = names.map(name => process.env[name])
		for (const name of names) {
			delete process.env[name]
		}
		try {
			const error = await loadKubeConfig().catch(error => error)
			expect(error.message).to.match(/^no kubeconfig: /)
		} finally {
			for (const [index, name] of names.entries()) {
				restore(name, before[index])
			}
		}
	})
})

const tokenOf = async (server: ApiServer): Promise<string> =>
	((await server.access().credentials()).headers.Authorization ?? '').replace('Bearer ', '')

const restore = (name: string, value: string | undefined): void => {
	if (value === undefined) {
		delete process.env[name]
	} else {
		process.env[name] = value
	}
}
