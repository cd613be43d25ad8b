import {expect} from 'chai'
import {TrafficReader} from '../../../src/cli/top/traffic-reader.ts'
import {reading} from './build.ts'

const [WEB, DNS, NEW] = ['tcp 10.96.0.10:80', 'udp 10.96.0.53:53', 'tcp 10.96.0.11:80']

/** A kernel with these virtual servers, and who knows their Services. */
const setUp = (isAskedFor: (service: string | undefined) => boolean = () => true) => {
	const keys = [WEB, DNS]
	const read: string[] = []
	let asked = 0
	let owners: Record<string, string> | undefined = {[WEB]: 'shop/web', [NEW]: 'shop/new'}
	const reader = new TrafficReader({
		ipvs: {
			readStats: async () => keys.map(key => reading(key, {})),
			readRealServerStats: async server => {
				read.push(server.key)
				return reading(server.key, {'10.244.1.5:80': 1}).realServers
			},
		},
		askOwners: async () => {
			asked += 1
			return owners
		},
		isAskedFor,
	})
	const answer = (now: typeof owners) => {
		owners = now
	}
	return {keys, read, reader, answer, asked: () => asked}
}

describe('looking at traffic', () => {
	it('asks for owners again only where there is a virtual server that was not there before', async () => {
		const {keys, reader, asked} = setUp()
		expect((await reader.look()).map(({name}) => name)).to.deep.equal(['shop/web', DNS])
		await reader.look()
		expect(asked()).to.equal(1)
		keys.push(NEW)
		expect((await reader.look()).map(({name}) => name)).to.deep.equal(['shop/web', DNS, 'shop/new'])
		keys.pop()
		await reader.look()
		expect(asked()).to.equal(2)
	})

	it('keeps them while nobody answers, and asks until somebody does', async () => {
		const {keys, reader, answer, asked} = setUp()
		const names = async () => (await reader.look()).map(({name}) => name)
		answer(undefined)
		expect(await names()).to.deep.equal([WEB, DNS])
		answer({[WEB]: 'shop/web'})
		expect(await names()).to.deep.equal(['shop/web', DNS])
		answer(undefined)
		keys.push(NEW)
		expect(await names()).to.deep.equal(['shop/web', DNS, NEW])
		expect(asked()).to.equal(3)
	})

	it('learns that a virtual server has become that of another Service', async () => {
		const {reader, answer, asked} = setUp()
		answer({})
		await reader.look()
		answer({[WEB]: 'shop/other'})
		for (let look = 0; look < 20; look++) {
			await reader.look()
		}
		expect((await reader.look())[0]?.name).to.equal('shop/other')
		expect(asked()).to.equal(3)
	})

	it('reads the real servers of no more than is asked for', async () => {
		const {read, reader} = setUp(service => service === 'shop/web')
		expect((await reader.look()).map(({name}) => name)).to.deep.equal(['shop/web'])
		expect(read).to.deep.equal([WEB])
	})
})
