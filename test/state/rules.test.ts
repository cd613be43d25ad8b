import {expect} from 'chai'
import {hasChain, hasRule} from '../../src/state/iptables.ts'
import {isSameRealServer, isSameVirtualServer, PLAIN_TUNNEL} from '../../src/state/ipvs.ts'
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
			{...server, persistence: {...PERSISTENCE, engine: 'sip'}},
		]) {
			expect(isSameVirtualServer(server, other)).to.equal(false)
		}
	})

	it('of real servers is that of weight, forwarding method and limits', () => {
		const real = realServer('10.244.1.5:80', {limits: {upper: 10, lower: 5}})
		expect(isSameRealServer(real, {...real, limits: {upper: 10, lower: 5}})).to.equal(true)
		expect(isSameRealServer(real, {...real, weight: 0})).to.equal(false)
		expect(isSameRealServer(real, {...real, forwarding: 'tunnel'})).to.equal(false)
		expect(isSameRealServer(real, {...real, limits: {upper: 10, lower: 6}})).to.equal(false)
		expect(isSameRealServer(real, {...real, limits: {upper: 11, lower: 5}})).to.equal(false)
		expect(isSameRealServer(real, realServer(real.key))).to.equal(false)
		expect(isSameRealServer(realServer(real.key, {limits: {upper: 0, lower: 0}}), realServer(real.key))).to.equal(true)
	})

	it('of real servers by tunnel is also that of the tunnel, and one that says nothing is plain', () => {
		const gue = {type: 'gue', port: 6080, checksum: 'checksum'} as const
		const real = realServer('10.244.1.5:80', {forwarding: 'tunnel', tunnel: gue})
		expect(isSameRealServer(real, {...real, tunnel: {...gue}})).to.equal(true)
		for (const other of [{type: 'gre'}, {port: 6081}, {checksum: 'none'}] as const) {
			expect(isSameRealServer(real, {...real, tunnel: {...gue, ...other}})).to.equal(false)
		}
		const plain = realServer(real.key, {forwarding: 'tunnel'})
		expect(isSameRealServer(real, plain)).to.equal(false)
		expect(isSameRealServer({...plain, tunnel: PLAIN_TUNNEL}, plain)).to.equal(true)
		expect(isSameRealServer({...plain, tunnel: {...gue, type: 'ipip'}}, plain)).to.equal(true)
	})
})
