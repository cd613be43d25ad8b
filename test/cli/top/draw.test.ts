import {expect} from 'chai'
import fc from 'fast-check'
import {drawScreen, HEADER_LINE, roomFor, type Size} from '../../../src/cli/top/draw.ts'
import {shownRows, type View} from '../../../src/cli/top/rows.ts'
import type {ServiceTraffic} from '../../../src/cli/top/traffic.ts'
import {historyOf, row, service, traffic} from './build.ts'

const SERVICES: readonly ServiceTraffic[] = [
	service('default/kubernetes', {activeConnections: 2}),
	service('shop/web', {
		activeConnections: 1234,
		inactiveConnections: 56,
		perSecond: {connections: 12.34, packetsIn: 800, packetsOut: 900, bytesIn: 123_456, bytesOut: 7_890_123},
		endpoints: [
			row('10.244.1.5:8080', {activeConnections: 34}),
			row('10.244.1.6:8080', {activeConnections: 1200, perSecond: traffic(1)}),
		],
	}),
]

const draw = (size: Size, view: View = {sort: 'rate', hasEndpoints: true}, services = SERVICES, first = 0) =>
	drawScreen(
		services,
		shownRows(services, view, historyOf(1, 4, 8)),
		{title: 'kube-lvs top  n1', help: 'q quit', first},
		size,
	)

describe('the screen of top', () => {
	it('has Services with their endpoints, the busiest first', () => {
		expect(draw({columns: 110, rows: 11})).to.deep.equal([
			'kube-lvs top  n1',
			'2 Services, 1.2k active connections, 12.3 new/s, in 123kB/s, out 7.9MB/s',
			'',
			'SERVICE             ACTIVE  INACTIVE  CONN/S  IN PKT/S  OUT PKT/S  IN B/S  OUT B/S  HISTORY',
			'shop/web              1.2k        56    12.3       800        900    123k     7.9M  ▁▄█',
			'  10.244.1.6:8080     1.2k         0       1         1          1       1        1  ▁▄█',
			'  10.244.1.5:8080       34         0       0         0          0       0        0  ▁▄█',
			'default/kubernetes       2         0       0         0          0       0        0  ▁▄█',
			'',
			'',
			'q quit',
		])
	})

	it('leaves out what there is no room for', () => {
		const headers = [110, 85, 80, 70, 60, 50, 40, 30, 20, 5].map(columns => draw({columns, rows: 11})[HEADER_LINE])
		expect(headers).to.deep.equal([
			'SERVICE             ACTIVE  INACTIVE  CONN/S  IN PKT/S  OUT PKT/S  IN B/S  OUT B/S  HISTORY',
			'SERVICE             ACTIVE  INACTIVE  CONN/S  IN PKT/S  OUT PKT/S  IN B/S  OUT B/S',
			'SERVICE             ACTIVE  INACTIVE  CONN/S  IN PKT/S  IN B/S  OUT B/S  HISTORY',
			'SERVICE             ACTIVE  INACTIVE  CONN/S  IN B/S  OUT B/S  HISTORY',
			'SERVICE             ACTIVE  CONN/S  IN B/S  OUT B/S  HISTORY',
			'SERVICE             ACTIVE  CONN/S  IN B/S',
			'SERVICE             ACTIVE  CONN/S',
			'SERVICE             CONN/S',
			'SERVICE       CONN/S',
			'  CO…',
		])
	})

	it('cuts long names', () => {
		expect(draw({columns: 20, rows: 11})).to.include('default/kub…       0')
	})

	it('shows Services alone, and sorts otherwise', () => {
		const lines = draw({columns: 80, rows: 10}, {sort: 'name', hasEndpoints: false})
		expect(lines.slice(4, 7).map(line => line.split(' ')[0])).to.deep.equal(['default/kubernetes', 'shop/web', ''])
	})

	it('begins with any row', () => {
		const lines = draw({columns: 80, rows: 7}, undefined, SERVICES, 2)
		expect(lines.slice(4, 6).map(line => line.trim().split(' ')[0])).to.deep.equal([
			'10.244.1.5:8080',
			'default/kubernetes',
		])
	})

	it('moves no cursor, whatever names are', () => {
		const lines = draw({columns: 80, rows: 10}, undefined, [service('a\u001b[2Jb\nc')])
		expect(lines.join('')).to.not.match(/\p{Cc}/u)
	})

	it('fits any terminal', () => {
		const anyService = fc.tuple(fc.string(), fc.nat(1e9), fc.array(fc.string())).map(([name, number, endpoints]) =>
			service(name, {
				activeConnections: number,
				perSecond: traffic(number / 7),
				endpoints: endpoints.map(name => row(name)),
			}),
		)
		fc.assert(
			fc.property(
				fc.array(anyService),
				fc.record({columns: fc.nat(200), rows: fc.nat(60)}),
				fc.nat(100),
				(services, size, first) => {
					const lines = draw(size, undefined, services, first)
					expect(lines).to.have.length(size.rows)
					for (const line of lines) {
						expect(line).to.have.length.at.most(size.columns)
					}
					expect(roomFor(size)).to.be.at.least(1)
				},
			),
		)
	})
})
