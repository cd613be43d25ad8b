import {expect} from 'chai'
import {Command} from 'commander'
import {addConfigFlags} from '../../../src/cli/flags.ts'
import {loadConfig} from '../../../src/cli/load-config.ts'
import {configFrom} from '../kube-proxy-config.ts'
import {row} from '../row.ts'

row('K5', 'a syncPeriod of 0s is the default in the file of kube-proxy, and an error as a flag', async () => {
	expect(configFrom('ipvs: {syncPeriod: 0s}')).to.include({auditInterval: 30_000})
	const command = addConfigFlags(new Command()).parse(['--audit-interval=0s'], {from: 'user'})
	const message = await loadConfig(command).then(
		() => 'accepted',
		error => error.message,
	)
	expect(message).to.match(/^auditInterval: "0s" is not a duration above 0/)
})
