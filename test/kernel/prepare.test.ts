import {expect} from 'chai'
import {prepareKernel} from '../../src/kernel/prepare.ts'
import {FakeKernel} from '../support/fake-kernel/fake-kernel.ts'

const prepare = (fake: FakeKernel) => prepareKernel(fake.doors, {load: true})

describe('what a node can do', () => {
	it('is everything where nothing is missing', async () => {
		expect(await prepare(new FakeKernel())).to.deep.equal({families: ['ipv4', 'ipv6'], variant: 'nft', missing: []})
	})

	it('is said to lack IPVS, ipset and iptables, each with a remedy', async () => {
		const fake = new FakeKernel()
		fake.ipvs.isLoaded = false
		fake.exec.missing.add('ipset').add('iptables-nft')
		const {missing} = await prepare(fake)
		expect(missing.map(({what}) => what)).to.deep.equal([
			'IPVS in the kernel',
			'the program ipset',
			'the program iptables',
		])
		expect(missing.every(({remedy}) => remedy !== '')).to.equal(true)
	})

	it('names the right that is missing, not the program', async () => {
		const fake = new FakeKernel()
		fake.failNext({
			kind: 'exec',
			program: 'ipset',
			exitCode: 1,
			stderr: 'Kernel error received: Operation not permitted',
		})
		const {missing} = await prepare(fake)
		expect(missing).to.deep.equal([
			{what: 'the right to use ipset', remedy: 'run as root, or with the capability NET_ADMIN'},
		])
	})

	it('is IPv4 alone where IPv6 is off, or ip6tables does not work', async () => {
		const off = new FakeKernel({sysctls: {'net/ipv6/conf/all/disable_ipv6': '1'}})
		expect((await prepare(off)).families).to.deep.equal(['ipv4'])
		const broken = new FakeKernel()
		broken.exec.missing.add('ip6tables-nft')
		expect(await prepare(broken)).to.deep.include({families: ['ipv4'], missing: []})
	})

	it('is not guessed when the answer to the question for nf_tables gets lost', async () => {
		const fake = new FakeKernel()
		await fake.doors.exec.run('modprobe', [])
		fake.loseReplies(20)
		const error = await prepare(fake).then(
			() => undefined,
			error => error,
		)
		expect(error).to.be.an('error').with.property('name', 'LostReplies')
	})
})
