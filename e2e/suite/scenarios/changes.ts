import {expect} from 'chai'
import {namesOf, readyPods, tallies, untilServed} from '../ask.ts'
import type {Cluster, ClusterPod} from '../cluster.ts'
import {Loads} from '../loads.ts'
import {until} from '../until.ts'
import {rollOutWeb, webTargets} from '../web.ts'

/** What happens to a cluster, under load. */
export const describeChanges = (cluster: () => Cluster): void => {
	describe('under load', () => {
		/** All others are gone, not only asked to go. */
		const untilOnly = (pods: readonly ClusterPod[]) =>
			until(
				`nothing but ${namesOf(pods)}`,
				() => '',
				async () => {
					const all = await cluster().pods('web')
					return namesOf(all).join() === namesOf(pods).join()
				},
			)

		/** Serves on with these pods alone, until now. */
		const settle = async (loads: Loads): Promise<readonly ClusterPod[]> => {
			await cluster().rolledOut('web')
			const pods = await readyPods(cluster(), 'web')
			await untilOnly(pods)
			await loads.untilAnsweredBy(pods)
			return pods
		}

		it('an upgrade of kube-lvs loses no request and ends no connection', async () => {
			const loads = await Loads.start(cluster(), await readyPods(cluster(), 'web'))
			await cluster().upgrade('next')
			await loads.untilAnswered(60)
			await loads.expectNothingEnded()
		})

		it('a rollout loses no request, and the pods that went are asked no more', async () => {
			const old = await readyPods(cluster(), 'web')
			const loads = await Loads.start(cluster(), old)
			await rollOutWeb(cluster(), '2')
			const fresh = await settle(loads)
			expect(namesOf(fresh).filter(name => namesOf(old).includes(name))).to.deep.equal([])
			await untilServed(cluster(), 'web')
			await loads.expectNothingLost()
		})

		it('a drained node loses no request, and serves those of others', async () => {
			const [n1, n2] = cluster().nodes
			const loads = await Loads.start(cluster(), await readyPods(cluster(), 'web'))
			await cluster().drain(n2.name)
			const pods = await settle(loads)
			expect(new Set(pods.map(({node}) => node))).to.deep.equal(new Set([n1.name]))
			await untilServed(cluster(), 'web')
			await loads.expectNothingLost()
			await cluster().uncordon(n2.name)
		})

		it('an API server that is away is not missed', async () => {
			const names = namesOf(await readyPods(cluster(), 'web'))
			const targets = (await webTargets(cluster())).map(target => ({...target, count: names.length}))
			await cluster().withoutApiServer(async () => {
				const found = await tallies(cluster().at('outside'), targets)
				const everyOne = Object.fromEntries(names.map(name => [name, 1]))
				expect(found).to.deep.equal(targets.map(() => everyOne))
			})
		})
	})
}
