import {expect} from 'chai'
import {PROTOCOL_NUMBERS, parseProtocol, protocolFromNumber} from '../../src/net/protocol.ts'

describe('protocols', () => {
	for (const [name, number] of Object.entries(PROTOCOL_NUMBERS)) {
		it(`${name} is read in any spelling and is number ${number}`, () => {
			expect(parseProtocol(name)).to.equal(name)
			expect(parseProtocol(name.toUpperCase())).to.equal(name)
			expect(protocolFromNumber(number)).to.equal(name)
		})
	}

	it('are no others', () => {
		expect(parseProtocol('icmp')).to.equal(undefined)
		expect(parseProtocol('')).to.equal(undefined)
		expect(protocolFromNumber(1)).to.equal(undefined)
	})
})
