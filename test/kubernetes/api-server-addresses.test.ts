import {expect} from 'chai'
import {apiServerAddresses} from '../../src/kubernetes/api-server-addresses.ts'

describe('the addresses of API servers', () => {
	const table: readonly (readonly [string, readonly string[]])[] = [
		['https://192.0.2.1:6443', ['192.0.2.1 6443']],
		['https://[2001:db8::1]:6443/', ['2001:db8::1 6443']],
		['https://192.0.2.1', ['192.0.2.1 443']],
		['http://192.0.2.1/prefix', ['192.0.2.1 80']],
		['https://no-such-host.invalid:6443', []],
	]
	for (const [server, expected] of table) {
		it(`${server} is ${expected.join() || 'nowhere'}`, async () => {
			const found = await apiServerAddresses([server])
			expect(found.map(({address, port}) => `${address} ${port}`)).to.deep.equal(expected)
		})
	}

	it('are those that a name resolves to', async () => {
		const found = await apiServerAddresses(['https://localhost:6443'])
		expect(found.map(({address}) => address)).to.include.oneOf(['127.0.0.1', '::1'])
	})
})
