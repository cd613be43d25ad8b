import {expect} from 'chai'
import {AddressClient} from '../../../src/kernel/addresses/client.ts'
import {FakeKernel} from '../../support/fake-kernel/fake-kernel.ts'

describe('the client for addresses', () => {
	it('reads a kernel that has no policy rules, as one without any of ours', async () => {
		const fake = new FakeKernel()
		fake.failNext({kind: 'errno', command: 'get-rule', errno: 'EOPNOTSUPP'})
		expect((await new AddressClient(fake.doors).read()).steering.size).to.equal(0)
	})

	it('fails where rules could not be read for another reason', async () => {
		const fake = new FakeKernel()
		fake.failNext({kind: 'errno', command: 'get-rule', errno: 'EPERM'})
		const outcome = await new AddressClient(fake.doors).read().catch((error: Error) => error.message)
		expect(outcome).to.equal('EPERM')
	})
})
