import {expect} from 'chai'
import {AddressClaims} from '../../src/controller/address-claims.ts'
import {address} from '../state/build.ts'

const [A, B] = [address('203.0.113.1'), address('203.0.113.2')]

describe('claims of addresses', () => {
	it('are those of all Services that have one now', () => {
		const claims = new AddressClaims()
		const claimants = () => [[...claims.claimantsOf(A)], [...claims.claimantsOf(B)]]
		expect(claimants()).to.deep.equal([[], []])
		claims.replace('ns/s', [A])
		claims.replace('ns/t', [A, B])
		expect(claimants()).to.deep.equal([['ns/s', 'ns/t'], ['ns/t']])
		claims.replace('ns/t', [B])
		expect(claimants()).to.deep.equal([['ns/s'], ['ns/t']])
		claims.replace('ns/s', [B])
		expect(claimants()).to.deep.equal([[], ['ns/t', 'ns/s']])
		claims.replace('ns/t', [])
		claims.replace('ns/t', [])
		expect(claimants()).to.deep.equal([[], ['ns/s']])
		claims.replace('ns/s', [])
		claims.replace('ns/s', [A])
		expect(claimants()).to.deep.equal([['ns/s'], []])
	})
})
