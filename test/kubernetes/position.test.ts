import {expect} from 'chai'
import {
	afterExpired,
	afterGarbled,
	afterList,
	afterVersion,
	listLimit,
	listVersion,
	START,
} from '../../src/kubernetes/position.ts'

describe('position of a list-watch', () => {
	it('begins with any state that the server has', () => {
		expect(listVersion(START)).to.equal('0')
		expect(START.canWatch).to.equal(false)
	})

	it('watches from the version of the list, and then from the last event', () => {
		expect(afterList('7')).to.include({version: '7', canWatch: true})
		expect(afterVersion(afterList('7'), '9')).to.include({version: '9', canWatch: true})
		expect(afterVersion(afterList('7'), '')).to.include({version: '7'})
	})

	it('lists the newest state after an expiry', () => {
		expect(listVersion(afterExpired(afterList('7')))).to.equal('')
	})

	it('asks for one piece when pages expire twice in a row, not when a watch does', () => {
		expect(listLimit(afterExpired(START), 500)).to.equal(500)
		expect(listLimit(afterExpired(afterExpired(START)), 500)).to.equal(0)
		expect(listLimit(afterExpired(afterList('7')), 500)).to.equal(500)
	})

	it('lists after garbage twice at one version', () => {
		const once = afterGarbled(afterList('7'))
		expect(once.canWatch).to.equal(true)
		expect(afterGarbled(once).canWatch).to.equal(false)
		expect(afterGarbled(afterVersion(once, '8')).canWatch).to.equal(true)
		expect(listVersion(afterGarbled(once))).to.equal('7')
	})
})
