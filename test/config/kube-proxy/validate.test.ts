import {expect} from 'chai'
import {errorsOf, HEAD, read} from './read-file.ts'

const WRONG: readonly (readonly [fields: string, error: string])[] = [
	['ipvs: {syncPeriod: 30s, minSyncPeriod: 60s}', 'ipvs.minSyncPeriod: 1m is longer than ipvs.syncPeriod, 30s'],
	['ipvs: {minSyncPeriod: 31s}', 'ipvs.minSyncPeriod: 31s is longer than ipvs.syncPeriod, 30s'],
	['ipvs: {syncPeriod: 0s, minSyncPeriod: 1h}', 'ipvs.minSyncPeriod: 1h is longer than ipvs.syncPeriod, 30s'],
	['clusterCIDR: 10.0.0.0/8,10.1.0.0/16', 'clusterCIDR: expected one network, or one of each family'],
	['clusterCIDR: "10.0.0.0/8,fd00::/8,fd01::/16"', 'clusterCIDR: expected one network, or one of each family'],
	['detectLocalMode: BridgeInterface', 'detectLocal.bridgeInterface: needed by detectLocalMode BridgeInterface'],
	[
		'detectLocalMode: InterfaceNamePrefix\ndetectLocal: {bridgeInterface: cbr0}',
		'detectLocal.interfaceNamePrefix: needed by detectLocalMode InterfaceNamePrefix',
	],
]

describe('rules over several fields of kube-proxy', () => {
	for (const [fields, error] of WRONG) {
		it(`find in ${fields.replaceAll('\n', ', ')}: ${error}`, () => {
			expect(errorsOf(`${HEAD}mode: ipvs\n${fields}`)).to.deep.equal([error])
		})
	}

	for (const fields of [
		'ipvs: {minSyncPeriod: 30s}',
		'clusterCIDR: "10.0.0.0/8, fd00::/8"',
		'clusterCIDR: ""',
		'detectLocalMode: BridgeInterface\ndetectLocal: {bridgeInterface: cbr0}',
	]) {
		it(`find nothing in ${fields.replaceAll('\n', ', ')}`, () => expect(read(fields).notes).to.deep.equal([]))
	}

	it('let any clusterCIDR pass in a mode that does not use it', () => {
		const {fields, notes} = read('clusterCIDR: everywhere\ndetectLocalMode: NodeCIDR')
		expect(fields).not.to.have.property('clusterCIDR')
		expect(notes.join()).to.match(/^clusterCIDR/)
	})
})
