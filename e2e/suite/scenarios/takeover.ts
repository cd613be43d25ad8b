import {readyPods, untilServed} from '../ask.ts'
import type {Cluster} from '../cluster.ts'
import {Loads} from '../loads.ts'
import {rollOutWeb} from '../web.ts'

/** On a cluster that kube-proxy serves. */
export const describeTakeover = (cluster: () => Cluster): void => {
	it('loses no request and ends no connection', async () => {
		const loads = await Loads.start(cluster(), await readyPods(cluster(), 'web'))
		await cluster().takeOver()
		await loads.untilAnswered(60)
		await loads.expectNothingEnded()
	})

	it('serves what changes from then on', async () => {
		await rollOutWeb(cluster(), '2')
		await cluster().rolledOut('web')
		await untilServed(cluster(), 'web')
	})
}
