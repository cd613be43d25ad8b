import {expect} from 'chai'
import {IpvsClient} from '../../../src/kernel/ipvs/client.ts'
import type {IpvsOperation} from '../../../src/plan/operation.ts'
import {LIMITS_FLAG, type RealServer, type VirtualServerState} from '../../../src/state/ipvs.ts'
import {framedKernel, planWhole, wanted} from '../../plan/build.ts'
import {realServer, serverState, virtualServer} from '../../state/build.ts'
import {FakeKernel} from '../../support/fake-kernel/fake-kernel.ts'

const stateOf = (settings: Partial<RealServer>, others: Partial<RealServer> = settings): VirtualServerState =>
	serverState(virtualServer('tcp 10.96.0.10:80', {flags: settings.limits || others.limits ? [LIMITS_FLAG] : []}), [
		realServer('10.244.1.5:80', settings),
		realServer('10.244.1.6:80', others),
	])

const STATES: Readonly<Record<string, VirtualServerState>> = {
	plain: stateOf({}),
	limited: stateOf({limits: {upper: 10, lower: 5}}),
	'limited otherwise': stateOf({limits: {upper: 20, lower: 0}}),
	'limited in part': stateOf({}, {limits: {upper: 10, lower: 5}}),
	tunnelled: stateOf({forwarding: 'tunnel'}),
	'tunnelled by gue': stateOf({forwarding: 'tunnel', tunnel: {type: 'gue', port: 6080, checksum: 'checksum'}}),
	'tunnelled in part': stateOf({}, {forwarding: 'tunnel', tunnel: {type: 'gre', port: 0, checksum: 'none'}}),
}

/** What to do about the virtual server, by what can be read of it. */
const planFor = async (client: IpvsClient, state: VirtualServerState): Promise<readonly IpvsOperation[]> => {
	const {virtualServers} = await client.read()
	const plan = planWhole(wanted({servers: [state]}), framedKernel({servers: [...virtualServers.values()]}))
	return plan.filter((operation): operation is IpvsOperation => 'server' in operation)
}

describe('a change of what /proc/net/ip_vs does not show', () => {
	for (const [before, from] of Object.entries(STATES)) {
		for (const [after, to] of Object.entries(STATES).filter(([name]) => name !== before)) {
			it(`from ${before} to ${after} is taken up wherever it was cut short`, async () => {
				for (let done = 0, all = 1; done <= all; done++) {
					const fake = new FakeKernel()
					fake.ipvs.load(from.server, [...from.realServers.values()])
					const client = new IpvsClient(fake.doors)
					const plan = await planFor(client, to)
					all = plan.length
					await client.apply(plan.slice(0, done))
					await client.apply(await planFor(client, to))
					const {virtualServers} = await client.read()
					expect(virtualServers.get(to.server.key)).to.deep.equal(to)
					const held = [...(fake.ipvs.servers.get(to.server.key)?.realServers.values() ?? [])]
					expect(held.map(({realServer}) => realServer)).to.deep.equal([...to.realServers.values()])
				}
			})
		}
	}
})
