import {expect} from 'chai'
import {MemberEncoder} from '../../../src/kernel/ipset/member-encoder.ts'
import {SET_DEFINITIONS} from '../../../src/state/ipset.ts'

const encoderOf = (name: string): MemberEncoder => new MemberEncoder(SET_DEFINITIONS.get(name) ?? expect.fail(name))

const NONE: readonly (readonly [set: string, entry: string])[] = [
	['KUBE-IPVS-IPS', ''],
	['KUBE-IPVS-IPS', 'fd00::1'],
	['KUBE-IPVS-IPS', '10.96.0.1,tcp:80'],
	['KUBE-IPVS-IPS', '10.96.0.256'],
	['KUBE-6-IPVS-IPS', '10.96.0.1'],
	['KUBE-6-IPVS-IPS', '::ffff:10.96.0.1'],
	['KUBE-6-IPVS-IPS', 'fe80::1%eth0'],
	['KUBE-CLUSTER-IP', '10.96.0.1'],
	['KUBE-CLUSTER-IP', '10.96.0.1,tcp'],
	['KUBE-CLUSTER-IP', '10.96.0.1,80'],
	['KUBE-CLUSTER-IP', '10.96.0.1,tcp:'],
	['KUBE-CLUSTER-IP', '10.96.0.1,tcp:65536'],
	['KUBE-CLUSTER-IP', '10.96.0.1,gre:80'],
	['KUBE-CLUSTER-IP', '10.96.0.1,256:80'],
	['KUBE-CLUSTER-IP', '10.96.0.1,tcp:80,10.96.0.1'],
	['KUBE-LOOP-BACK', '10.96.0.1,tcp:80,fd00::1'],
	['KUBE-LOAD-BALANCER-SOURCE-CIDR', '10.96.0.1,tcp:80,10.0.0.0/33'],
	['KUBE-LOAD-BALANCER-SOURCE-CIDR', '10.96.0.1,tcp:80,10.0.0.0/'],
	['KUBE-NODE-PORT-TCP', '65536'],
	['KUBE-NODE-PORT-TCP', 'tcp:80'],
	['KUBE-LVS-INSIDE', '10.96.0.1,tcp:80 skbmark 1'],
	['KUBE-LVS-INSIDE', '10.96.0.1,tcp:80 skbmark 0x123456789'],
	['KUBE-LVS-INSIDE', '10.96.0.1,tcp:80 skbprio 1:1'],
]

describe('a member of a set', () => {
	for (const [set, entry] of NONE) {
		it(`is not what ${set} takes: "${entry}"`, () => {
			expect(encoderOf(set).add(entry)).to.equal(undefined)
		})
	}

	it('is written as the kernel wants it', () => {
		const message = encoderOf('KUBE-LVS-INSIDE').add('10.96.0.1,sctp:443 skbmark 0x400001/0x43fff') ?? expect.fail()
		const bytes = Buffer.alloc(message.size)
		message.write(bytes, 0)
		const expected = [
			'5c000000 0906 0100 00000000 00000000', // struct nlmsghdr: add, a request
			'00000000', // struct nfgenmsg
			'0500 0100 06 000000', // protocol 6
			`1400 0200 ${Buffer.from('KUBE-LVS-INSIDE\0').toString('hex')}`,
			'2c00 0780', // data, nested
			'0c00 0180 0800 0140 0a600001', // address, nested, in network byte order
			'0600 0440 01bb 0000', // port
			'0500 0700 84 000000', // protocol of the port
			'0c00 1b40 00400001 00043fff', // mark and mask
		].map(line => line.replaceAll(' ', ''))
		expect(bytes.toString('hex')).to.equal(expected.join(''))
	})

	it('of any protocol can be deleted, whatever its mark', () => {
		expect(encoderOf('KUBE-CLUSTER-IP').delete('10.96.0.1,1:2048')).to.be.an('object')
		const encoder = encoderOf('KUBE-LVS-INSIDE')
		const [bare, marked] = ['', ' skbmark 0x1/0x1'].map(mark => {
			const message = encoder.delete(`10.96.0.1,tcp:80${mark}`) ?? expect.fail()
			const bytes = Buffer.alloc(message.size)
			message.write(bytes, 0)
			return bytes
		})
		expect(marked).to.deep.equal(bare)
	})
})
