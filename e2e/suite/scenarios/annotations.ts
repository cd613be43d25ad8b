import {expect} from 'chai'
import {isAnswer} from '../../topology/answer.ts'
import {ask, both, clusterIPs, readyPods, tallies, untilServed} from '../ask.ts'
import type {Cluster} from '../cluster.ts'
import {until} from '../until.ts'
import {originsOf} from '../web.ts'
import {PORT, service} from '../workload.ts'

/** What annotations change, as clients see it. */
export const describeAnnotations = (cluster: () => Cluster): void => {
	describe('annotations', () => {
		const apply = (name: string, annotations: Readonly<Record<string, string>>) =>
			cluster().apply(
				service(name, {
					app: 'web',
					annotations: Object.fromEntries(
						Object.entries(annotations).map(([key, value]) => [`kube-lvs.io/${key}`, value]),
					),
				}),
			)

		/** Who answers a client of this node in so many turns, by the address; once somebody does at all. */
		const answers = async (name: string, count: number) => {
			const place = cluster().at((await originsOf(cluster()))['a node'])
			const addresses = await clusterIPs(cluster(), name)
			await until(
				`${name} is served`,
				() => '',
				async () => (await ask(place, both(addresses), 1)).flat().every(isAnswer),
			)
			return tallies(place, both(addresses, PORT, count))
		}

		after(() => cluster().remove('Service', 'weighted', 'hashed', 'persistent'))

		it('give nodes different weights', async () => {
			const [n1] = cluster().nodes
			await apply('weighted', {scheduler: 'wrr', weights: `node=${n1.name} 3, default 1`})
			await untilServed(cluster(), 'weighted', {deployment: 'web', turns: 2})
			const pods = await readyPods(cluster(), 'web')
			const shares = Object.fromEntries(pods.map(({name, node}) => [name, node === n1.name ? 6 : 2]))
			expect(await answers('weighted', 16)).to.deep.equal([shares, shares])
		})

		for (const [name, title, annotations] of [
			['hashed', 'choose a scheduler that hashes the client', {scheduler: 'sh'}],
			['persistent', 'keep a client at its pod for a while', {'persistence-timeout': '5m'}],
		] as const) {
			it(title, async () => {
				await apply(name, annotations)
				const found = await answers(name, 6)
				expect(found.flatMap(counts => Object.values(counts))).to.deep.equal([6, 6])
			})
		}
	})
}
