import type {Config} from '../config/fields.ts'
import {tuningOf} from '../desired/sysctl.ts'
import type {Kernel} from '../kernel/kernel.ts'
import {findKubeProxy, formatLiveKubeProxy} from '../observe/find-kube-proxy.ts'
import {describeTakeover, type FormerProxy, findFormerProxy, type TakeoverStep} from '../observe/takeover.ts'
import {isMet} from '../plan/sysctl.ts'
import {Failure} from './failure.ts'
import {type OutputFormat, print} from './output.ts'
import {planFirstSync} from './plan.ts'
import {withNode} from './with-node.ts'

/**
 * Says in words what the first sync of `run` will do on a node where kube-proxy has worked, and changes nothing. It does
 * not take over by itself: a node that is taken over needs a process that follows its Services from then on.
 */
export const takeover = (config: Config, format: OutputFormat, isDryRun: boolean): Promise<number> => {
	if (!isDryRun) {
		throw new Failure(
			'the first sync of `kube-lvs run` takes this node over; `kube-lvs takeover --dry-run` says step by step how',
		)
	}
	return withNode(config, {load: false}, async ({kernel, warnings}) => {
		const {wanted, actual, operations} = await planFirstSync(config, kernel)
		const tuning = await readTuning(config, kernel)
		const alive = await findKubeProxy()
		const report: Report = {
			former: findFormerProxy(actual),
			warnings: [...(alive ? [`${formatLiveKubeProxy(alive)}; stop it first`] : []), ...warnings],
			steps: describeTakeover({
				...{wanted, plan: operations, tuning: tuning.differing},
				actual: {...actual, sysctls: new Map([...actual.sysctls, ...tuning.present])},
			}),
		}
		print(format, report, () => formatReport(report))
		return 0
	})
}

interface Report {
	readonly former: FormerProxy
	readonly warnings: readonly string[]
	readonly steps: readonly TakeoverStep[]
}

/** What `run` sets once at its start, as far as this kernel has it. */
const readTuning = async (config: Config, kernel: Kernel) => {
	const tuning = tuningOf(config, kernel.facts)
	const {sysctls: present} = await kernel.sysctl.read(tuning.map(({path}) => path))
	const differing = tuning.filter(sysctl => present.has(sysctl.path) && !isMet(sysctl, present.get(sysctl.path)))
	return {present, differing}
}

const formatReport = ({former, warnings, steps}: Report): readonly string[] => [
	...warnings.flatMap(warning => [`WARNING: ${warning}`, '']),
	`Found on this node: ${FOUND[former]}`,
	'',
	'The first sync of `kube-lvs run` goes through these steps, in this order:',
	...steps.flatMap(({title, lines}, at) => ['', `${at + 1}. ${title}`, ...lines.map(line => `   ${line}`)]),
	'',
	...WAY_BACK,
	'',
	'Nothing was changed.',
]

const FOUND: Readonly<Record<FormerProxy, string>> = {
	'kube-lvs': 'kube-lvs; it goes on with what it left',
	'kube-proxy in mode iptables': 'kube-proxy in mode iptables; its rules serve until all that replaces them stands',
	'kube-proxy in mode ipvs': 'kube-proxy in mode ipvs; what it left is used further, in place',
	none: 'no service proxy',
}

const WAY_BACK = [
	'To go back: stop kube-lvs, run `kube-lvs cleanup`, start kube-proxy. Cleanup puts kernel settings back and ends',
	'connections through VIPs; until the first sync of kube-proxy, Services are not reachable from this node.',
]
