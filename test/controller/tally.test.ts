import {expect} from 'chai'
import {Tally} from '../../src/controller/tally.ts'
import type {Outcome} from '../../src/kernel/apply.ts'
import {KernelError} from '../../src/kernel/kernel-error.ts'
import type {Operation} from '../../src/plan/operation.ts'
import {address, virtualServer} from '../state/build.ts'

const bind = (vip: string): Operation => ({kind: 'bind-vip', address: address(vip), binding: 'address'})
const [A, B] = [bind('10.96.0.1'), bind('10.96.0.2')]
const SERVER: Operation = {kind: 'add-virtual-server', server: virtualServer('tcp 10.96.0.1:80')}
const FLOWS: Operation = {
	kind: 'delete-flows',
	flow: {protocol: 'udp', vip: address('10.96.0.1'), vipPort: 53, keep: new Set()},
}

const done = (operation: Operation): Outcome => ({operation})
const failed = (operation: Operation): Outcome => ({operation, error: new KernelError(operation, 'EPERM')})

describe('the tally of a sync', () => {
	const start = () => {
		const told: (readonly Operation[])[] = []
		return {tally: new Tally(operations => void told.push(operations)), told}
	}

	it('adds up what was done, by kind, and tells it at once', () => {
		const {tally, told} = start()
		tally.add([done(A), done(SERVER), done(B)])
		tally.add([])
		tally.add([failed(SERVER)])
		tally.add([done(A)])
		expect([...tally.done]).to.deep.equal([
			['bind-vip', 3],
			['add-virtual-server', 1],
		])
		expect(told).to.deep.equal([[A, SERVER, B], [A]])
		expect(tally.failures.map(({operation}) => operation)).to.deep.equal([SERVER])
		expect(tally.differences.size).to.equal(0)
	})

	it('has what a comparison found and what of it was mended, but for flows, which follow from that', () => {
		const {tally} = start()
		tally.addDifferences([done(A), failed(B), failed(SERVER), done(FLOWS)])
		tally.addDifferences([done(B)])
		expect([...tally.differences]).to.deep.equal([
			['bind-vip', {found: 3, done: 2}],
			['add-virtual-server', {found: 1, done: 0}],
		])
		expect([...tally.done]).to.deep.equal([
			['bind-vip', 2],
			['delete-flows', 1],
		])
		expect(tally.failures).to.have.length(2)
	})
})
