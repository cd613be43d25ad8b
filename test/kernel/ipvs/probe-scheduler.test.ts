import {expect} from 'chai'
import {IpvsClient} from '../../../src/kernel/ipvs/client.ts'
import {probeScheduler} from '../../../src/kernel/ipvs/probe-scheduler.ts'
import {virtualServer} from '../../state/build.ts'
import {FakeKernel} from '../../support/fake-kernel/fake-kernel.ts'

const probe = (fake: FakeKernel, scheduler: string) => probeScheduler(new IpvsClient(fake.doors), scheduler)

describe('the scheduler', () => {
	it('is tried out with a virtual server that is gone again', async () => {
		const fake = new FakeKernel()
		const before = fake.dump()
		expect(await probe(fake, 'wrr')).to.equal(undefined)
		expect(fake.changes.get('new-service')).to.equal(1)
		expect(fake.dump()).to.deep.equal(before)
	})

	it('is tried out and the trial deleted in one datagram, so that no end of the process leaves it behind', async () => {
		const fake = new FakeKernel()
		await new IpvsClient(fake.doors).read()
		const sends = fake.sends
		await probe(fake, 'wrr')
		// The number of the family, whether one has it, which addresses are taken, the trial.
		expect(fake.sends - sends).to.equal(4)
	})

	it('is not tried out when a virtual server has it', async () => {
		const fake = new FakeKernel()
		fake.ipvs.load(virtualServer('tcp 192.0.2.1:80', {scheduler: 'wrr'}))
		expect(await probe(fake, 'wrr')).to.equal(undefined)
		expect(fake.changes.get('new-service')).to.equal(undefined)
	})

	it("is tried out beside somebody else's virtual server, which stays", async () => {
		const fake = new FakeKernel()
		fake.ipvs.load(virtualServer('tcp 198.51.100.0:20000'))
		fake.ipvs.load(virtualServer('tcp 198.51.100.0:20001'))
		const before = fake.dump()
		expect(await probe(fake, 'wrr')).to.equal(undefined)
		expect(fake.changes.get('new-service')).to.equal(1)
		expect(fake.dump()).to.deep.equal(before)
	})

	it('that the kernel does not have is named, with its module and the field', async () => {
		const fake = new FakeKernel()
		const before = fake.dump()
		expect(await probe(fake, 'nosuch')).to.deep.equal({
			what: 'the IPVS scheduler nosuch in the kernel',
			remedy: 'load the module on the node: modprobe ip_vs_nosuch; or name another one in the field scheduler',
		})
		expect(fake.dump()).to.deep.equal(before)
	})

	it('cannot be tried out without the right to', async () => {
		const fake = new FakeKernel()
		fake.failNext({kind: 'errno', errno: 'EPERM', command: 'new-service'})
		expect((await probe(fake, 'wrr'))?.what).to.equal('the right to change IPVS')
	})

	it('leaves no trial behind where replies get lost or the deletion fails', async () => {
		const fake = new FakeKernel()
		const before = fake.dump()
		fake.failNext({kind: 'errno', errno: 'ENOMEM', command: 'del-service'}, 2)
		expect(await probe(fake, 'wrr')).to.equal(undefined)
		expect(fake.dump()).to.deep.equal(before)
		const client = new IpvsClient(fake.doors)
		const read = await client.read()
		// Half of the datagram is done: the trial is there, and nobody says so.
		const silent = Object.assign(client, {
			read: async () => {
				fake.loseReplies(1)
				return read
			},
		})
		expect(await probeScheduler(silent, 'wrr')).to.equal(undefined)
		expect(fake.dump()).to.deep.equal(before)
	})
})
