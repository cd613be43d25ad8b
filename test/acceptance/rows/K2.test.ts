import {mkdtemp, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {expect} from 'chai'
import {Command} from 'commander'
import {addConfigFlags} from '../../../src/cli/flags.ts'
import {loadConfig} from '../../../src/cli/load-config.ts'
import {kubeProxyFile} from '../kube-proxy-config.ts'
import {row} from '../row.ts'

row('K2', 'a field that does not exist is said, and everything else counts', async () => {
	const folder = await mkdtemp(join(tmpdir(), 'kube-lvs-'))
	try {
		const path = join(folder, 'config.conf')
		await writeFile(path, kubeProxyFile('ipvs: {schedular: mh, strictARP: true}'))
		const command = addConfigFlags(new Command()).parse(['--kube-proxy-config', path], {from: 'user'})
		const {config, notes} = await loadConfig(command)
		expect(config).to.include({scheduler: 'rr', strictARP: true})
		expect(notes).to.deep.equal(["kube-proxy's configuration: ipvs.schedular: there is no such field; it is ignored"])
	} finally {
		await rm(folder, {recursive: true})
	}
})
