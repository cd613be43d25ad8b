import {expect} from 'chai'
import {faultsIn, readDocumented, scrape, typesIn, valueIn} from '../../scenario/scraped-metrics.ts'
import type {Cluster} from '../cluster.ts'
import {until} from '../until.ts'

/** What Prometheus is told by each node. */
export const describeMetrics = (cluster: () => Cluster): void => {
	describe('metrics', () => {
		const ofNodes = () => Promise.all(cluster().nodes.map(({name}) => scrape(cluster().at({node: name}))))

		it('are in order for Prometheus, and each of them is documented', async () => {
			const documented = readDocumented()
			const ofServices = /^kube_lvs_(service|endpoint)_.*(connections|packets|bytes)/
			const asked = [...documented].filter(([name]) => !ofServices.test(name))
			for (const text of await ofNodes()) {
				expect(await faultsIn(text)).to.deep.equal([])
				expect(typesIn(text)).to.deep.equal(new Map(asked.map(([name, {type}]) => [name, type])))
			}
		})

		it('tell that the API server is heard, and how long it took until changes were served', async () => {
			let texts: readonly string[] = []
			const isSo = (text: string) =>
				['Service', 'EndpointSlice', 'Node'].every(kind => {
					const label = `kind="${kind}"`
					return text.includes(`kube_lvs_watch_age_seconds{${label}}`) && ageOf(text, label) < 75
				}) && valueIn(text, 'kube_lvs_network_programming_duration_seconds_count') > 0
			await until(
				'a watch that is heard, and a latency',
				() => texts.join('\n'),
				async () => {
					texts = await ofNodes()
					return texts.every(isSo)
				},
			)
		})
	})
}

const ageOf = (text: string, label: string): number => valueIn(text, 'kube_lvs_watch_age_seconds', label)
