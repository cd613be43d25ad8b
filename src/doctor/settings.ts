import type {Config} from '../config/fields.ts'
import {sysctlsOf, tuningOf} from '../desired/sysctl.ts'
import type {SysctlClient} from '../kernel/sysctl/client.ts'
import {isMet} from '../plan/sysctl.ts'
import type {NodeFacts} from '../state/node-facts.ts'
import type {Sysctl} from '../state/sysctl.ts'
import {type Finding, found} from './finding.ts'

/** All settings that `run` makes, if it may. */
const allSettings = (config: Config, facts: NodeFacts): readonly Sysctl[] => {
	const tuning = tuningOf(config, facts)
	return sysctlsOf(config, {...facts, tunable: new Set(tuning.map(({path}) => path))})
}

/** Makes them as far as that is possible; whether it was is what `examineSettings` finds. */
export const makeSettings = async (client: SysctlClient, config: Config, facts: NodeFacts): Promise<void> => {
	const settings = allSettings(config, facts)
	const {sysctls} = await client.read(settings.map(({path}) => path))
	const differing = settings.filter(sysctl => !isMet(sysctl, sysctls.get(sysctl.path)))
	await client.apply(differing.map(sysctl => ({kind: 'set-sysctl', sysctl})))
}

/** A setting is all right if it has its value, or if `run` may give it its value. */
export const examineSettings = async (
	client: SysctlClient,
	config: Config,
	facts: NodeFacts,
	mayWrite: (path: string) => Promise<boolean>,
): Promise<readonly Finding[]> => {
	const settings = allSettings(config, facts)
	const tuning = new Set(tuningOf(config, facts).map(({path}) => path))
	const {sysctls} = await client.read(settings.map(({path}) => path))
	return Promise.all(
		settings.map(async sysctl => {
			const present = sysctls.get(sysctl.path)
			const isRight = isMet(sysctl, present) || (present !== undefined && (await mayWrite(sysctl.path)))
			return found(
				{
					what: `setting ${sysctl.path}`,
					need: tuning.has(sysctl.path) ? 'optional' : 'required',
					without: sysctl.why,
					remedy: present === undefined ? remedyFor(sysctl) : REMEDY,
				},
				isRight ? undefined : explain(sysctl, present),
			)
		}),
	)
}

const REMEDY = 'run `kube-lvs doctor --prepare` on the node, or in a privileged container that has its network'

const explain = ({value}: Sysctl, present: string | undefined): string =>
	present === undefined
		? 'this kernel does not have it'
		: `it is ${present}, should be ${value}, and may not be written from here`

/** By the module that brings it. */
const remedyFor = ({path}: Sysctl): string => {
	if (path === 'net/ipv4/vs/conntrack') {
		return 'a kernel with CONFIG_IP_VS_NFCT, and modprobe ip_vs'
	}
	return path.startsWith('net/ipv4/vs/') ? 'modprobe ip_vs' : 'modprobe nf_conntrack'
}
