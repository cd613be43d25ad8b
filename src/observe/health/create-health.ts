import type {Clock} from '../../clock.ts'
import type {Config} from '../../config/fields.ts'
import type {Node} from '../../model/node.ts'
import type {NodeContext} from '../../model/node-context.ts'
import type {Problem} from '../../model/problem.ts'
import {type Address, type Family, familyOf} from '../../net/address.ts'
import {prefixFamily} from '../../net/prefix.ts'
import type {Answerer} from '../http/answer.ts'
import type {OpenServer} from '../http/open-server.ts'
import type {Observer} from '../observer.ts'
import {isEligible} from './eligibility.ts'
import {failedFamilies} from './failed-families.ts'
import {answerHealth} from './health-answers.ts'
import {HealthCheckPorts, type ListenAddresses} from './health-check-ports.ts'
import {ProxyHealth} from './proxy-health.ts'

export interface HealthParts {
	readonly config: Config
	readonly families: readonly Family[]
	readonly clock: Clock
	readonly open: OpenServer
	/** Nobody shall rely on this process any more. */
	readonly isEnding: () => boolean
	readonly report: (service: string, problems: readonly Problem[]) => void
	/** Told of each answer: path and status of HTTP. */
	readonly answered: (path: string, status: number) => void
}

export interface Health {
	readonly observer: Partial<Observer>
	/** For `healthzBindAddress`. */
	readonly answer: Answerer
	readonly close: () => void
}

/** What load balancers and the kubelet are told about this proxy, from what happens in it. */
export const createHealth = (parts: HealthParts): Health => {
	const {config, families, clock, answered, isEnding} = parts
	const health = new ProxyHealth(config.auditInterval)
	health.started(families, clock.now())
	let node: Node | undefined
	// Nobody deletes the nodes of a folder of files, and they need not be in it.
	const isNodeEligible = () => isEligible(node) || (config.source !== '' && node === undefined)
	const ports = new HealthCheckPorts({
		open: parts.open,
		report: parts.report,
		// Without a server nobody can see that the proxy is late.
		isProxyHealthy: () => !config.healthzBindAddress || health.report(clock.now()).isHealthy,
	})
	return {
		observer: {
			changed: ({kind, key, object}) => {
				// A Node that was deleted stays as it was last seen.
				if (kind === 'Node' && key === config.nodeName && object) {
					node = object
				}
			},
			requested: asked => health.requested(asked, clock.now()),
			synced: report => {
				const failed = failedFamilies(report)
				const now = clock.now()
				for (const family of families.filter(family => !failed.has(family))) {
					health.succeeded(family, report.takenAt ?? now - report.milliseconds, now)
				}
				ports.settle()
			},
			failed: () => void ports.settle(),
			located: context => ports.setAddresses(listenAddresses(config, context)),
			compiled: (service, state) => ports.replace(service, state?.healthChecks ?? []),
		},
		answer: path => {
			const now = clock.wall()
			const report = health.report(clock.now(), now)
			const notReady = isEnding() ? ['it is ending', ...report.notReady] : report.notReady
			const answer = answerHealth(path, {...report, notReady}, isNodeEligible(), now)
			if (answer) {
				answered(path, answer.status)
			}
			return answer
		},
		close: () => ports.close(),
	}
}

const ANY = {ipv4: '0.0.0.0' as Address, ipv6: '::' as Address} as const

/** Every address where node ports are served on every one, else those that serve node ports now. */
const listenAddresses = ({nodePortAddresses}: Config, context: NodeContext): ListenAddresses => {
	const served = (family: Family): readonly Address[] => {
		const ofFamily = context.nodePortAddresses.filter(address => familyOf(address) === family)
		if (nodePortAddresses === 'primary') {
			return ofFamily
		}
		const networks = nodePortAddresses.filter(prefix => prefixFamily(prefix) === family)
		return networks.every(({length}) => length > 0) && networks.length > 0 ? ofFamily : [ANY[family]]
	}
	return {ipv4: served('ipv4'), ipv6: served('ipv6')}
}
