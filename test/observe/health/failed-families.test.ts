import {expect} from 'chai'
import {codeOf, failedFamilies} from '../../../src/observe/health/failed-families.ts'
import type {Operation} from '../../../src/plan/operation.ts'
import {SET_DEFINITIONS} from '../../../src/state/ipset.ts'
import {address, realServer, virtualServer} from '../../state/build.ts'

const set = (name: string) => {
	const definition = SET_DEFINITIONS.get(name)
	if (!definition) {
		throw new Error(`no set ${name}`)
	}
	return definition
}

const rules: Operation = {
	kind: 'restore-rules',
	ruleset: {family: 'ipv6', chains: [], jumps: []},
	missing: [],
}
const server4 = virtualServer('tcp 10.96.0.10:80')
const server6 = virtualServer('tcp [fd00:96::a]:80')
const add4: Operation = {kind: 'add-virtual-server', server: server4}

const cases: readonly {name: string; operation: Operation; code: string; failed: readonly string[]}[] = [
	{name: 'rules', operation: rules, code: 'EXIT 4', failed: ['ipv6']},
	{
		name: 'a set that is created',
		operation: {kind: 'create-set', definition: set('KUBE-CLUSTER-IP')},
		code: 'EXIT 1',
		failed: ['ipv4'],
	},
	{name: 'the device', operation: {kind: 'create-device'}, code: 'EBUSY', failed: ['ipv4', 'ipv6']},
	{name: 'one virtual server', operation: add4, code: 'ENOENT', failed: []},
	{name: 'what was skipped', operation: add4, code: 'SKIPPED', failed: []},
	{name: 'a missing right', operation: add4, code: 'EPERM', failed: ['ipv4']},
	{
		name: 'a lost answer',
		operation: {kind: 'add-real-server', server: server6, realServer: realServer('[fd00:244::5]:8080')},
		code: 'LOST',
		failed: ['ipv6'],
	},
	{
		name: 'a missing right for a VIP',
		operation: {kind: 'bind-vip', address: address('fd00:96::a'), binding: 'address'},
		code: 'EPERM',
		failed: ['ipv6'],
	},
]

describe('the families in which a sync has failed', () => {
	for (const {name, operation, code, failed} of cases) {
		it(`with ${name}: ${failed.join(' and ') || 'none'}`, () => {
			const error = Object.assign(new Error('no'), {code})
			expect([...failedFamilies({failures: [{operation, error}]})]).to.deep.equal(failed)
		})
	}

	it('are none when nothing failed', () => {
		expect([...failedFamilies({failures: []})]).to.deep.equal([])
	})
})

describe('the code of an error', () => {
	it('is that of the kernel, and UNKNOWN for anything else that may be thrown', () => {
		expect(codeOf(Object.assign(new Error('no'), {code: 'EPERM'}))).to.equal('EPERM')
		for (const other of [
			new Error('no'),
			Object.assign(new Error('no'), {code: 1}),
			'EPERM',
			undefined,
			{code: 'EPERM'},
		]) {
			expect(codeOf(other)).to.equal('UNKNOWN')
		}
	})
})
