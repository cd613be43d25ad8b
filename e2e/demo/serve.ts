import {isAnswer} from '../topology/answer.ts'
import {paint} from './bars.ts'
import {check} from './check.ts'
import {command, dim, explain, fact, heading, output} from './screen.ts'
import {formatLog, SETTINGS, type Stage} from './stage.ts'

/** What is there before kube-lvs is: hosts that can reach each other, and addresses that lead nowhere. */
export const showHosts = ({topology, node}: Stage): void => {
	heading('A node, three pods, a client outside')
	explain(
		'Network namespaces on a real Linux kernel. Each pod runs a small server that says which pod it is,',
		'and whom it sees. No cluster is needed: kube-lvs reads the same YAML from a folder.',
	)
	const [outside] = topology.clients
	const rows = [['node', node], ...topology.pods.map(pod => ['pod', pod] as const), ['client', outside]] as const
	for (const [kind, host] of rows) {
		if (host)
			output(`${kind.padEnd(7)}${showName(kind, host.name)} ${host.addresses.ipv4.padEnd(13)}${host.addresses.ipv6}`)
	}
}

const showName = (kind: string, name: string): string =>
	`${kind === 'pod' ? paint(name) : name}${' '.repeat(8 - name.length)}`

/** Ends the demo unless every client asks the ClusterIPs in vain. */
export const checkSilence = async ({askers, vips}: Stage, when: string): Promise<void> => {
	for (const {address, tcp} of vips.filter(({kind}) => kind === 'ClusterIP')) {
		for (const asker of askers) {
			const answered = (await asker.ask({address, port: tcp, timeoutMs: 500}, 1)).some(isAnswer)
			check(!answered, `somebody answers at ${address}:${tcp}, asked from ${asker.name}, ${when}`)
		}
	}
	fact(`nobody answers at the ClusterIPs ${when}`)
}

export const serve = async ({kubeLvs}: Stage): Promise<void> => {
	heading('kube-lvs starts')
	explain(
		'It reads Services and EndpointSlices, works out what the kernel should hold, and makes it so: virtual',
		'servers of IPVS, the addresses they listen on, sets, and a few fixed iptables rules. (It is given a copy',
		'of the folder, which will be edited.)',
	)
	command('n1', `kube-lvs run --source manifests/demo --node-name n1 \\\n       ${SETTINGS.join(' ')}`)
	const line = await kubeLvs.start()
	output(dim(formatLog(line)))
	check(line.failures === 0, `the first sync had failures: ${JSON.stringify(line)}`)
	check(Number(line.operations) > 0, 'the first sync changed nothing')
	fact(`${line.services} Services are served after ${line.operations} changes to the kernel`)
}
