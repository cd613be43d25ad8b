import {expect} from 'chai'
import {ipsetError} from '../../../src/kernel/ipset/ipset-error.ts'

const CASES: readonly (readonly [errno: number, isBitmap: boolean, code: string, message: string])[] = [
	[2, false, 'ENOENT', 'the set does not exist'],
	[1, false, 'EPERM', 'EPERM'],
	[4100, false, 'BUSY', 'the set is in use by a rule or another set'],
	[4352, false, 'HASH_FULL', 'the set is full'],
	[4352, true, 'BITMAP_RANGE', 'the port is out of the range of the set'],
	[4111, false, 'IPSET_ERR 4111', 'IPSET_ERR 4111'],
]

describe('a refusal about a set', () => {
	for (const [errno, isBitmap, code, message] of CASES) {
		it(`${errno} of a ${isBitmap ? 'bitmap' : 'hash'} is ${code}`, () => {
			const error = ipsetError(errno, isBitmap)
			expect([error.code, error.message]).to.deep.equal([code, message])
		})
	}
})
