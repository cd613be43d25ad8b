import {expect} from 'chai'
import {Dependencies} from '../../src/kernel/dependencies.ts'
import type {Address} from '../../src/net/address.ts'
import type {Operation} from '../../src/plan/operation.ts'
import {SET_DEFINITIONS, type SetDefinition, type SetName, setName} from '../../src/state/ipset.ts'
import {type VirtualServer, virtualServerKey} from '../../src/state/ipvs.ts'

const server = (address: string, port = 80): VirtualServer => {
	const listen = {kind: 'address', protocol: 'tcp', address: address as Address, port} as const
	return {key: virtualServerKey(listen), listen, scheduler: 'rr', flags: [], persistence: undefined}
}
const definitionOf = (set: SetName): SetDefinition => SET_DEFINITIONS.get(set) ?? expect.fail(set)
const member = (kind: 'add-set-entry' | 'delete-set-entry', set: SetName, entry: string): Operation => {
	return {kind, definition: definitionOf(set), entry}
}
const CLUSTER_IP = setName('CLUSTER-IP', 'ipv4')
const NODE_PORTS = setName('NODE-PORT-TCP', 'ipv4')

describe('what operations stand on', () => {
	const cases: readonly {
		readonly name: string
		readonly failed: Operation
		readonly stopped: Operation
		readonly free: Operation
	}[] = [
		{
			name: 'a failed foundation stops all that is no foundation itself',
			failed: {kind: 'create-device'},
			stopped: {kind: 'add-virtual-server', server: server('10.96.0.1')},
			free: {kind: 'restore-rules', ruleset: {family: 'ipv4', chains: [], jumps: []}, missing: []},
		},
		{
			name: 'a set that cannot be made stops its own family, not the other',
			failed: {kind: 'create-set', definition: definitionOf(CLUSTER_IP)},
			stopped: {kind: 'add-virtual-server', server: server('10.96.0.1')},
			free: {kind: 'add-virtual-server', server: server('fd00::1')},
		},
		{
			name: 'a set in the way that cannot be destroyed keeps away the rules of its family that name it',
			failed: {
				...{kind: 'replace-set', definition: definitionOf(CLUSTER_IP), entries: []},
				unlike: {...definitionOf(CLUSTER_IP), type: 'hash:net'},
			},
			stopped: {kind: 'restore-rules', ruleset: {family: 'ipv4', chains: [], jumps: []}, missing: []},
			free: {kind: 'restore-rules', ruleset: {family: 'ipv6', chains: [], jumps: []}, missing: []},
		},
		{
			name: 'rules that could not take over keep what they should have replaced, in their family',
			failed: {kind: 'take-over-rules', ruleset: {family: 'ipv4', chains: [], jumps: []}, missing: []},
			stopped: {kind: 'remove-leftovers', ruleset: {family: 'ipv4', chains: [], jumps: []}},
			free: {kind: 'remove-leftovers', ruleset: {family: 'ipv6', chains: [], jumps: []}},
		},
		{
			name: 'a member that could not be added stops its virtual server, no other',
			failed: member('add-set-entry', CLUSTER_IP, '10.96.0.1,tcp:80'),
			stopped: {kind: 'add-virtual-server', server: server('10.96.0.1')},
			free: {kind: 'add-virtual-server', server: server('10.96.0.2')},
		},
		{
			name: 'a node port that could not be added stops its virtual servers',
			failed: member('add-set-entry', NODE_PORTS, '30080'),
			stopped: {kind: 'add-virtual-server', server: server('192.0.2.10', 30080)},
			free: {kind: 'add-virtual-server', server: server('192.0.2.10', 30081)},
		},
		{
			name: 'a virtual server that could not be deleted keeps the members that tell that it is ours',
			failed: {kind: 'delete-virtual-server', server: server('10.96.0.1')},
			stopped: member('delete-set-entry', CLUSTER_IP, '10.96.0.1,tcp:80'),
			free: member('delete-set-entry', CLUSTER_IP, '10.96.0.2,tcp:80'),
		},
		{
			name: 'a virtual server that could not be deleted keeps the sets, so that the next cleanup knows it',
			failed: {kind: 'delete-virtual-server', server: server('10.96.0.1')},
			stopped: {kind: 'destroy-set', name: CLUSTER_IP},
			free: {kind: 'delete-virtual-server', server: server('10.96.0.2')},
		},
	]
	for (const {name, failed, stopped, free} of cases) {
		it(name, () => {
			const dependencies = new Dependencies()
			expect([stopped, free].map(operation => dependencies.areMet(operation))).to.deep.equal([true, true])
			dependencies.fail(failed)
			expect([stopped, free].map(operation => dependencies.areMet(operation))).to.deep.equal([false, true])
		})
	}
})
