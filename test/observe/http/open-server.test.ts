import {createServer, type Server} from 'node:net'
import {expect} from 'chai'
import type {Address} from '../../../src/net/address.ts'
import {type Answerer, textAnswer} from '../../../src/observe/http/answer.ts'
import {type HttpServer, type OpenServer, onBothFamilies, openServer} from '../../../src/observe/http/open-server.ts'
import {eventually} from '../../support/eventually.ts'
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

	it('sends what follows a body as it is made, and stops when nobody reads on', async () => {
		let [made, isStopped] = [0, false]
		function* endless() {
			try {
				for (; made < 100_000; made++) {
					yield 'x'.repeat(10_000)
				}
			} finally {
				isStopped = true
			}
		}
		await open(path => ({...textAnswer('first,'), more: path === '/short' ? ['second,', 'third'] : endless()}))
		expect(await (await fetch(`${url}/short`)).text()).to.equal('first,second,third')
		const leaving = new AbortController()
		const response = await fetch(`${url}/endless`, {signal: leaving.signal})
		expect(response.status).to.equal(200)
		leaving.abort()
		await eventually(() => expect(isStopped).to.equal(true))
		expect(made).to.be.below(10_000)
		expect(await (await fetch(`${url}/short`)).text()).to.equal('first,second,third')
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

describe('a server on all addresses of a node', () => {
	const ALL = {address: '0.0.0.0' as Address, port: 10256}
	const opened = async (where: typeof ALL, code?: string): Promise<readonly string[]> => {
		const calls: string[] = []
		const open: OpenServer = async ({address, isIPv6Only = false}) => {
			calls.push(`${address}${isIPv6Only ? ' alone' : ''}`)
			if (address === '::' && code) {
				throw Object.assign(new Error(code), {code})
			}
			return {close: () => undefined}
		}
		await onBothFamilies(open)(where, () => undefined).catch(error => calls.push(error.message))
		return calls
	}

	it('listens in both families', async () => {
		expect(await opened(ALL)).to.deep.equal(['::'])
	})

	it('listens in IPv4 where there is no IPv6', async () => {
		expect(await opened(ALL, 'EAFNOSUPPORT')).to.deep.equal(['::', '0.0.0.0'])
		expect(await opened(ALL, 'EADDRNOTAVAIL')).to.deep.equal(['::', '0.0.0.0'])
	})

	it('is refused where another one listens', async () => {
		expect(await opened(ALL, 'EADDRINUSE')).to.deep.equal(['::', 'EADDRINUSE'])
	})

	it('keeps to an address that is given', async () => {
		expect(await opened({...ALL, address: '::1' as Address})).to.deep.equal(['::1'])
		expect(await opened({...ALL, address: HERE})).to.deep.equal([HERE])
	})

	it('is reached over IPv4 by a server that listens in both', async () => {
		const port = await freePort()
		const server = await onBothFamilies(openServer)({...ALL, port}, () => textAnswer('here'))
		const answer = await (await fetch(`http://127.0.0.1:${port}`)).text()
		server.close()
		expect(answer).to.equal('here')
	})
})
