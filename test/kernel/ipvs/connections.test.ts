import {expect} from 'chai'
import fc from 'fast-check'
import {parseConnections} from '../../../src/kernel/ipvs/connections.ts'

/** As a Linux 6.1 shows it. */
const TEXT = `Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires PEName PEData
TCP C00002C8 9C40 0A60000A 0050 0AF40105 1F90 ESTABLISHED     899
UDP C00002C8 0035 0A60000A 0035 0AF40105 14E9 UDP             299
UDP C00002C8 0000 0A60000A 13C4 0AF40105 13C4 NONE            599 sip 1-2 3@host
IP  C0000200 0000 00001001 0000 0AF40105 0000 NONE             60
TCP 2001:0db8:0000:0000:0000:0000:0000:0200 9C41 fd00:0096:0000:0000:0000:0000:0000:000a 0050 fd00:0244:0000:0000:0000:0000:0000:0005 1F90 SYN_RECV         59
TCP C00002C8 9C40 0A60000A
`

const parse = async (text: string, size: number) => {
	const pieces = Array.from({length: Math.ceil(text.length / size)}, (_, at) => text.slice(at * size, (at + 1) * size))
	return (await Array.fromAsync(parseConnections(pieces))).flat()
}

describe('/proc/net/ip_vs_conn', () => {
	it('has connections, and what is remembered of clients', async () => {
		const [tcp, udp, sip, mark, ipv6, ...others] = await parse(TEXT, TEXT.length)
		expect(tcp).to.deep.equal({
			protocol: 'tcp',
			client: {address: '192.0.2.200', port: 40_000},
			virtual: {address: '10.96.0.10', port: 80},
			realServer: {address: '10.244.1.5', port: 8080},
			state: 'ESTABLISHED',
			expiresSeconds: 899,
		})
		expect(udp).to.include({protocol: 'udp', state: 'UDP', expiresSeconds: 299})
		expect(sip).to.deep.include({engine: {name: 'sip', data: '1-2 3@host'}})
		expect(mark).to.deep.include({protocol: 'ip', virtual: {address: '0.0.16.1', port: 0}})
		expect(ipv6).to.deep.include({
			client: {address: '2001:db8::200', port: 40_001},
			virtual: {address: 'fd00:96::a', port: 80},
			realServer: {address: 'fd00:244::5', port: 8080},
		})
		expect(others).to.deep.equal([])
	})

	it('is the same wherever its pieces end', async () => {
		const whole = await parse(TEXT, TEXT.length)
		await fc.assert(
			fc.asyncProperty(fc.integer({min: 1, max: 200}), async size => {
				expect(await parse(TEXT, size)).to.deep.equal(whole)
			}),
		)
	})

	it('may lack its last line feed, and have anything in it', async () => {
		expect(await parse(TEXT.trimEnd().split('\n').slice(0, 2).join('\n'), 100)).to.have.length(1)
		await fc.assert(fc.asyncProperty(fc.string(), async text => void (await parse(text, 10))))
	})
})
