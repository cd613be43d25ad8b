import {expect} from 'chai'
import {execa} from 'execa'
import fc from 'fast-check'
import {createExec} from '../../src/kernel/exec.ts'

const exec = createExec()

describe('running programs', () => {
	it('gives exit code, stdout and stderr', async () => {
		const script = 'echo out; echo err >&2; exit 3'
		expect(await exec.run('sh', ['-c', script])).to.deep.equal({exitCode: 3, stdout: 'out\n', stderr: 'err\n'})
	})

	it('has the exit code 127 for one that is missing, and says so', async () => {
		const {exitCode, stderr} = await exec.run('no-such-program', [])
		expect(exitCode).to.equal(127)
		expect(stderr).to.include('no-such-program')
	})

	it('hands on output without a line end, and none', async () => {
		expect(await exec.run('printf', ['a'])).to.deep.equal({exitCode: 0, stdout: 'a', stderr: ''})
		expect(await exec.run('true', [])).to.deep.equal({exitCode: 0, stdout: '', stderr: ''})
	})

	it('hands on any arguments and any input', async () => {
		const word = fc.string({unit: 'grapheme', minLength: 1}).filter(text => !text.includes('\0'))
		const text = fc.string({unit: 'binary', maxLength: 40}).map(text => `${text}ḙ`.toWellFormed())
		await fc.assert(
			fc.asyncProperty(fc.array(word, {minLength: 1, maxLength: 3}), text, async (args, input) => {
				expect((await exec.run('printf', ['%s|', ...args])).stdout).to.equal(args.map(arg => `${arg}|`).join(''))
				expect((await exec.run('cat', [], input)).stdout).to.equal(input)
			}),
			{numRuns: 60},
		)
	})

	it('hands on input that begins like an option', async () => {
		expect((await exec.run('cat', [], '-A -t 10.96.0.1:80\n')).stdout).to.equal('-A -t 10.96.0.1:80\n')
	})

	it('hands on input and output of megabytes', async () => {
		const input = `${'0123456789abcde\n'.repeat(200_000)}`
		expect((await exec.run('cat', [], input)).stdout === input).to.equal(true)
	})

	it('gives a program no input that was not meant for it', async () => {
		expect((await exec.run('cat', [])).stdout).to.equal('')
	})

	it('runs one after the other, whoever asks meanwhile', async () => {
		const results = await Promise.all([1, 2, 3].map(number => exec.run('sh', ['-c', `sleep 0.01; echo ${number}`])))
		expect(results.map(({stdout}) => stdout)).to.deep.equal(['1\n', '2\n', '3\n'])
	})

	it('ends one that takes too long, with the exit code 124, and runs the next', async () => {
		const impatient = createExec(100)
		expect((await impatient.run('sleep', ['60'])).exitCode).to.equal(124)
		expect((await impatient.run('echo', ['on'])).stdout).to.equal('on\n')
	})

	it('goes on when its shell was killed', async () => {
		const {exitCode} = await exec.run('sh', ['-c', 'kill -KILL $PPID'])
		expect(exitCode).to.not.equal(0)
		expect((await exec.run('echo', ['on'])).stdout).to.equal('on\n')
	})

	it('speaks English', async () => {
		expect((await exec.run('sh', ['-c', 'echo $LC_ALL'])).stdout).to.equal('C\n')
	})

	it('keeps no process alive', async () => {
		const script = `
			const {createExec} = await import('./src/kernel/exec.ts')
			console.log((await createExec().run('echo', ['done'])).stdout)
		`
		const {stdout} = await execa('node', ['--input-type=module', '-e', script], {timeout: 20_000})
		expect(stdout).to.equal('done\n')
	})
})
