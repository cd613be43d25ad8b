import {copyFile, mkdir, mkdtemp, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {dirname, join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {expect} from 'chai'
import {execa} from 'execa'
import {findTool} from '../../charts/tools.ts'
import {type PodServer, startPodServer} from './pod-server.ts'

const PLUGIN = fileURLToPath(new URL('../../plugin/kubectl-lvs', import.meta.url))

/** What kubectl is told of a cluster that needs no password. */
const kubeconfigOf = (server: string): string =>
	JSON.stringify({
		apiVersion: 'v1',
		kind: 'Config',
		clusters: [{name: 'c', cluster: {server}}],
		users: [{name: 'u', user: {}}],
		contexts: [{name: 'x', context: {cluster: 'c', user: 'u'}}],
		'current-context': 'x',
	})

describe('kubectl lvs, called by a real kubectl', () => {
	let server: PodServer
	let home: string
	before(async () => {
		server = await startPodServer()
		home = await mkdtemp(join(tmpdir(), 'kubectl-lvs-home-'))
		await mkdir(join(home, 'bin'))
		await copyFile(PLUGIN, join(home, 'bin', 'kubectl-lvs'))
		await writeFile(join(home, 'kubeconfig'), kubeconfigOf(server.url))
	})
	after(async () => {
		await server.close()
		await rm(home, {recursive: true})
	})

	const lvs = async (...args: readonly string[]) => {
		const kubectl = await findTool('kubectl')
		const from = server.requests.length
		const {exitCode, stderr} = await execa(kubectl, ['lvs', ...args], {
			env: {
				HOME: home,
				KUBECONFIG: join(home, 'kubeconfig'),
				PATH: `${join(home, 'bin')}:${dirname(kubectl)}:${process.env.PATH}`,
			},
			reject: false,
		})
		return {exitCode, stderr, requests: server.requests.slice(from)}
	}

	it('enters the pod of the manifests on the node that is named, with its configuration', async () => {
		const {exitCode, requests} = await lvs('--node', 'n1', 'explain', 'shop/web', '-o', 'json')
		// Nobody may enter here.
		expect(exitCode).to.equal(1)
		const entered = requests.find(({pathname}) => pathname.endsWith('/exec'))
		expect(entered?.pathname).to.equal('/api/v1/namespaces/kube-system/pods/kube-lvs-n1/exec')
		expect(entered?.searchParams.getAll('command')).to.deep.equal([
			...['kube-lvs', 'explain', '--config=/etc/kube-lvs/config.yaml', '--node-name=n1', 'shop/web', '-o', 'json'],
		])
		expect(entered?.searchParams.get('container')).to.equal('kube-lvs')
		expect(entered?.searchParams.get('stdin')).to.equal(null)
	})

	it('gives its input to restore', async () => {
		const {requests} = await lvs('--node', 'n2', 'restore')
		const entered = requests.find(({pathname}) => pathname.endsWith('/exec'))
		expect(entered?.pathname).to.include('/kube-lvs-n2/')
		expect(entered?.searchParams.get('stdin')).to.equal('true')
	})

	it('finds all nodes, and enters none before one is chosen', async () => {
		const {exitCode, stderr, requests} = await lvs('status')
		expect({exitCode, stderr}).to.deep.equal({
			exitCode: 1,
			stderr: 'kubectl lvs: which node? Give --node NODE or --all-nodes; kube-lvs runs on:\n  n1\n  n2',
		})
		expect(requests.map(({pathname}) => pathname)).to.deep.equal(['/api/v1/namespaces/kube-system/pods'])
	})

	it('looks where it is told', async () => {
		const {exitCode, stderr} = await lvs('-n', 'elsewhere', 'status')
		expect(exitCode).to.equal(1)
		expect(stderr).to.include('runs in namespace elsewhere; -n and -l say where else')
	})
})
