import {formatTable} from '../ipvsadm/format.ts'
import {withIpvs} from './with-ipvs.ts'

/** Prints all virtual and real servers, foreign ones included, in the format of ipvsadm. */
export const save = (): Promise<number> =>
	withIpvs(async ipvs => {
		const {virtualServers} = await ipvs.read()
		process.stdout.write(
			formatTable(virtualServers.values())
				.map(line => `${line}\n`)
				.join(''),
		)
		return 0
	})
