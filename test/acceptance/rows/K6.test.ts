import {mkdtemp, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {expect} from 'chai'
import {Failure} from '../../../src/cli/failure.ts'
import {watchConfig} from '../../../src/cli/watch-config.ts'
import {kubeProxyFile} from '../kube-proxy-config.ts'
import {row} from '../row.ts'

row('K6', 'a configuration file that is written again ends the process with an error', async () => {
	const folder = await mkdtemp(join(tmpdir(), 'kube-lvs-'))
	try {
		const path = join(folder, 'config.conf')
		const text = kubeProxyFile('')
		await writeFile(path, text)
		const watching = watchConfig([{path, text}], new AbortController().signal, {warn: () => undefined}).catch(
			error => error,
		)
		await writeFile(path, kubeProxyFile('ipvs: {scheduler: mh}'))
		const failure = await watching
		expect(failure).to.be.instanceOf(Failure)
		expect(failure).to.include({exitCode: 1})
	} finally {
		await rm(folder, {recursive: true})
	}
})
