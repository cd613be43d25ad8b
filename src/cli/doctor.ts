import {constants} from 'node:fs'
import {access} from 'node:fs/promises'
import {systemClock} from '../clock.ts'
import type {Config} from '../config/fields.ts'
import {examine} from '../doctor/examine.ts'
import {canServe, type Finding} from '../doctor/finding.ts'
import {prepareDevice} from '../doctor/network.ts'
import {makeSettings} from '../doctor/settings.ts'
import {formatTable} from '../explain/table.ts'
import {prepareKernel} from '../kernel/prepare.ts'
import {openScratchDoors} from '../kernel/scratch-namespace.ts'
import {fileOf, SysctlClient} from '../kernel/sysctl/client.ts'
import {FormerSettings} from '../kernel/sysctl/former-settings.ts'
import {openSystemDoors} from '../kernel/system-doors.ts'
import {findKubeProxy, formatLiveKubeProxy} from '../observe/find-kube-proxy.ts'
import {Failure} from './failure.ts'
import {type OutputFormat, print} from './output.ts'
import {untilKubeProxyEnds} from './until-kube-proxy-ends.ts'

/**
 * Says of each thing that kube-lvs uses on a node whether it is there. With `isPreparing` modules are loaded and kernel
 * settings made before, when no kube-proxy runs on the node any more. Resolves with the exit code: 1 where something is missing
 * without which no Service is served.
 */
export const doctor = async (config: Config, format: OutputFormat, isPreparing: boolean): Promise<number> => {
	if (isPreparing && !(await untilAlone())) {
		return 1
	}
	const doors = openSystemDoors(systemClock)
	try {
		const capabilities = await prepareKernel(doors, {load: isPreparing}).catch((error: Error) => {
			throw new Failure(`what this node has cannot be told: ${error.message}`)
		})
		if (isPreparing) {
			const former = new FormerSettings(doors.files, config.runtimeDirectory)
			await makeSettings(new SysctlClient(doors.files, former), config, capabilities.facts)
			await prepareDevice(doors, capabilities.facts)
		}
		// Afterwards this process is in another network namespace.
		const warnings = [...capabilities.warnings, ...(await warnOfKubeProxy())]
		const findings = await examine({
			config,
			capabilities,
			doors,
			mayWrite,
			openScratch: () => openScratchDoors(systemClock),
		})
		print(format, {canServe: canServe(findings), findings, warnings}, () => formatFindings(findings, warnings))
		return canServe(findings) ? 0 : 1
	} finally {
		doors.netlink.close()
	}
}

/** `run` waits for its end, so that nothing is served by us until then. */
const warnOfKubeProxy = async (): Promise<readonly string[]> => {
	const found = await findKubeProxy()
	return found ? [formatLiveKubeProxy(found)] : []
}

/** False when this process is told to end before that; as the first one in a container it would not end by itself. */
const untilAlone = async (): Promise<boolean> => {
	const stop = new AbortController()
	const abort = () => stop.abort()
	process.once('SIGTERM', abort).once('SIGINT', abort)
	const say = (message: string) => void process.stderr.write(`${message}\n`)
	await untilKubeProxyEnds({clock: systemClock, log: {info: say, warn: say}, signal: stop.signal})
	process.off('SIGTERM', abort).off('SIGINT', abort)
	return !stop.signal.aborted
}

const mayWrite = (path: string): Promise<boolean> =>
	access(fileOf(path), constants.W_OK).then(
		() => true,
		() => false,
	)

const formatFindings = (findings: readonly Finding[], warnings: readonly string[]): readonly string[] => [
	...formatTable(
		['WHAT', 'NEED', 'STATE'],
		findings.map(({what, need, state, detail}) => [what, need, detail === '' ? state : `${state}: ${detail}`]),
	),
	...findings
		.filter(({state}) => state === 'missing')
		.flatMap(({what, without, remedy}) => ['', `MISSING: ${what}`, `  without it: ${without}`, `  remedy: ${remedy}`]),
	...warnings.flatMap(warning => ['', `WARNING: ${warning}`]),
	'',
	...(findings.some(({state}) => state === 'not tried') ? [NOT_TRIED] : []),
	summarize(findings),
]

const NOT_TRIED =
	'What was not tried needs a network namespace of its own, and so the capability SYS_ADMIN: run this as root on the ' +
	'node, or in a privileged container.'

const summarize = (findings: readonly Finding[]): string => {
	const ok = findings.filter(({state}) => state === 'ok').length
	return `${verdictOn(findings)}: ${ok} of ${findings.length} are there.`
}

const verdictOn = (findings: readonly Finding[]): string => {
	if (!canServe(findings)) {
		return 'This node cannot serve Services'
	}
	return findings.some(({need, state}) => need === 'required' && state === 'not tried')
		? 'Nothing that was looked at keeps this node from serving Services'
		: 'This node can serve Services'
}
