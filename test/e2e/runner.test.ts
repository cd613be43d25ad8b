import {execFile, spawn} from 'node:child_process'
import {once} from 'node:events'
import {mkdtempSync, realpathSync, rmSync} from 'node:fs'
import {constants, tmpdir} from 'node:os'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {expect} from 'chai'

const RUN = fileURLToPath(new URL('../../e2e/kernel/run.ts', import.meta.url))

interface Ended {
	readonly code: number | string
	readonly stdout: Buffer
	readonly stderr: string
}

const run = (command: readonly string[], env: NodeJS.ProcessEnv = {}, cwd = process.cwd()): Promise<Ended> =>
	new Promise(resolve => {
		const options = {env: {...process.env, ...env}, cwd, encoding: 'buffer' as const}
		execFile(process.execPath, [RUN, ...command], options, (error, stdout, stderr) => {
			resolve({code: error?.code ?? 0, stdout, stderr: stderr.toString()})
		})
	})

describe('the test kernel runner', function () {
	this.timeout(300_000)

	// A kernel takes a second to start: one command shows all that can be seen of one.
	describe('runs a command', () => {
		const COMMAND = `
			perl -e 'print map { chr } 0..255; print "a\\nb\\n"; print STDERR "note\\n"'
			printf '%s|' "$@" "$ODD" "$PWD"
			cat /proc/net/ip_vs
			sleep 1000 &
			exit 42`
		let folder: string
		let ended: Ended

		before(async () => {
			folder = realpathSync(mkdtempSync(join(tmpdir(), 'kube-lvs test ')))
			ended = await run(['sh', '-c', COMMAND, 'sh', 'a b', '', '"$x\'\n'], {ODD: 'x=y\n "z"'}, folder)
		})

		after(() => rmSync(folder, {recursive: true}))

		it('in a kernel that has IPVS', () => {
			expect(ended.stdout.toString()).to.contain('IP Virtual Server')
		})

		it('and ends with its exit code, whatever process it leaves behind', () => {
			expect(ended.code).to.equal(42)
		})

		it('and hands on every byte of its output, and keeps the two streams apart', () => {
			const {stdout, stderr} = ended
			expect(stdout.subarray(0, 256)).to.deep.equal(Buffer.from(Array.from({length: 256}, (_, byte) => byte)))
			expect(stdout.subarray(256, 260).toString()).to.equal('a\nb\n')
			expect(stderr).to.equal('note\n')
		})

		it('with arguments, environment and folder as they are', () => {
			const [passed] = ended.stdout.subarray(260).toString().split('IP Virtual Server')
			expect(passed).to.equal(`a b||"$x'\n|x=y\n "z"|${folder}|`)
		})
	})

	it('says 127 and the name when there is no such command', async () => {
		const {code, stderr} = await run(['no-such-command'])
		expect(code).to.equal(127)
		expect(stderr).to.contain('no-such-command')
	})

	it('runs two at once, each with a kernel of its own', async () => {
		const script = 'ipvsadm -A -t 192.0.2.1:$0 -s rr && sleep 1 && ipvsadm -Sn'
		const ended = await Promise.all(['80', '81'].map(port => run(['sh', '-c', script, port])))
		expect(ended.map(({stdout}) => stdout.toString())).to.deep.equal([
			'-A -t 192.0.2.1:80 -s rr\n',
			'-A -t 192.0.2.1:81 -s rr\n',
		])
	})

	it('ends the guest when it is told to end', async () => {
		const runner = spawn(process.execPath, [RUN, 'sh', '-c', 'echo up; sleep 1000'], {
			stdio: ['ignore', 'pipe', 'inherit'],
		})
		await once(runner.stdout, 'data')
		runner.kill('SIGTERM')
		expect(await once(runner, 'exit')).to.deep.equal([128 + constants.signals.SIGTERM, null])
	})

	it('fails, and says why, when the kernel asked for cannot be had', async () => {
		const {code, stderr} = await run(['true'], {KUBE_LVS_TEST_KERNEL: 'uml', PATH: '/nowhere'})
		expect(code).to.equal(1)
		expect(stderr).to.contain('uml: linux.uml is not in PATH')
	})

	it('refuses a kind of kernel that it does not know', async () => {
		const {code, stderr} = await run(['true'], {KUBE_LVS_TEST_KERNEL: 'qemu'})
		expect(code).to.equal(1)
		expect(stderr).to.contain('KUBE_LVS_TEST_KERNEL=qemu')
	})
})
