import {check} from './check.ts'
import {askAgain} from './drain.ts'
import {countOf, differences, type NodeState, readNodeState} from './node-state.ts'
import {command, dim, explain, fact, heading, output} from './screen.ts'
import {checkSilence} from './serve.ts'
import {formatLog, type LongLived, type Stage} from './stage.ts'
import {showSomeBars} from './traffic.ts'

const COUNTED = ['virtual servers', 'devices', 'sets', 'rules']

export const leave = async (stage: Stage, longLived: LongLived): Promise<void> => {
	const {kubeLvs, topology, node} = stage
	heading('kube-lvs stops')
	explain('SIGTERM, as in an upgrade: the kernel is left as it is, for the next one to take over.')
	command('n1', "pkill -f 'kube-lvs run'")
	const exitCode = await kubeLvs.stop()
	check(exitCode === 0, `kube-lvs ended with exit code ${exitCode} on SIGTERM`)
	const last = kubeLvs.log.findLast(({level}) => level === 'info')
	output(dim(last ? formatLog(last) : ''))
	await showSomeBars(stage)
	await askAgain(longLived)
	await longLived.connection.close()
	heading('Clean-up')
	explain('All that kube-lvs has ever made goes, and nothing else; the node is compared with how it was at the start.')
	const during = await readNodeState(topology, node)
	command('n1', 'kube-lvs cleanup')
	const cleanup = await kubeLvs.command('cleanup')
	output(cleanup.stdout)
	check(cleanup.exitCode === 0, `kube-lvs cleanup failed: ${cleanup.stderr}`)
	const after = await readNodeState(topology, node)
	showCounts(stage.before, during, after)
	await checkNothingLeft(stage, after)
	await checkSilence(stage, 'any more')
}

const showCounts = (before: NodeState, during: NodeState, after: NodeState): void => {
	const row = (cells: readonly (string | number)[]) =>
		output(cells.map((cell, at) => (at === 0 ? String(cell).padEnd(18) : String(cell).padStart(9))).join(''))
	row(['', 'before', 'serving', 'now'])
	for (const kind of COUNTED) row([kind, ...[before, during, after].map(state => countOf(state, kind))])
	for (const kind of COUNTED)
		check(countOf(during, kind) > countOf(before, kind), `kube-lvs served, but there were no ${kind} of it`)
}

const checkNothingLeft = async ({before, topology, node}: Stage, after: NodeState): Promise<void> => {
	const changed = differences(before, after)
	check(changed.length === 0, `the node is not as it was before kube-lvs:\n${changed.join('\n')}`)
	const left = [...after.values()].flat().filter(line => /KUBE-|kube-ipvs0/.test(line))
	check(left.length === 0, `kube-lvs left something behind:\n${left.join('\n')}`)
	command('n1', 'ipvsadm -Ln')
	const {stdout} = await topology.exec(node, 'ipvsadm', ['-Ln'])
	output(stdout)
	check(!/^(TCP|UDP|SCTP|FWM)/m.test(stdout), 'there are virtual servers left')
	fact('no virtual server, no kube-ipvs0, no KUBE- set, no KUBE- chain; addresses and routes as before')
}
