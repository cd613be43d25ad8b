import {mkdtemp, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {expect} from 'chai'
import {Command} from 'commander'
import {Failure} from '../../src/cli/failure.ts'
import {addConfigFlags} from '../../src/cli/flags.ts'
import {loadConfig} from '../../src/cli/load-config.ts'

const HEAD = 'apiVersion: kubeproxy.config.k8s.io/v1alpha1\nkind: KubeProxyConfiguration\nmode: ipvs\n'

describe('the configuration of a command', () => {
	let folder: string
	let own: string
	let kubeProxys: string

	before(async () => {
		folder = await mkdtemp(join(tmpdir(), 'kube-lvs-'))
		own = join(folder, 'own.yaml')
		kubeProxys = join(folder, 'kube-proxy.yaml')
	})

	after(() => rm(folder, {recursive: true}))

	const load = (...args: readonly string[]) => {
		const command = addConfigFlags(new Command())
		command.parse(args, {from: 'user'})
		return loadConfig(command)
	}

	const failureOf = async (...args: readonly string[]): Promise<string> => {
		const failure = await load(...args).then(
			() => 'loaded',
			error => error,
		)
		expect(failure).to.be.instanceOf(Failure)
		return (failure as Failure).message
	}

	it('is made of flags over its file over that of kube-proxy', async () => {
		await writeFile(own, 'masqueradeBit: 15\nstrictARP: false\n')
		await writeFile(
			kubeProxys,
			`${HEAD}hostnameOverride: " N7 "\niptables: {masqueradeBit: 13}\nipvs: {strictARP: true, scheduler: mh}`,
		)
		const {config, notes} = await load('--config', own, '--kube-proxy-config', kubeProxys, '--masquerade-bit', '16')
		expect(config).to.include({masqueradeBit: 16, strictARP: false, scheduler: 'mh', nodeName: 'n7'})
		expect(notes).to.deep.equal([])
	})

	it('says what has no effect, and which files it comes from', async () => {
		await writeFile(own, 'scheduler: lc\n')
		await writeFile(kubeProxys, `${HEAD}enableProfiling: true`)
		const {notes, files} = await load('--config', own, '--kube-proxy-config', kubeProxys)
		expect(notes.join()).to.match(/^kube-proxy's configuration: enableProfiling: has no effect: /)
		expect(files).to.deep.equal([
			{path: own, text: 'scheduler: lc\n'},
			{path: kubeProxys, text: `${HEAD}enableProfiling: true`},
		])
		expect((await load()).files).to.deep.equal([])
	})

	it('names the file of kube-proxy that is wrong, and each field', async () => {
		await writeFile(kubeProxys, `${HEAD}iptables: {masqueradeBit: 32}\nipvs: {strictARP: maybe}`)
		const lines = (await failureOf('--kube-proxy-config', kubeProxys)).split('\n')
		expect(lines[0]).to.equal(`${kubeProxys}:`)
		expect(lines.slice(1).map(line => line.split(':')[0])).to.have.members(['iptables.masqueradeBit', 'ipvs.strictARP'])
	})

	it('fails for a file that cannot be read', async () => {
		expect(await failureOf('--config', join(folder, 'none'))).to.match(/ENOENT.*none/)
		expect(await failureOf('--kube-proxy-config', join(folder, 'none'))).to.match(/ENOENT.*none/)
		expect(await failureOf('--config', folder)).to.equal(`${folder}: EISDIR: illegal operation on a directory, read`)
	})
})
