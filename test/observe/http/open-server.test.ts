import {createServer, type Server} from 'node:net'
import {expect} from 'chai'
import type {Address} from '../../../src/net/address.ts'
import {type Answerer, textAnswer} from '../../../src/observe/http/answer.ts'
import {type HttpServer, openServer} from '../../../src/observe/http/open-server.ts'
import {freePort} from './free-port.ts'

const HERE = '127.0.0.1' as Address

describe('an HTTP server of ours', () => {
	let server: HttpServer | undefined
	let url = ''
	const open = async (answer: Answerer): Promise<void> => {
		const port = await freePort()
		server = await openServer({address: HERE, port}, answer)
		url = `http://127.0.0.1:${port}`
	}
	afterEach(() => {
		server?.close()
		server = undefined
	})

	it('answers any method with status, headers and body', async () => {
		await open(path => ({status: 503, headers: {'X-Test': path}, body: `at ${path}`}))
		for (const method of ['GET', 'POST', 'DELETE']) {
			const response = await fetch(`${url}/some?q=1`, {method, ...(method === 'POST' && {body: 'something'})})
			expect(response.status).to.equal(503)
			expect(response.headers.get('x-test')).to.equal('/some')
			expect(await response.text()).to.equal('at /some')
		}
	})

	it('knows what it does not serve', async () => {
		await open(path => (path === '/here' ? textAnswer('yes') : undefined))
		expect((await fetch(`${url}/there`)).status).to.equal(404)
		expect(await (await fetch(`${url}/here`)).text()).to.equal('yes')
	})

	it('lives on when an answer cannot be made', async () => {
		let isBroken = true
		await open(() => {
			if (isBroken) {
				throw new Error('broken')
			}
			return textAnswer('mended')
		})
		expect((await fetch(url)).status).to.equal(500)
		isBroken = false
		expect(await (await fetch(url)).text()).to.equal('mended')
	})

	it('gives its port back at once, even while a client holds a connection', async () => {
		const port = await freePort()
		const first = await openServer({address: HERE, port}, () => textAnswer('first'))
		expect(await (await fetch(`http://127.0.0.1:${port}`)).text()).to.equal('first')
		first.close()
		server = await openServer({address: HERE, port}, () => textAnswer('second'))
		expect(await (await fetch(`http://127.0.0.1:${port}`)).text()).to.equal('second')
	})

	it('is refused with the code of the system where another one listens', async () => {
		const other: Server = createServer()
		const port = await freePort()
		await new Promise<void>(resolve => other.listen(port, '127.0.0.1', resolve))
		const error = await openServer({address: HERE, port}, () => undefined).catch(error => error)
		await new Promise(resolve => other.close(resolve))
		expect(error.code).to.equal('EADDRINUSE')
	})
})
