import {expect} from 'chai'
import {History} from '../../../src/cli/top/history.ts'
import {nextSort, SORTS, sorted} from '../../../src/cli/top/sort.ts'
import {groupByService} from '../../../src/cli/top/traffic.ts'
import {reading, row, service, traffic} from './build.ts'

const [WEB, WEB6, DNS] = ['tcp 10.96.0.10:80', 'tcp [fd00:96::a]:80', 'udp 10.96.0.53:53']

describe('traffic', () => {
	it('is that of all virtual servers of a Service, and of the endpoints that they have in common', () => {
		const owners = new Map([
			[WEB, 'shop/web'],
			[WEB6, 'shop/web'],
		])
		const readings = [
			reading(WEB, {'10.244.1.5:80': 10, '10.244.1.6:80': 20}, 1),
			reading(DNS, {'10.244.1.8:53': 5}, 1),
			reading(WEB6, {'10.244.1.5:80': 100}, 2),
		]
		const [web, dns, ...others] = groupByService(readings, key => owners.get(key))
		expect(web).to.deep.include({
			name: 'shop/web',
			service: 'shop/web',
			virtualServers: [WEB, WEB6],
			activeConnections: 3,
			inactiveConnections: 6,
			total: traffic(130),
			perSecond: traffic(3),
		})
		expect(web?.endpoints).to.deep.equal([
			row('10.244.1.5:80', {activeConnections: 2, inactiveConnections: 4, total: traffic(110), perSecond: traffic(3)}),
			row('10.244.1.6:80', {activeConnections: 1, inactiveConnections: 2, total: traffic(20), perSecond: traffic(1)}),
		])
		expect(dns).to.deep.include({name: DNS, service: undefined, virtualServers: [DNS]})
		expect(others).to.deep.equal([])
	})
})

describe('rows', () => {
	const ROWS = [
		row('b', {perSecond: traffic(1, {bytesOut: 9}), activeConnections: 1}),
		row('a', {perSecond: traffic(1, {packetsIn: 9}), activeConnections: 1}),
		row('c', {perSecond: traffic(0, {connections: 2}), activeConnections: 0}),
	]
	const ORDERS = {rate: 'cab', bytes: 'bac', packets: 'abc', active: 'abc', name: 'abc'}
	for (const sort of SORTS) {
		it(`are sorted by ${sort}, and by name where they are equal`, () => {
			expect(
				sorted(ROWS, sort)
					.map(({name}) => name)
					.join(''),
			).to.equal(ORDERS[sort])
		})
	}

	it('have each order in turn', () => {
		expect(SORTS.map(nextSort)).to.have.members([...SORTS])
		expect(nextSort('name')).to.equal('rate')
	})
})

describe('the history', () => {
	const endpoint = (rate: number) => row('10.244.1.5:80', {perSecond: traffic(rate)})
	const web = (rate: number) =>
		service('shop/web', {perSecond: traffic(rate), activeConnections: 5, endpoints: [endpoint(rate * 2)]})

	it('has the last sixty looks of Services and endpoints', () => {
		const history = new History()
		for (let rate = 1; rate <= 70; rate++) {
			history.take([web(rate)], 'rate')
		}
		const last = Array.from({length: 60}, (_, at) => at + 11)
		expect(history.of(web(0))).to.deep.equal(last)
		expect(history.of(web(0), endpoint(0))).to.deep.equal(last.map(rate => rate * 2))
	})

	it('forgets what is gone, and begins with what is above 0', () => {
		const history = new History()
		history.take([web(0)], 'rate')
		expect(history.of(web(0))).to.deep.equal([])
		history.take([web(1)], 'rate')
		history.take([web(0)], 'rate')
		expect(history.of(web(0))).to.deep.equal([1, 0])
		history.take([], 'rate')
		expect(history.of(web(0))).to.deep.equal([])
	})

	it('begins anew with another metric', () => {
		const history = new History()
		history.take([web(1)], 'rate')
		history.take([web(2)], 'active')
		expect(history.of(web(0))).to.deep.equal([5])
	})
})
