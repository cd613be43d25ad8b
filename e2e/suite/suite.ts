import {expect} from 'chai'
import type {Cluster, Provider} from './cluster.ts'
import {describeAnnotations} from './scenarios/annotations.ts'
import {describeChanges} from './scenarios/changes.ts'
import {describeMetrics} from './scenarios/metrics.ts'
import {describeServices} from './scenarios/services.ts'
import {describeTakeover} from './scenarios/takeover.ts'
import {applyPlainWeb, applyWeb} from './web.ts'

/** All scenarios, on clusters of one provider. */
export const describeSuite = (provider: Provider): void => {
	describe(`kube-lvs on ${provider.title}`, function () {
		// An image may have to be built.
		this.timeout(1_200_000)
		let made: Cluster | undefined

		const cluster = (): Cluster => {
			if (!made) {
				throw new Error('there is no cluster')
			}
			return made
		}
		const destroy = async () => {
			await made?.destroy()
			made = undefined
		}

		describe('from its installation to its removal', () => {
			let untouched: readonly (readonly string[])[]

			const states = () => Promise.all(cluster().nodes.map(({name}) => cluster().state(name)))

			before(async () => {
				made = await provider.create('none')
				await Promise.all(cluster().nodes.map(({name}) => cluster().administer(name, FOREIGN)))
				untouched = await states()
				await cluster().install()
				await applyWeb(cluster())
			})

			after(destroy)

			describeServices(cluster)
			describeAnnotations(cluster)
			describeChanges(cluster)
			describeMetrics(cluster)

			describe('uninstalled', () => {
				it('leaves nothing of its own, and everything of others', async () => {
					await cluster().uninstall()
					expect(await states()).to.deep.equal(untouched)
				})
			})
		})

		describe('in the place of kube-proxy', () => {
			before(async () => {
				made = await provider.create('kube-proxy')
				await applyPlainWeb(cluster())
			})

			after(destroy)

			describeTakeover(cluster)
		})
	})
}

/** What others have on a node. */
const FOREIGN = `
	ipset create FOREIGN hash:ip
	ipset add FOREIGN 198.51.100.7
	for iptables in iptables-legacy iptables-nft; do
		"$iptables" -t nat -N FOREIGN 2>/dev/null || continue
		"$iptables" -t nat -A FOREIGN -m set --match-set FOREIGN dst -j RETURN
		"$iptables" -t nat -A POSTROUTING -j FOREIGN
	done
`
