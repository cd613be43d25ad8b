import type {LogLine} from '../scenario/kube-lvs.ts'
import {openConnection} from '../topology/connection.ts'
import {check} from './check.ts'
import {colour, command, dim, explain, fact, heading, output} from './screen.ts'
import {formatLog, type LongLived, type Stage} from './stage.ts'
import {showSomeBars} from './traffic.ts'

/** Through the load balancer's IPv4 address, from outside. */
export const openLongLived = async ({topology, vips}: Stage): Promise<LongLived> => {
	heading('A connection that stays')
	explain('A client outside opens one TCP connection, and keeps it until the end of this demo.')
	const vip = vips.find(({kind, family}) => kind === 'LoadBalancer' && family === 'ipv4')
	check(vip !== undefined, 'web.yaml has no IPv4 address of a load balancer')
	const connection = await openConnection(topology, topology.client('outside'), {
		address: vip.address,
		port: vip.tcp,
		timeoutMs: 3000,
	})
	const {pod} = await connection.ask()
	fact(`connected to ${vip.address}:${vip.tcp}; pod ${pod} answers`)
	return {connection, pod, vip}
}

/** Ends the demo unless the same pod answers over the same connection as at first. */
export const askAgain = async ({connection, pod}: LongLived): Promise<void> => {
	const answer = await connection.ask().catch(error => error as Error)
	check(!(answer instanceof Error), `the established connection broke: ${(answer as Error).message}`)
	check(answer.pod === pod, `the established connection moved from pod ${pod} to pod ${answer.pod}`)
	fact(`the connection lives: pod ${pod} answers`)
}

export const drain = async (stage: Stage, longLived: LongLived): Promise<void> => {
	const {manifests, kubeLvs} = stage
	const {pod} = longLived
	const others = stage.topology.pods.map(({name}) => name).filter(name => name !== pod)
	heading('That pod goes, and comes back')
	explain('Its endpoint is taken out of the YAML. New connections go to the other pods; the established one drains.')
	const from = kubeLvs.log.length
	const removed = await manifests.removeEndpoint(pod)
	output(`web-endpoints.yaml: ${removed.map(address => colour('red', `- ${address}`)).join('   ')}`)
	await showSync(stage, line => Number(line['drain-real-server']) > 0, from)
	await checkWeight(stage, longLived, 0)
	await showSomeBars(stage, others)
	await askAgain(longLived)
	explain('The endpoint is put back while its connection still drains: it gets its weight back.')
	const again = kubeLvs.log.length
	await manifests.restoreEndpoints()
	output(`web-endpoints.yaml: ${removed.map(address => colour('green', `+ ${address}`)).join('   ')}`)
	await showSync(stage, line => Number(line['update-real-server']) > 0, again)
	await checkWeight(stage, longLived, 1)
	await showSomeBars(stage)
	await askAgain(longLived)
}

const showSync = async ({kubeLvs}: Stage, fits: (line: LogLine) => boolean, from: number): Promise<void> => {
	const line = await kubeLvs.waitFor(fits, from)
	output(dim(formatLog(line)))
	check(line.failures === 0, `the sync had failures: ${JSON.stringify(line)}`)
}

/** As IPVS itself tells it: weight 0 gets no new connections. */
const checkWeight = async ({topology, node}: Stage, {pod, vip}: LongLived, weight: number): Promise<void> => {
	const server = `${vip.address}:${vip.tcp}`
	command('n1', `ipvsadm -Ln -t ${server}`)
	const {stdout} = await topology.exec(node, 'ipvsadm', ['-Ln', '-t', server])
	const [, , , ...lines] = stdout.split('\n')
	output(lines.join('\n'))
	const line = lines.find(text => text.includes(` ${topology.pod(pod).addresses.ipv4}:`)) ?? 'nothing'
	const [, , , , told, active] = line.split(/ +/)
	check(Number(told) === weight, `pod ${pod} should have weight ${weight}, IPVS says: ${line}`)
	check(Number(active) >= 1, `pod ${pod} should have the established connection, IPVS says: ${line}`)
}
