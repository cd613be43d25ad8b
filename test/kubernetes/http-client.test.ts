import {createServer, type Server} from 'node:net'
import {expect} from 'chai'
import {systemClock} from '../../src/clock.ts'
import type {ApiAccess} from '../../src/kubernetes/api-access.ts'
import {readBody} from '../../src/kubernetes/http.ts'
import {createHttpClient, type HttpClient, type HttpClientOptions} from '../../src/kubernetes/http-client.ts'
import {type ApiServer, startApiServer} from '../support/api-server/start-api-server.ts'

describe('HTTP client', () => {
	const closers: (() => unknown)[] = []
	const {signal} = new AbortController()
	const serve = async (names: readonly string[] = []): Promise<ApiServer> => {
		const server = await startApiServer({names})
		closers.push(() => server.close())
		return server
	}
	const clientOf = (access: ApiAccess, options: Partial<HttpClientOptions> = {}): HttpClient => {
		const client = createHttpClient({access, clock: systemClock, ...options})
		closers.push(() => client.close())
		return client
	}
	/** Accepts connections and never answers. */
	const serveSilence = async (): Promise<string> => {
		const server: Server = createServer().listen(0, '127.0.0.1')
		await new Promise(resolve => server.once('listening', resolve))
		server.on('connection', socket => closers.push(() => socket.destroy()))
		closers.push(() => server.close())
		return `https://127.0.0.1:${(server.address() as {port: number}).port}`
	}
	const statusOf = async (client: HttpClient, path: string): Promise<number> => {
		const response = await client.request(path, {signal})
		await readBody(response.body, 1000)
		return response.status
	}
	const versionBy = (client: HttpClient): Promise<number> => statusOf(client, '/version')
	afterEach(async () => {
		await Promise.all(closers.splice(0).map(close => close()))
	})

	for (const [user, status] of [
		['token', 200],
		['certificate', 200],
		['nobody', 401],
	] as const) {
		it(`gets ${status} as user ${user}`, async () => {
			const server = await serve()
			expect(await versionBy(clientOf(server.access(user)))).to.equal(status)
		})
	}

	it('does not talk to a server whose certificate it does not trust', async () => {
		const [server, other] = [await serve(), await serve(['another-authority'])]
		const access = {...other.access(), servers: server.access().servers}
		const error = await versionBy(clientOf(access)).catch(error => error)
		expect(error)
			.to.have.property('code')
			.that.matches(/CERT|SIGNATURE/)
	})

	it('asks for credentials anew after a 401', async () => {
		const server = await serve()
		let forgotten = 0
		const access = {...server.access('nobody'), forget: () => forgotten++}
		await versionBy(clientOf(access))
		expect(forgotten).to.equal(1)
	})

	it('goes on to the next server when one is away, and stays there', async () => {
		const server = await serve()
		const access = {...server.access(), servers: ['https://127.0.0.1:1', server.url]}
		const client = clientOf(access)
		expect(await versionBy(client).catch(error => error.code)).to.equal('ECONNREFUSED')
		expect(await versionBy(client)).to.equal(200)
		expect(await versionBy(client)).to.equal(200)
	})

	it('goes on to the next server once, however many requests fail together', async () => {
		const server = await serve()
		const access = {...server.access(), servers: ['https://127.0.0.1:1', server.url]}
		const client = clientOf(access)
		const codes = await Promise.all([1, 2].map(() => versionBy(client).catch(error => error.code)))
		expect(codes).to.deep.equal(['ECONNREFUSED', 'ECONNREFUSED'])
		expect(await versionBy(client)).to.equal(200)
	})

	it('goes on to the next server when one answers that it cannot serve', async () => {
		const [ill, well] = [await serve(), await serve()]
		ill.fault({fault: 'status', code: 503, times: 2})
		const client = clientOf({...ill.access('certificate'), servers: [ill.url, well.url]})
		expect(await statusOf(client, '/api/v1/nodes')).to.equal(503)
		expect(await statusOf(client, '/api/v1/nodes')).to.equal(200)
	})

	it('gives up a server that accepts and says nothing', async () => {
		const access = {...(await serve()).access(), servers: [await serveSilence()]}
		const error = await versionBy(clientOf(access, {connectMilliseconds: 30})).catch(error => error)
		expect(error.message).to.equal('no connection within 0.03 s')
	})

	it('gives up a server that does not answer', async () => {
		const server = await serve()
		server.fault({fault: 'slow', milliseconds: 200})
		const client = clientOf(server.access(), {headerMilliseconds: 30})
		const error = await client.request('/api/v1/nodes', {signal}).catch(error => error)
		expect(error.message).to.equal('no answer within 0.03 s')
	})

	it('uses one connection for one request after another', async () => {
		const server = await serve()
		const client = clientOf(server.access())
		for (let round = 0; round < 5; round++) {
			const controller = new AbortController()
			const response = await client.request('/version', {signal: controller.signal})
			await readBody(response.body, 1000)
			controller.abort()
		}
		expect(server.connections()).to.equal(1)
	})

	it('asks again on a new connection when the old one was closed just then', async () => {
		const server = await serve()
		const client = clientOf(server.access())
		await versionBy(client)
		server.fault({fault: 'reset'})
		const response = await client.request('/api/v1/nodes', {signal})
		expect(response.status).to.equal(200)
		await readBody(response.body, 1000)
	})

	it('ends a stream when the signal is aborted', async () => {
		const server = await serve()
		const controller = new AbortController()
		const {body} = await clientOf(server.access()).request('/api/v1/nodes?watch=true', {signal: controller.signal})
		setTimeout(() => controller.abort(), 10)
		const error = await readBody(body, 1000).catch(error => error)
		expect(error).to.be.instanceOf(Error)
	})
})
