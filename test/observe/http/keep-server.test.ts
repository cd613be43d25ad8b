import {expect} from 'chai'
import {keepServer} from '../../../src/observe/http/keep-server.ts'
import {createManualClock} from '../../kubernetes/manual-clock.ts'
import {address} from '../../state/build.ts'
import {FakeServers} from '../../support/fake-servers.ts'

const keep = (isHardFail: boolean) => {
	const servers = new FakeServers()
	const clock = createManualClock()
	const messages: string[] = []
	const where = {address: address('0.0.0.0'), port: 10256}
	servers.taken.add('0.0.0.0:10256')
	const kept = keepServer(
		{name: 'healthzBindAddress', where, answer: () => undefined},
		{open: servers.open, clock, report: message => void messages.push(message), isHardFail},
	)
	return {servers, clock, messages, kept}
}

const MESSAGE =
	'healthzBindAddress: cannot listen on 0.0.0.0:10256: EADDRINUSE, another process does; a kube-proxy that still runs?'

describe('a server that is to be there', () => {
	it('is tried again every 5 seconds, and each failure said, until it is', async () => {
		const {servers, clock, messages, kept} = keep(false)
		const server = await kept
		expect(messages).to.deep.equal([MESSAGE])
		await clock.advance(4999)
		expect(messages).to.have.length(1)
		await clock.advance(1)
		expect(messages).to.deep.equal([MESSAGE, MESSAGE])
		servers.taken.clear()
		await clock.advance(5000)
		expect(servers.addresses).to.deep.equal(['0.0.0.0:10256'])
		server.close()
		expect(servers.addresses).to.deep.equal([])
		await clock.advance(60_000)
		expect(messages).to.have.length(2)
	})

	it('is not tried again once it was closed', async () => {
		const {servers, clock, kept} = keep(false)
		const server = await kept
		server.close()
		servers.taken.clear()
		await clock.advance(60_000)
		expect(servers.addresses).to.deep.equal([])
	})

	it('is closed when it opens after that', async () => {
		const {servers, clock, kept} = keep(false)
		const server = await kept
		servers.taken.clear()
		const passing = clock.advance(5000)
		server.close()
		await passing
		expect(servers.addresses).to.deep.equal([])
	})

	it('is an error at once where that is asked for', async () => {
		const {messages, kept} = keep(true)
		expect((await kept.catch(error => error)).message).to.equal(MESSAGE)
		expect(messages).to.deep.equal([])
	})
})
