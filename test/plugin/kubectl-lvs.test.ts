import {spawn} from 'node:child_process'
import {chmod, mkdtemp, readFile, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {text} from 'node:stream/consumers'
import {fileURLToPath} from 'node:url'
import {expect} from 'chai'

const PLUGIN = fileURLToPath(new URL('../../plugin/kubectl-lvs', import.meta.url))

/** Records its arguments, and answers as a cluster with the pods and arguments of the environment would. */
const FAKE_KUBECTL = `#!/bin/sh
{ printf '%s\\0' "$@"; printf '\\036'; } >>"$RECORD"
case " $* " in
*' get pods '*) printf '%s' "$PODS" ;;
*' get pod '*) printf '%s' "$ARGUMENTS" ;;
*' exec '*)
	cat
	echo "of $*" | sed 's/ --container.*//; s/^of .* /of /'
	case "$*" in *"$FAILING"*) exit 2 ;; esac
	;;
esac
`

const ONE = 'n1 kube-lvs-a\n'

const TWO = `n2 kube-lvs-b\n${ONE}`

interface World {
	readonly pods?: string
	/** Of the kube-lvs in the pod, a line each. */
	readonly args?: string
	/** A command with this among its words ends with 2. */
	readonly failing?: string
	readonly stdin?: string
}

describe('kubectl lvs', () => {
	let folder: string
	before(async () => {
		folder = await mkdtemp(join(tmpdir(), 'kubectl-lvs-'))
		await writeFile(join(folder, 'kubectl'), FAKE_KUBECTL)
		await chmod(join(folder, 'kubectl'), 0o755)
	})
	after(() => rm(folder, {recursive: true}))

	const lvs = async (args: readonly string[], world: World = {}) => {
		const {pods = ONE, args: own = '', failing = 'nothing fails', stdin = ''} = world
		const record = join(folder, 'record')
		await rm(record, {force: true})
		const env = {PATH: `${folder}:${process.env.PATH}`, RECORD: record, PODS: pods, ARGUMENTS: own, FAILING: failing}
		const child = spawn(PLUGIN, args, {env})
		const exited = new Promise<number | null>(resolve => child.on('close', resolve))
		child.stdin.on('error', () => undefined).end(stdin)
		const [stdout, stderr, exitCode] = await Promise.all([text(child.stdout), text(child.stderr), exited])
		const recorded = await readFile(record, 'utf8').catch(() => '')
		const calls = recorded
			.split('\u001e')
			.slice(0, -1)
			.map(call => call.split('\0').slice(0, -1))
		return {stdout, stderr, exitCode, calls, last: calls.at(-1)}
	}

	it('runs a command in the pod of a node', async () => {
		const {calls, stdout, exitCode} = await lvs(['--node', 'n1', 'status', '-o', 'json'])
		expect(calls[0]).to.deep.equal([
			'--namespace=kube-system',
			'get',
			'pods',
			'--selector=app.kubernetes.io/name=kube-lvs',
			'--field-selector=status.phase=Running,spec.nodeName=n1',
			'--output=jsonpath={range .items[*]}{.spec.nodeName}{" "}{.metadata.name}{"\\n"}{end}',
		])
		expect(calls[1]).to.deep.equal([
			'--namespace=kube-system',
			'get',
			'pod',
			'kube-lvs-a',
			'--output=jsonpath={range .spec.containers[?(@.name=="kube-lvs")].args[*]}{@}{"\\n"}{end}',
		])
		const command = ['--container=kube-lvs', '--', 'kube-lvs', 'status', '-o', 'json']
		expect(calls.slice(2)).to.deep.equal([['--namespace=kube-system', 'exec', 'kube-lvs-a', ...command]])
		expect({stdout, exitCode}).to.deep.equal({stdout: 'of kube-lvs-a\n', exitCode: 0})
	})

	const SAME: readonly (readonly string[])[] = [
		['--node=n1', 'explain', 'shop/web'],
		['explain', '--node', 'n1', 'shop/web'],
		['explain', 'shop/web', '--node=n1'],
	]
	for (const args of SAME) {
		it(`takes the node from ${args.join(' ')}`, async () => {
			const {calls, last} = await lvs(args)
			expect(calls[0]).to.include('--field-selector=status.phase=Running,spec.nodeName=n1')
			expect(last?.slice(-3)).to.deep.equal(['kube-lvs', 'explain', 'shop/web'])
		})
	}

	it('gives the command the configuration of the pod, before its own arguments', async () => {
		const args = 'run\n--config=/etc/kube-lvs/a b*.yaml\n--node-name=$(NODE_NAME)\n--kubeconfig=\n'
		const {last} = await lvs(['plan', '--scheduler', 'a b', ''], {args})
		const own = ['--config=/etc/kube-lvs/a b*.yaml', '--node-name=n1', '--kubeconfig=']
		expect(last?.slice(last.indexOf('--') + 1)).to.deep.equal(['kube-lvs', 'plan', ...own, '--scheduler', 'a b', ''])
	})

	it('finds the cluster, the namespace and the pods by what it is told', async () => {
		const cluster = ['--context', 'a b', '--kubeconfig=/k', '--cluster', 'c', '--user', 'u', '--as', 'me']
		const {calls} = await lvs([...cluster, '-n', 'lvs', '-l', 'app=x', '-c', 'proxy', 'status'])
		const flags = ['--context=a b', '--kubeconfig=/k', '--cluster=c', '--user=u', '--as=me', '--namespace=lvs']
		expect(calls.map(call => call.slice(0, flags.length))).to.deep.equal([flags, flags, flags])
		expect(calls[0]).to.include.members(['--selector=app=x', '--field-selector=status.phase=Running'])
		expect(calls[1]?.at(-1)).to.include('@.name=="proxy"')
		expect(calls[2]).to.include('--container=proxy')
	})

	it('says where kube-lvs runs, and does nothing, where no node is named and there are several', async () => {
		const {calls, exitCode, stderr} = await lvs(['status'], {pods: TWO})
		expect({exitCode, calls: calls.length}).to.deep.equal({exitCode: 1, calls: 1})
		expect(stderr).to.equal('kubectl lvs: which node? Give --node NODE or --all-nodes; kube-lvs runs on:\n  n1\n  n2\n')
	})

	it('says where it has looked in vain', async () => {
		const {exitCode, stderr} = await lvs(['--node', 'n9', 'status'], {pods: ''})
		expect(exitCode).to.equal(1)
		expect(stderr).to.equal(
			'kubectl lvs: no pod of kube-lvs (app.kubernetes.io/name=kube-lvs) runs in namespace kube-system on node n9; -n and -l say where else\n',
		)
	})

	it('runs on all nodes, one after the other, and names them', async () => {
		const {stdout, calls, exitCode} = await lvs(['--all-nodes', 'explain', 'shop/web'], {pods: TWO, args: 'run\n--v=1'})
		expect(stdout).to.equal('NODE n1\nof kube-lvs-a\nNODE n2\nof kube-lvs-b\n')
		expect(exitCode).to.equal(0)
		const execs = calls.filter(call => call.includes('exec'))
		expect(execs.map(call => call.slice(-4))).to.deep.equal([
			['kube-lvs', 'explain', '--v=1', 'shop/web'],
			['kube-lvs', 'explain', '--v=1', 'shop/web'],
		])
	})

	const FORMATS: readonly (readonly [string, string])[] = [
		['-o json', 'of kube-lvs-a\nof kube-lvs-b\n'],
		['--output=json', 'of kube-lvs-a\nof kube-lvs-b\n'],
		['-ojson', 'of kube-lvs-a\nof kube-lvs-b\n'],
		['--output yaml', '---\n# node n1\nof kube-lvs-a\n---\n# node n2\nof kube-lvs-b\n'],
		['-o table', 'NODE n1\nof kube-lvs-a\nNODE n2\nof kube-lvs-b\n'],
	]
	for (const [flag, expected] of FORMATS) {
		it(`leaves the output of all nodes to programs with ${flag}`, async () => {
			const {stdout} = await lvs(['--all-nodes', 'status', ...flag.split(' ')], {pods: TWO})
			expect(stdout).to.equal(expected)
		})
	}

	it('has the exit code of the command, and goes on where it fails on one of all nodes', async () => {
		expect((await lvs(['plan'], {failing: 'kube-lvs-a'})).exitCode).to.equal(2)
		const {exitCode, stdout} = await lvs(['--all-nodes', 'plan'], {pods: TWO, failing: 'kube-lvs-a'})
		expect({exitCode, stdout}).to.deep.equal({
			exitCode: 2,
			stdout: 'NODE n1\nof kube-lvs-a\nNODE n2\nof kube-lvs-b\n',
		})
	})

	it('hands on its input to restore alone', async () => {
		const restored = await lvs(['restore'], {stdin: '-A -t 10.96.0.1:80 -s rr\n'})
		expect(restored.last).to.include('-i')
		expect(restored.stdout).to.equal('-A -t 10.96.0.1:80 -s rr\nof kube-lvs-a\n')
		expect((await lvs(['status'])).last).to.not.include('-i')
	})

	const MISTAKES: readonly (readonly [string, string])[] = [
		['--nodes n1 status', 'kubectl lvs: unknown flag --nodes; flags of kube-lvs stand behind its command\n'],
		['--node', 'kubectl lvs: --node needs a value\n'],
		['status --node', 'kubectl lvs: --node needs a value\n'],
		['--node n1 --all-nodes status', 'kubectl lvs: either --node or --all-nodes\n'],
		['--all-nodes restore', 'kubectl lvs: a table is restored on one node: give --node NODE\n'],
	]
	for (const [args, expected] of MISTAKES) {
		it(`asks nobody for ${args}`, async () => {
			const {stderr, exitCode, calls} = await lvs(args.split(' '))
			expect({stderr, exitCode, calls}).to.deep.equal({stderr: expected, exitCode: 1, calls: []})
		})
	}

	it('explains itself', async () => {
		const {stdout, exitCode} = await lvs(['--help'])
		expect(stdout).to.match(/^kubectl lvs: /)
		expect(exitCode).to.equal(0)
		const none = await lvs([])
		expect({stderr: none.stderr, exitCode: none.exitCode}).to.deep.equal({stderr: stdout, exitCode: 1})
	})
})
