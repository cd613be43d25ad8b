import {expect} from 'chai'
import {loadFloor} from '../../bench/floor/floor.ts'
import {inFreshNetns, type Namespace} from '../../bench/namespace.ts'
import {makeObjects, NODE_NAME, project} from '../../bench/objects.ts'
import {loadIpvsadm} from '../../bench/peers/ipvsadm.ts'
import {runKeepalived} from '../../bench/peers/keepalived.ts'
import {replaceRealServer} from '../../bench/peers/replace-real-server.ts'
import {type BenchState, benchState} from '../../bench/state.ts'
import {verify} from '../../bench/verify.ts'

import {formatSocketAddress} from '../../src/net/address.ts'
import {MAX_ADDRESSES} from '../../src/plan/addresses.ts'
import {parseIpsetSave} from '../support/parse-ipset-save.ts'

const SERVICES = 50
const ENDPOINTS = 5

const stateOf = (services: number): BenchState =>
	benchState(NODE_NAME, [...makeObjects({services, endpoints: ENDPOINTS}).all()].map(project))

const STATE = stateOf(SERVICES)

/** The lines of `ipvsadm -Sn`, in order. */
const expectedServers = ({virtualServers}: BenchState): readonly string[] =>
	virtualServers
		.flatMap(({server: {listen, scheduler}, realServers}) => {
			const text = listen.kind === 'address' ? `-t ${formatSocketAddress(listen.address, listen.port)}` : listen.kind
			const lines = [...realServers.values()].map(({key, weight}) => `-a ${text} -r ${key} -m -w ${weight}`)
			return [`-A ${text} -s ${scheduler}`, ...lines]
		})
		.sort()

const savedServers = async ({run}: Namespace): Promise<readonly string[]> =>
	(await run('ipvsadm', ['-Sn'])).split('\n').sort()

const expectMembers = async ({run}: Namespace, {members}: BenchState): Promise<void> => {
	const sets = parseIpsetSave(await run('ipset', ['save']))
	expect([...sets.keys()].sort()).to.deep.equal(members.map(({definition}) => definition.name).sort())
	for (const {definition, entries} of members) {
		expect(sets.get(definition.name)).to.deep.equal({definition, entries: new Set(entries)})
	}
}

const addresses = async ({run}: Namespace): Promise<readonly string[]> =>
	[...(await run('ip', ['-o', 'address', 'show', 'dev', 'kube-ipvs0'])).matchAll(/ inet ([\d./]+)/g)]
		.map(match => match[1] ?? '')
		.sort()

describe('what is measured beside kube-lvs leaves in the kernel what kube-lvs would', function () {
	this.timeout(120_000)

	it('is about all kinds of objects', () => {
		expect(STATE.virtualServers).to.have.length(SERVICES)
		expect(STATE.vips).to.have.length(SERVICES)
		expect(STATE.members.map(({definition}) => definition.name)).to.include.members([
			'KUBE-CLUSTER-IP',
			'KUBE-LOOP-BACK',
		])
	})

	it('the floor', () =>
		inFreshNetns(async namespace => {
			const {messages, sends, ...seconds} = await loadFloor(namespace, STATE)
			expect(await savedServers(namespace)).to.deep.equal(expectedServers(STATE))
			expect(await addresses(namespace)).to.deep.equal(STATE.vips.map(vip => `${vip}/32`).sort())
			await expectMembers(namespace, STATE)
			expect(messages).to.equal(SERVICES * (1 + ENDPOINTS) + SERVICES)
			expect(sends).to.be.within(2, 5)
			expect(Math.min(...Object.values(seconds))).to.be.above(0)
		}))

	it('the floor, with local routes for the VIPs that are too many for addresses', () =>
		inFreshNetns(async namespace => {
			const state = stateOf(MAX_ADDRESSES + SERVICES)
			await loadFloor(namespace, state)
			const routes = await namespace.run('ip', ['route', 'show', 'table', 'local', 'dev', 'kube-ipvs0'])
			expect(routes.split('\n').filter(line => !line.includes('proto kernel'))).to.have.length(SERVICES)
			expect(await addresses(namespace)).to.have.length(MAX_ADDRESSES)
		}))

	it('the floor says what the kernel refuses', () =>
		inFreshNetns(async namespace => {
			const twice = {...STATE, virtualServers: [...STATE.virtualServers, ...STATE.virtualServers.slice(0, 1)]}
			const failure = await loadFloor(namespace, twice).catch(error => error)
			expect(failure)
				.to.be.an('error')
				.with.property('message')
				.that.matches(/File exists/)
		}))

	it('it is said when anything is missing at the end', () =>
		inFreshNetns(async namespace => {
			await loadFloor(namespace, {...STATE, vips: STATE.vips.slice(1)})
			const failure = await verify(namespace, STATE).catch(error => error)
			expect(failure)
				.to.be.an('error')
				.with.property('message')
				.that.matches(/"vips":49.* instead of .*"vips":50/)
		}))

	it('ipvsadm, ip and ipset', () =>
		inFreshNetns(async namespace => {
			const seconds = await loadIpvsadm(namespace, STATE)
			expect(await savedServers(namespace)).to.deep.equal(expectedServers(STATE))
			expect(await addresses(namespace)).to.deep.equal(STATE.vips.map(vip => `${vip}/32`).sort())
			await expectMembers(namespace, STATE)
			expect(Math.min(...Object.values(seconds))).to.be.above(0)
		}))

	it('keepalived, with one real server in the place of another after it is told to', () =>
		inFreshNetns(async namespace => {
			const result = await runKeepalived(namespace, STATE, 60)
			const {state} = replaceRealServer(STATE)
			expect(expectedServers(state)).not.to.deep.equal(expectedServers(STATE))
			expect(await savedServers(namespace)).to.deep.equal(expectedServers(state))
			expect(Math.min(...Object.values(result))).to.be.above(0)
		}))

	it('keepalived, or that it takes longer than the limit', async () => {
		const result = await inFreshNetns(namespace => runKeepalived(namespace, STATE, 0))
		expect(result).to.deep.equal({loadSeconds: undefined, reloadSeconds: undefined, rssMb: undefined})
	})
})
