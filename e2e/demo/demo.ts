/** `npm run demo`: kube-lvs on a node, with real traffic; shows what it does, and checks all that it shows. */

import {check} from './check.ts'
import {drain, openLongLived} from './drain.ts'
import {leave} from './leave.ts'
import {Manifests} from './manifests.ts'
import {restart} from './restart.ts'
import {colour, print} from './screen.ts'
import {checkSilence, serve, showHosts} from './serve.ts'
import {buildTopology, createStage, formatLog, type Stage} from './stage.ts'
import {showStatus} from './status.ts'
import {showAffinity, showBalance, showCurl} from './traffic.ts'

const main = async (): Promise<void> => {
	print('kube-lvs: Services of a Kubernetes node on IPVS, the load balancer of the Linux kernel')
	const topology = await buildTopology()
	const manifests = await Manifests.copy()
	try {
		const stage = await createStage(topology, manifests)
		await play(stage).catch(error => {
			print(`\nall that kube-lvs has logged:\n${stage.kubeLvs.log.map(formatLog).join('\n')}`)
			throw error
		})
	} finally {
		await topology.destroy()
		await manifests.remove()
	}
}

const play = async (stage: Stage): Promise<void> => {
	showHosts(stage)
	await checkSilence(stage, 'yet')
	await serve(stage)
	await showCurl(stage)
	await showBalance(stage)
	await showAffinity(stage)
	await showStatus(stage)
	const longLived = await openLongLived(stage)
	await drain(stage, longLived)
	await restart(stage, longLived)
	await leave(stage, longLived)
	const troubles = stage.kubeLvs.log.filter(({level}) => level === 'warn' || level === 'error')
	check(troubles.length === 0, `kube-lvs logged trouble:\n${troubles.map(formatLog).join('\n')}`)
}

try {
	await main()
	print(`\n${colour('green', `demo passed in ${Math.round(performance.now() / 1000)} s`)}`)
} catch (error) {
	const text = error instanceof Error && error.name === 'DemoError' ? error.message : ((error as Error).stack ?? error)
	print(`\n${colour('red', 'demo failed')}: ${text}`)
	process.exitCode = 1
}
