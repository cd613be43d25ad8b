import {text} from 'node:stream/consumers'
import type {Config} from '../config/fields.ts'
import {findRunning} from './find-running.ts'
import {type OutputFormat, print} from './output.ts'
import {restoreTable} from './restore-table.ts'
import {withIpvs} from './with-ipvs.ts'

/** Adds the table on stdin, in the format of ipvsadm, to what the kernel holds. */
export const restore = async (config: Config, format: OutputFormat): Promise<number> => {
	const table = await text(process.stdin)
	await warnOfRunning(config)
	const restored = await withIpvs(ipvs => restoreTable(ipvs, table))
	const {virtualServers, realServers, present} = restored
	const there = present > 0 ? `; there already, with the same settings: ${present}` : ''
	print(format, restored, () => [`virtual servers added: ${virtualServers}, real servers: ${realServers}${there}`])
	return 0
}

/** That it cannot be told does not matter here: the kernel can be changed all the same. */
const warnOfRunning = async (config: Config): Promise<void> => {
	const warning = await findRunning(config).then(
		running =>
			running &&
			`kube-lvs runs on this node, as process ${running.pid}: what is restored of its own virtual servers lasts until its next audit`,
		(error: Error) => error.message,
	)
	if (warning) {
		process.stderr.write(`${warning}\n`)
	}
}
