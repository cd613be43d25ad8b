import {expect} from 'chai'
import {parseSocketAddress} from '../../src/net/socket-address.ts'

const CASES: readonly (readonly [text: string, address?: string, port?: number])[] = [
	['0.0.0.0', '0.0.0.0', 10_256],
	['::', '::', 10_256],
	['127.0.0.1:1', '127.0.0.1', 1],
	['[2001:DB8::10]:65535', '2001:db8::10', 65_535],
	['127.0.0.1:0'],
	['127.0.0.1:65536'],
	['127.0.0.1:'],
	['[127.0.0.1]:80'],
	['[::1]'],
	[':80'],
	['localhost:80'],
	['127.0.0.1:80 '],
	[''],
]

describe('socket addresses', () => {
	for (const [text, address, port] of CASES) {
		it(`${JSON.stringify(text)} is ${address ? `${address}, port ${port}` : 'none'}`, () => {
			expect(parseSocketAddress(text, 10_256)).to.deep.equal(address && {address, port})
		})
	}
})
