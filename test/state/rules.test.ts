import {expect} from 'chai'
import {hasChain, hasRule} from '../../src/state/iptables.ts'
import {isSameRealServer, isSameVirtualServer} from '../../src/state/ipvs.ts'
import {realServer, virtualServer} from './build.ts'

const SAVED = new Map([['nat', new Map([['A', ['-j RETURN', '-j ACCEPT']]])]] as const)
const PERSISTENCE = {timeoutSeconds: 60, prefixLength: 32}

describe('equality with what the kernel has', () => {
	for (const [title, rules, expected] of [
		['the same rules', ['-j RETURN', '-j ACCEPT'], true],
		['another order', ['-j ACCEPT', '-j RETURN'], false],
		['one rule fewer', ['-j RETURN'], false],
		['one rule more', ['-j RETURN', '-j ACCEPT', '-j DROP'], false],
	] as const) {
		it(`of a chain: ${title}`, () => {
			expect(hasChain(SAVED, {table: 'nat', name: 'A', rules})).to.equal(expected)
		})
	}

	it('of a chain or a jump in another table, chain, or a family that was never read', () => {
		expect(hasChain(SAVED, {table: 'filter', name: 'A', rules: []})).to.equal(false)
		expect(hasChain(undefined, {table: 'nat', name: 'A', rules: []})).to.equal(false)
		expect(hasRule(SAVED, {table: 'nat', parent: 'A', rule: '-j ACCEPT'})).to.equal(true)
		expect(hasRule(SAVED, {table: 'nat', parent: 'B', rule: '-j ACCEPT'})).to.equal(false)
	})

	it('of virtual servers is that of scheduler, flags and persistence', () => {
		const server = virtualServer('tcp 10.96.0.10:80', {persistence: PERSISTENCE})
		expect(isSameVirtualServer(server, {...server, persistence: {...PERSISTENCE}})).to.equal(true)
		for (const other of [
			{...server, scheduler: 'lc'},
			{...server, flags: ['one-packet'] as const},
			{...server, persistence: undefined},
			{...server, persistence: {...PERSISTENCE, timeoutSeconds: 61}},
			{...server, persistence: {...PERSISTENCE, prefixLength: 24}},
		]) {
			expect(isSameVirtualServer(server, other)).to.equal(false)
		}
	})

	it('of real servers is that of weight and forwarding method', () => {
		const real = realServer('10.244.1.5:80')
		expect(isSameRealServer(real, {...real})).to.equal(true)
		expect(isSameRealServer(real, {...real, weight: 0})).to.equal(false)
		expect(isSameRealServer(real, {...real, forwarding: 'tunnel'})).to.equal(false)
	})
})
