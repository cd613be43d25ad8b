import {check} from './check.ts'
import {command, explain, fact, heading, output} from './screen.ts'
import type {Stage} from './stage.ts'
import {formatEndpoint} from './traffic.ts'

/** What the kernel holds, as the command tells it; on the screen only TCP, of the rest the number of lines. */
export const showStatus = async ({kubeLvs, vips}: Stage): Promise<void> => {
	heading('What the kernel holds')
	explain('Read from the kernel itself; only the names of the Services come from the running kube-lvs.')
	command('n1', 'kube-lvs status')
	const {stdout, stderr, exitCode} = await kubeLvs.command('status')
	check(exitCode === 0, `kube-lvs status failed: ${stderr}`)
	const [servers = ''] = stdout.split('\n\n')
	const [header = '', ...blocks] = servers.split(/\n(?=\S)/)
	const shown = blocks.filter(block => block.startsWith('tcp '))
	output([header, ...shown].join('\n'))
	const left = stdout.trimEnd().split('\n').length - shown.join('\n').split('\n').length - 1
	output(`... and ${left} lines more: the same for UDP, the VIPs, the sets`)
	for (const vip of vips) {
		for (const protocol of ['tcp', 'udp'] as const) {
			const name = `${protocol} ${formatEndpoint(vip, protocol)}`
			const block = blocks.find(text => text.startsWith(`${name} `))
			check(block?.includes('demo/web') === true, `kube-lvs status does not list ${name} of demo/web`)
			check(block.split('\n').length === 3, `${name} should have three real servers:\n${block}`)
		}
	}
	fact(`${blocks.length} virtual servers, each with its pods as real servers`)
}
