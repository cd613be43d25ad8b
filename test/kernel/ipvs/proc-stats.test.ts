import {expect} from 'chai'
import {parseStats} from '../../../src/kernel/ipvs/proc-stats.ts'

/** As Linux 6.1 writes it. */
const TEXT = `   Total Incoming Outgoing         Incoming         Outgoing
   Conns  Packets  Packets            Bytes            Bytes
      1A      2BC        0           FFFFFF         100000000

 Conns/s   Pkts/s   Pkts/s          Bytes/s          Bytes/s
       3        A        0              3E8                0
`

describe('/proc/net/ip_vs_stats', () => {
	it('has totals and rates, in hexadecimal', () => {
		expect(parseStats(TEXT)).to.deep.equal({
			total: {connections: 26, packetsIn: 700, packetsOut: 0, bytesIn: 16_777_215, bytesOut: 4_294_967_296},
			perSecond: {connections: 3, packetsIn: 10, packetsOut: 0, bytesIn: 1000, bytesOut: 0},
		})
	})

	it('says nothing where it is not there, or another than it was', () => {
		expect(parseStats('')).to.equal(undefined)
		expect(parseStats(TEXT.slice(0, 180))).to.equal(undefined)
	})
})
