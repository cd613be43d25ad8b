import {check} from './check.ts'
import {askAgain} from './drain.ts'
import {command, dim, explain, fact, heading, output} from './screen.ts'
import {formatLog, type LongLived, type Stage} from './stage.ts'
import {showSomeBars} from './traffic.ts'

/** Killed in the middle of it all, and started again. */
export const restart = async (stage: Stage, longLived: LongLived): Promise<void> => {
	const {kubeLvs} = stage
	heading('kube-lvs is killed')
	explain('Packets never pass through kube-lvs, only through the kernel: without it, traffic goes on as it was.')
	command('n1', "pkill -9 -f 'kube-lvs run'")
	await kubeLvs.stop('SIGKILL')
	await showSomeBars(stage)
	await askAgain(longLived)
	explain('Started again, it reads the kernel, compares, and finds nothing to do.')
	command('n1', 'kube-lvs run ... # as before')
	const line = await kubeLvs.start()
	output(dim(formatLog(line)))
	check(line.operations === 0 && line.failures === 0, `a restart changed something: ${JSON.stringify(line)}`)
	fact('0 operations')
	await askAgain(longLived)
	command('n1', 'kube-lvs plan ...; echo "exit code $?"')
	const {stdout, stderr, exitCode} = await kubeLvs.command('plan')
	output(`${stdout}\nexit code ${exitCode}`)
	check(exitCode === 0 && stdout.trim() === '0 operations', `kube-lvs plan sees a difference: ${stderr || stdout}`)
	fact('the plan says so too: what is there is what is wanted')
}
