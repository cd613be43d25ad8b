import {expect} from 'chai'
import {IpvsClient} from '../../../src/kernel/ipvs/client.ts'
import {ensureTimeouts, putBackTimeouts} from '../../../src/kernel/ipvs/timeouts.ts'
import {FormerSettings} from '../../../src/kernel/sysctl/former-settings.ts'
import {FakeKernel} from '../../support/fake-kernel/fake-kernel.ts'

type Three = readonly [number, number, number]

const ensure = async (fake: FakeKernel, [tcpSeconds, tcpFinSeconds, udpSeconds]: Three) => {
	const former = new FormerSettings(fake.doors.files, '/run/kube-lvs')
	await ensureTimeouts(new IpvsClient(fake.doors), {tcpSeconds, tcpFinSeconds, udpSeconds}, former)
	return former
}

describe('the timeouts of IPVS', () => {
	const cases: readonly {readonly wanted: Three; readonly after: Three; readonly writes: number}[] = [
		{wanted: [120, 0, 0], after: [120, 120, 300], writes: 1},
		{wanted: [1000, 30, 60], after: [1000, 30, 60], writes: 1},
		{wanted: [0, 0, 0], after: [900, 120, 300], writes: 0},
		{wanted: [900, 0, 300], after: [900, 120, 300], writes: 0},
	]
	for (const {wanted, after, writes} of cases) {
		it(`become ${after.join(' ')} with ${wanted.join(' ')}, by ${writes} writes`, async () => {
			const fake = new FakeKernel()
			await ensure(fake, wanted)
			expect(fake.ipvs.timeouts).to.deep.equal(after)
			expect(fake.changes.get('set-config') ?? 0).to.equal(writes)
		})
	}

	it('are put back while they are ours, and left alone when somebody else has set them', async () => {
		const fake = new FakeKernel()
		const former = await ensure(fake, [120, 0, 0])
		const setting = (await former.read()).get('IPVS timeouts') ?? {former: '', written: ''}
		expect(setting).to.deep.equal({former: '900 120 300', written: '120 120 300'})
		fake.ipvs.timeouts = [120, 7, 300]
		expect(await putBackTimeouts(new IpvsClient(fake.doors), setting)).to.equal(false)
		expect(fake.ipvs.timeouts).to.deep.equal([120, 7, 300])
		fake.ipvs.timeouts = [120, 120, 300]
		expect(await putBackTimeouts(new IpvsClient(fake.doors), setting)).to.equal(true)
		expect(fake.ipvs.timeouts).to.deep.equal([900, 120, 300])
	})
})
