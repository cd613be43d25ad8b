/**
 * `node bench/inside.ts FILE OPTIONS`, in a test kernel: all measurements, each in a network namespace and a process of
 * its own. The results so far are always in the file.
 */
import {writeFile} from 'node:fs/promises'
import {describeMachine} from './machine.ts'
import {measureApart} from './measure-apart.ts'
import type {Settings} from './measurements.ts'
import type {Options} from './options.ts'
import type {RawResults, RawRun} from './raw-results.ts'

const [file = '', text = ''] = process.argv.slice(2)
const {sizes, changes, churnSeconds, measurements}: Options = JSON.parse(text)

/** Who fills a kernel first waits for memory and programs that all others find there. Nobody shall be the first. */
const warmUp = async (settings: Settings): Promise<void> => {
	await measureApart('cold-sync', {...settings, services: 100})
	await measureApart('floor', settings)
}

const runs: RawRun[] = []
for (const size of sizes) {
	const run: RawRun = {...size, results: {}, failures: {}}
	runs.push(run)
	await warmUp({...size, changes, churnSeconds}).catch(({message}) => Object.assign(run.failures, {floor: message}))
	for (const name of measurements) {
		process.stderr.write(`${size.services} x ${size.endpoints}: ${name} ...`)
		const start = performance.now()
		const settings = {...size, changes, churnSeconds}
		try {
			Object.assign(run.results, {[name]: await measureApart(name, settings)})
		} catch (error) {
			Object.assign(run.failures, {[name]: (error as Error).message})
		}
		const seconds = Math.round((performance.now() - start) / 1000)
		process.stderr.write(` ${name in run.failures ? 'failed' : 'done'} in ${seconds} s\n`)
		const results: RawResults = {machine: describeMachine(), runs}
		await writeFile(file, JSON.stringify(results))
	}
}
for (const {services, endpoints, failures} of runs) {
	for (const [name, message] of Object.entries(failures)) {
		process.stderr.write(`\n${services} x ${endpoints}: ${name} failed: ${message}\n`)
		process.exitCode = 1
	}
}
