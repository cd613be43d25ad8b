import {spawn} from 'node:child_process'
import {glob} from 'node:fs/promises'
import {availableParallelism} from 'node:os'
import {stripVTControlCharacters} from 'node:util'
import {chooseKernel} from '../e2e/kernel/choose.ts'
import {ROW_NUMBERS} from './acceptance/numbers.ts'
import {passedRows} from './acceptance/results.ts'
import {failuresIn} from './support/failures.ts'

/** Runs all checks and tests, prints what they print, what failed once more, and closes with one line that counts them. */
const KERNEL_TESTS = 'test/**/*.kernel.test.ts'

/** By the nft variant of iptables, for which User-mode Linux has no nf_tables: on the machine's own kernel. */
const NFT_TEST = 'test/contract/nft.kernel.test.ts'
const NFT_TESTS = [NFT_TEST, 'test/desired/rules.kernel.test.ts']

/** Files that are run once more when they have failed: where there are more, that is no chance. */
const MOST_TRIED_AGAIN = 2

/** Each keeps one CPU busy, and a test kernel may take 3 GiB of memory. */
const MOST_AT_ONCE = 2

/** A test kernel that shares its CPU takes its time; a limit is there for what never ends. */
const PATIENCE = ['--timeout', '120000']

interface Counts {
	readonly passed: number
	readonly failed: number
	readonly skipped: number
}

interface Step extends Counts {
	/** Its command and how that ended. */
	readonly name: string
	/** All that was printed, and what of it was printed to stdout. */
	readonly output: string
	readonly stdout: string
}

type Job = () => Promise<Step>

/** With the failure before it, where it was tried again. */
type Tried = Step & {readonly first?: Step}

const check = async (title: string, command: string, args: readonly string[]): Promise<Step> => {
	const {exitCode, ...step} = await runStep(title, command, args)
	return {...step, passed: exitCode === 0 ? 1 : 0, failed: exitCode === 0 ? 0 : 1, skipped: 0}
}

/** A test run that ends without its own closing lines, or with an exit code that they do not explain, has failed. */
const mocha = async (title: string, command: string, args: readonly string[]): Promise<Step> => {
	const {exitCode, ...step} = await runStep(title, command, args, true)
	const count = (word: string) => Number(new RegExp(`^ *(\\d+) ${word}`, 'm').exec(step.stdout)?.[1] ?? 0)
	const [passed, failed, skipped] = [count('passing'), count('failing'), count('pending')]
	const isUnexplained = passed === 0 || (exitCode !== 0 && failed === 0)
	return {...step, passed, failed: isUnexplained ? failed + 1 : failed, skipped}
}

/** Prints while the step runs; a quiet one at its end, all at once. */
const runStep = async (title: string, command: string, args: readonly string[], isQuiet = false) => {
	const held: string[] = []
	const print = (text: string) => void (isQuiet ? held.push(text) : process.stdout.write(text))
	const line = [command, ...args].join(' ')
	print(`\n== ${title}: ${line}\n`)
	const start = Date.now()
	const child = spawn(command, args, {stdio: ['ignore', 'pipe', 'pipe']})
	let [output, stdout] = ['', '']
	const take = (text: string) => {
		output += text
		print(text)
	}
	child.stdout.setEncoding('utf8').on('data', text => {
		stdout += text
		take(text)
	})
	child.stderr.setEncoding('utf8').on('data', take)
	const exitCode = await new Promise<number | null>(resolve => {
		child.once('error', error => {
			take(`${error.message}\n`)
			resolve(1)
		})
		child.once('close', resolve)
	})
	print(`== ${title}: exit code ${exitCode}, ${Math.round((Date.now() - start) / 1000)} s\n`)
	process.stdout.write(held.join(''))
	const [all, out] = [stripVTControlCharacters(output), stripVTControlCharacters(stdout)]
	return {name: `${line}: exit code ${exitCode}`, exitCode, output: all, stdout: out}
}

/**
 * What depends on when packets, timers and a busy machine meet may fail once in a thousand times. Such a file is run once
 * more, with nothing beside it, and counts as it ends then; what failed at first is said at the end, to be mended.
 */
const againWhereFewFailed = async (steps: readonly Step[], jobs: readonly Job[]): Promise<readonly Tried[]> => {
	const isBroken = steps.filter(({failed}) => failed > 0).length > MOST_TRIED_AGAIN
	const results: Tried[] = []
	for (const [at, first] of steps.entries()) {
		const isTriedAgain = first.failed > 0 && !isBroken
		results.push(isTriedAgain ? {...((await jobs[at]?.()) ?? first), first} : first)
	}
	return results
}

const sum = (all: readonly Counts[]): Counts => ({
	passed: all.reduce((total, {passed}) => total + passed, 0),
	failed: all.reduce((total, {failed}) => total + failed, 0),
	skipped: all.reduce((total, {skipped}) => total + skipped, 0),
})

/** The results are in the order of the jobs. */
const atOnce = async <Result>(most: number, jobs: readonly (() => Promise<Result>)[]): Promise<readonly Result[]> => {
	const results: Result[] = []
	const waiting = [...jobs.entries()]
	const work = async () => {
		for (let next = waiting.shift(); next; next = waiting.shift()) {
			const [at, job] = next
			results[at] = await job()
		}
	}
	await Promise.all(Array.from({length: most}, work))
	return results
}

const unitTests = () => mocha('unit and scenario tests', 'mocha', ['--ignore', KERNEL_TESTS, 'test/**/*.test.ts'])

/** A kernel of its own for each file. */
const kernelTests = (file: string) => () =>
	mocha('tests on a real kernel', 'node', ['e2e/kernel/run.ts', 'mocha', ...PATIENCE, file])

/** Where there is no such kernel, that is said at the end, and counted. */
const nftTests = async (): Promise<Step> => {
	const title = 'tests with the nft variant of iptables'
	try {
		chooseKernel('nft')
	} catch (error) {
		const output = `${title}: ${error instanceof Error ? error.message : error}`
		return {name: title, output, stdout: '', passed: 0, failed: 0, skipped: 1}
	}
	return mocha(title, 'env', [
		'KUBE_LVS_TEST_KERNEL=nft',
		'node',
		'e2e/kernel/run.ts',
		'mocha',
		...PATIENCE,
		...NFT_TESTS,
	])
}

const kernelFiles = (await Array.fromAsync(glob(KERNEL_TESTS))).filter(file => file !== NFT_TEST).sort()
const checks = [await check('types', 'tsc', []), await check('lint', 'biome', ['check', '--error-on-warnings', '.'])]
process.stdout.write('\nall other tests, some at once; each says what it has found when it has ended\n')
const kernelJobs = [nftTests, ...kernelFiles.map(kernelTests)]
const most = Math.min(availableParallelism(), MOST_AT_ONCE)
const [unit, ...atFirst] = (await atOnce(most, [unitTests, ...kernelJobs])) as [Step, ...Step[]]
const onKernels = await againWhereFewFailed(atFirst, kernelJobs)
const rows = passedRows(unit.stdout)
const kernel = sum(onKernels)
const steps = [...checks, unit, ...onKernels]
const all = sum(steps)
for (const {name, output} of steps.filter(({failed}) => failed > 0)) {
	process.stdout.write(`\n== failed: ${name}\n${failuresIn(output)}\n`)
}
for (const {first, failed} of onKernels) {
	if (first && failed === 0) {
		process.stdout.write(`\n== passed only when tried again: ${first.name}\n${failuresIn(first.output)}\n`)
	}
}
for (const {output} of steps.filter(({passed, skipped}) => passed === 0 && skipped > 0)) {
	process.stdout.write(`\n== skipped: ${output}\n`)
}
process.stdout.write(`\n${kernel.passed} tests passed on a real kernel\n`)
process.stdout.write(`acceptance rows: ${rows.size} of ${ROW_NUMBERS.length} pass\n`)
process.stdout.write(`${all.passed} passed, ${all.failed} failed${all.skipped > 0 ? `, ${all.skipped} skipped` : ''}\n`)
process.exitCode = all.failed > 0 ? 1 : 0
