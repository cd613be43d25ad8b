import {spawn} from 'node:child_process'
import {glob} from 'node:fs/promises'
import {availableParallelism} from 'node:os'
import {stripVTControlCharacters} from 'node:util'
import {ROW_NUMBERS} from './acceptance/numbers.ts'
import {passedRows} from './acceptance/results.ts'

/** Runs all checks and tests, prints what they print, and closes with one line that counts them. */
const KERNEL_TESTS = 'test/**/*.kernel.test.ts'

/** Each may take 3 GiB of memory. */
const MOST_KERNELS = 2

/** A test kernel that shares its CPU takes its time. */
const PATIENCE = ['--timeout', '30000']

interface Counts {
	readonly passed: number
	readonly failed: number
	readonly skipped: number
	/** What was printed. */
	readonly output: string
}

const check = async (title: string, command: string, args: readonly string[]): Promise<Counts> => {
	const {exitCode, output} = await runStep(title, command, args)
	return {passed: exitCode === 0 ? 1 : 0, failed: exitCode === 0 ? 0 : 1, skipped: 0, output}
}

/** A test run that ends without its own closing lines, or with an exit code that they do not explain, has failed. */
const mocha = async (title: string, command: string, args: readonly string[], isQuiet = false): Promise<Counts> => {
	const {exitCode, output} = await runStep(title, command, args, isQuiet)
	const count = (word: string) => Number(new RegExp(`^ *(\\d+) ${word}`, 'm').exec(output)?.[1] ?? 0)
	const [passed, failed, skipped] = [count('passing'), count('failing'), count('pending')]
	const isUnexplained = passed === 0 || (exitCode !== 0 && failed === 0)
	return {passed, failed: isUnexplained ? failed + 1 : failed, skipped, output}
}

/** Prints while the step runs; a quiet one at its end, all at once. */
const runStep = async (title: string, command: string, args: readonly string[], isQuiet = false) => {
	const held: string[] = []
	const print = (text: string) => void (isQuiet ? held.push(text) : process.stdout.write(text))
	print(`\n== ${title}: ${[command, ...args].join(' ')}\n`)
	const start = Date.now()
	const child = spawn(command, args, {stdio: ['ignore', 'pipe', 'pipe']})
	let output = ''
	child.stdout.setEncoding('utf8').on('data', text => {
		output += text
		print(text)
	})
	child.stderr.setEncoding('utf8').on('data', print)
	const exitCode = await new Promise<number | null>(resolve => {
		child.once('error', error => {
			print(`${error.message}\n`)
			resolve(1)
		})
		child.once('close', resolve)
	})
	print(`== ${title}: exit code ${exitCode}, ${Math.round((Date.now() - start) / 1000)} s\n`)
	process.stdout.write(held.join(''))
	return {exitCode, output: stripVTControlCharacters(output)}
}

const sum = (all: readonly Counts[]): Counts => ({
	passed: all.reduce((total, {passed}) => total + passed, 0),
	failed: all.reduce((total, {failed}) => total + failed, 0),
	skipped: all.reduce((total, {skipped}) => total + skipped, 0),
	output: '',
})

/** A kernel of its own for each file, several at a time: one test kernel keeps one CPU busy. */
const onKernels = async (files: readonly string[]): Promise<Counts> => {
	const counts: Counts[] = []
	const waiting = [...files]
	const work = async () => {
		for (let file = waiting.shift(); file; file = waiting.shift()) {
			counts.push(
				await mocha('tests on a real kernel', 'node', ['e2e/kernel/run.ts', 'mocha', ...PATIENCE, file], true),
			)
		}
	}
	await Promise.all(Array.from({length: Math.min(availableParallelism(), MOST_KERNELS)}, work))
	return sum(counts)
}

const kernelFiles = (await Array.fromAsync(glob(KERNEL_TESTS))).sort()
const checks = [await check('types', 'tsc', []), await check('lint', 'biome', ['check', '--error-on-warnings', '.'])]
const units = await mocha('unit and scenario tests', 'mocha', ['--ignore', KERNEL_TESTS, 'test/**/*.test.ts'])
const rows = passedRows(units.output)
process.stdout.write(`\nacceptance rows: ${rows.size} of ${ROW_NUMBERS.length} pass\n`)
const kernel = await onKernels(kernelFiles)
const all = sum([...checks, units, kernel])
process.stdout.write(`\n${kernel.passed} tests passed on a real kernel\n`)
process.stdout.write(`acceptance rows: ${rows.size} of ${ROW_NUMBERS.length} pass\n`)
process.stdout.write(`${all.passed} passed, ${all.failed} failed${all.skipped > 0 ? `, ${all.skipped} skipped` : ''}\n`)
process.exitCode = all.failed > 0 ? 1 : 0
