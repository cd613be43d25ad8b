import {expect} from 'chai'
import type {Family} from '../../src/net/address.ts'
import {makeCleanupPlan} from '../../src/plan/cleanup.ts'
import {formatOperation} from '../../src/plan/format-operation.ts'
import type {Operation} from '../../src/plan/operation.ts'
import {planSteering} from '../../src/plan/steering.ts'
import {type SteeringPart, steeringKey, steeringOf} from '../../src/state/steering.ts'
import {realServer, serverState, withKey} from '../state/build.ts'
import {FIXED, framedKernel, planWhole, recorded, wanted} from './build.ts'

const BIT = FIXED.claims.masqueradeBit
const PARTS = steeringOf('ipv4', BIT)
const OLD: SteeringPart = {kind: 'rule', family: 'ipv4', mark: 0x1, mask: 0xf}
const server = (family: Family, forwarding: 'tunnel' | 'masquerade') =>
	serverState(withKey({kind: 'firewall-mark', family, mark: 0x0270_0010}), [
		realServer(family === 'ipv4' ? '10.244.1.5:0' : '[fd00::5]:0', {weight: 0, forwarding}),
	])
const steeredKernel = (parts: readonly SteeringPart[], servers = [server('ipv4', 'masquerade')]) => ({
	...framedKernel({servers}),
	steering: new Map(parts.map(part => [steeringKey(part), part])),
})
const lines = (operations: readonly Operation[]) => operations.map(formatOperation)

describe('the plan for steering', () => {
	it('makes what a family needs, the route before the rule that leads to it', () => {
		expect(lines(planSteering(wanted({steered: ['ipv4', 'ipv6']}), framedKernel(), []))).to.deep.equal([
			'create-steering route ipv4',
			`create-steering ${steeringKey(PARTS[1] ?? OLD)}`,
			'create-steering route ipv6',
			`create-steering ${steeringKey(steeringOf('ipv6', BIT)[1] ?? OLD)}`,
		])
	})

	it('is empty once that is done, and does not touch the other family', () => {
		const want = wanted({steered: ['ipv4']})
		expect(planSteering(want, recorded(framedKernel(), planSteering(want, framedKernel(), [])), [])).to.deep.equal([])
	})

	it('puts back the half that somebody has taken', () => {
		for (const part of PARTS) {
			const plan = planSteering(wanted({steered: ['ipv4']}), steeredKernel(PARTS.filter(other => other !== part)), [])
			expect(lines(plan)).to.deep.equal([`create-steering ${steeringKey(part)}`])
		}
	})

	it('takes it away when nobody needs it, the rule first', () => {
		expect(lines(planSteering(wanted({}), steeredKernel(PARTS), []))).to.deep.equal([
			`delete-steering ${steeringKey(PARTS[1] ?? OLD)}`,
			'delete-steering route ipv4',
		])
	})

	it('keeps it as long as a virtual server of its family drains whose real servers answer by themselves', () => {
		const draining = server('ipv4', 'tunnel')
		const other = server('ipv6', 'tunnel')
		expect(planSteering(wanted({}), steeredKernel(PARTS, [draining]), [draining.server])).to.deep.equal([])
		expect(planSteering(wanted({}), steeredKernel(PARTS, [draining]), [])).to.have.length(2)
		expect(planSteering(wanted({}), steeredKernel(PARTS, [other]), [other.server])).to.have.length(2)
	})

	it('takes away a rule for other marks of ours, and leaves the route that both need', () => {
		const plan = planSteering(wanted({steered: ['ipv4']}), steeredKernel([...PARTS, OLD]), [])
		expect(lines(plan)).to.deep.equal([`delete-steering ${steeringKey(OLD)}`])
	})

	it('is part of the whole plan, and of the way back', () => {
		const kernel = framedKernel()
		const plan = planWhole(wanted({steered: ['ipv4']}), kernel)
		expect(lines(plan)).to.deep.equal(PARTS.map(part => `create-steering ${steeringKey(part)}`))
		const after = recorded(kernel, plan)
		expect(lines(makeCleanupPlan(FIXED, after)).filter(line => line.startsWith('delete-steering'))).to.deep.equal(
			[...PARTS].reverse().map(part => `delete-steering ${steeringKey(part)}`),
		)
	})
})
