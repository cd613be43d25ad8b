import {type Answer, isAnswer, tally} from '../topology/answer.ts'
import type {Host} from '../topology/hosts.ts'
import type {Topology} from '../topology/topology.ts'
import {bar, checkBalance} from './bars.ts'
import {check} from './check.ts'
import type {Vip} from './manifests.ts'
import {command, dim, explain, fact, heading, output} from './screen.ts'
import type {Stage} from './stage.ts'

const COUNT = 12
const ALL_PODS = ['a', 'b', 'c']
const PROTOCOLS = ['tcp', 'udp'] as const

/** A program that knows nothing of all this. */
export const showCurl = async ({topology, vips}: Stage): Promise<void> => {
	heading('curl, from everywhere')
	explain(
		'The answer names the pod, and the client as that pod sees it: another pod as itself, all others as the node.',
	)
	const [b, n1, outside] = [topology.pod('b'), topology.node('n1'), topology.client('outside')]
	const visits = [
		[b, 'ClusterIP', 'ipv4'],
		[n1, 'ClusterIP', 'ipv6'],
		[outside, 'NodePort', 'ipv4'],
		[outside, 'external IP', 'ipv6'],
		[outside, 'LoadBalancer', 'ipv4'],
	] as const
	for (const [host, kind, family] of visits) {
		const vip = vips.find(candidate => candidate.kind === kind && candidate.family === family)
		check(vip !== undefined, `web.yaml has no ${kind} for ${family}`)
		const url = `http://${formatEndpoint(vip, 'tcp').replace(/:80$/, '')}/`
		command(host.name, `curl ${url}`)
		const options = {reject: false, env: {no_proxy: '*'}}
		const {stdout, stderr, exitCode} = await topology.exec(host, 'curl', ['-gsS', '-m', '5', url], options)
		check(exitCode === 0, `curl ${url} on ${host.name} failed: ${stderr}`)
		output(stdout)
		checkPage(topology, host, JSON.parse(stdout))
	}
}

/** As explained on the screen: a pod is seen as itself (but by itself), any other client as the node. */
const checkPage = (topology: Topology, host: Host, {pod, client}: Answer): void => {
	check(ALL_PODS.includes(pod), `curl on ${host.name} was answered by ${pod}, which is no pod of web`)
	const isPod = topology.pods.some(({name}) => name === host.name) && pod !== host.name
	const seen = Object.values(isPod ? host.addresses : topology.node('n1').podGateway)
	check(seen.includes(client), `pod ${pod} saw ${client} instead of ${seen.join(' or ')} for ${host.name}`)
}

export const showBalance = async (stage: Stage): Promise<void> => {
	heading('Every address, family and protocol, balanced over the pods')
	explain(
		`${COUNT} new connections each from a pod, the node and outside; one letter for each answer: the pod that gave it.`,
	)
	await showBars(stage, stage.vips, ALL_PODS)
	const questions = stage.vips.length * PROTOCOLS.length * stage.askers.length * COUNT
	fact(`${questions} connections, ${questions} answers, evenly from all pods`)
}

/** A row for each VIP and protocol; ends the demo unless exactly these pods share the answers. */
export const showBars = async ({askers}: Stage, vips: readonly Vip[], pods: readonly string[]): Promise<void> => {
	output(dim(`${''.padEnd(39)}${askers.map(({name}) => `from ${name}`.padEnd(COUNT + 3)).join('')}`))
	for (const vip of vips) {
		for (const protocol of PROTOCOLS) {
			const label = `${vip.kind.padEnd(13)}${formatEndpoint(vip, protocol).padEnd(21)}${protocol}  `
			const cells: string[] = []
			for (const asker of askers) {
				const results = await asker.ask({protocol, address: vip.address, port: vip[protocol]}, COUNT)
				checkBalance(results, pods, `${label.replaceAll(/ +/g, ' ')}from ${asker.name}`)
				cells.push(bar(results))
			}
			output(`${label}${cells.join('   ')}`)
		}
	}
}

/** Two VIPs stand for all. */
export const showSomeBars = (stage: Stage, pods: readonly string[] = ALL_PODS): Promise<void> => {
	const some = stage.vips.filter(
		({kind, family}) => (kind === 'ClusterIP' && family === 'ipv4') || (kind === 'LoadBalancer' && family === 'ipv6'),
	)
	return showBars(stage, some, pods)
}

export const showAffinity = async ({askers, manifests}: Stage): Promise<void> => {
	heading('Session affinity')
	explain('The Service sticky asks for `sessionAffinity: ClientIP`: each client stays with the pod it met first.')
	for (const address of await manifests.stickyAddresses()) {
		const cells: string[] = []
		for (const asker of askers) {
			const results = await asker.ask({address, port: 80}, COUNT)
			const counts = Object.values(tally(results.filter(isAnswer)))
			const isOne = counts.length === 1 && counts[0] === COUNT
			check(isOne, `${address} from ${asker.name} is not with one pod: ${JSON.stringify(tally(results))}`)
			cells.push(`${asker.name} ${bar(results)}`)
		}
		output(`${address.padEnd(13)}${cells.join('   ')}`)
	}
	fact('each client was answered by one pod alone')
}

export const formatEndpoint = (vip: Vip, protocol: 'tcp' | 'udp'): string =>
	vip.family === 'ipv6' ? `[${vip.address}]:${vip[protocol]}` : `${vip.address}:${vip[protocol]}`
