import {expect} from 'chai'
import {type KubernetesObject, serviceObject, sliceObjects} from '../../e2e/scenario/objects.ts'
import {createServedTopology, type ServedTopology} from '../../e2e/scenario/served-topology.ts'
import type {Pod} from '../../e2e/topology/hosts.ts'
import {eventually} from '../support/eventually.ts'

const PORT = 32_000

/** A node that lets in nothing but what it has asked for itself, and IPv6 neighbours. */
const CLOSED = `
	for save in iptables-legacy ip6tables-legacy; do
		command -v $save >/dev/null || save=\${save%-legacy}
		$save -A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
		$save -P INPUT DROP
	done
	ip6tables-legacy -A INPUT -p icmpv6 -j ACCEPT || ip6tables -A INPUT -p icmpv6 -j ACCEPT
`

describe('a health-check node port', function () {
	this.timeout(300_000)
	let served: ServedTopology

	const service = (healthCheckNodePort: number): KubernetesObject => {
		const spec = {externalTrafficPolicy: 'Local', healthCheckNodePort}
		return serviceObject({name: 'web', number: 10, type: 'LoadBalancer', loadBalancerIPs: ['203.0.113.5'], spec})
	}

	/** What a load balancer gets to see: status, weight, body; `none` when nobody answers within so many seconds. */
	const ask = async (address: string, port = PORT, seconds = 10): Promise<string> => {
		const {topology} = served
		const host = address.includes(':') ? `[${address}]` : address
		const args = ['-sgi', '--max-time', String(seconds), `http://${host}:${port}/healthz`]
		const {stdout} = await topology.exec(topology.client('outside'), 'curl', args, {reject: false})
		const [, status] = /^HTTP\/1.1 (\d+)/.exec(stdout) ?? []
		const [, weight] = /X-Load-Balancing-Endpoint-Weight: (\d+)/i.exec(stdout) ?? []
		const [body = ''] = /\{.*/s.exec(stdout) ?? []
		return status === undefined ? 'none' : `${status} ${weight} ${body.replace(/\s/g, '')}`
	}

	const answerOf = (status: number, localEndpoints: number): string => {
		const name = {namespace: 'demo', name: 'web'}
		return `${status} ${localEndpoints} ${JSON.stringify({service: name, localEndpoints, serviceProxyHealthy: true})}`
	}

	/** A port is opened, and says something new, just after the sync that it belongs to. */
	const expectAnswer = (answer: string, address: string, port = PORT) =>
		eventually(async () => expect(await ask(address, port)).to.equal(answer), 30_000)

	const change = (...objects: readonly KubernetesObject[]) =>
		served.kubeLvs.nextSync(() => served.objects.apply(...objects))

	const slices = (...pods: readonly (Pod & {node: string})[]) => sliceObjects('web', pods)

	before(async () => {
		served = await createServedTopology('health')
		const {topology, objects, kubeLvs} = served
		await objects.apply(service(PORT), ...slices(topology.pod('a'), topology.pod('b')))
		await kubeLvs.start()
		await topology.exec(topology.node('n1'), 'sh', ['-c', CLOSED])
	})

	after(() => served?.destroy())

	it('is let in by a closed node, and tells how many endpoints are here', async () => {
		for (const address of Object.values(served.topology.node('n1').addresses)) {
			await expectAnswer(answerOf(200, 2), address)
		}
		expect(await ask('192.0.2.10', 10_256, 3)).to.equal('none')
	})

	it('says so when no endpoint is here any more', async () => {
		const elsewhere = {...served.topology.pod('a'), node: 'n2'}
		await change(...slices(elsewhere))
		await expectAnswer(answerOf(503, 0), '192.0.2.10')
	})

	it('moves', async () => {
		await change(...slices(served.topology.pod('a')))
		await change(service(PORT + 1))
		await expectAnswer(answerOf(200, 1), '192.0.2.10', PORT + 1)
		expect(await ask('192.0.2.10', PORT, 3)).to.equal('none')
	})
})
