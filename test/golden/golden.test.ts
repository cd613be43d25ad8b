import {expect} from 'chai'
import {formatOperation} from '../../src/plan/format-operation.ts'
import type {Operation} from '../../src/plan/operation.ts'
import type {RecordingObserver} from '../support/recording-observer.ts'
import {ALLOWANCES, judge} from './allowances.ts'
import {compareStates} from './compare.ts'
import {fakeStateLines} from './fake-dump.ts'
import {fakeNode, runOnFake} from './fake-host.ts'
import {caseNamed, type GoldenCase, readCases} from './golden-case.ts'
import {loadState} from './load-state.ts'
import {NOT_YET} from './not-yet.ts'
import {serveOnFake} from './run-case.ts'
import {lineStart} from './touched.ts'

const CASES = readCases()
const FINISHED = CASES.filter(({name}) => NOT_YET[name] === undefined)

/** Commands that make interfaces of the host, not a state that the proxy has to deal with. */
const isOfHost = (command: string): boolean => command.startsWith('ip ') && !command.includes('kube-ipvs0')

const serve = async (golden: GoldenCase) => {
	const fake = fakeNode()
	runOnFake(fake, golden.host)
	await serveOnFake(fake, golden)
	return fake
}

/** The kernel as kube-proxy left it in this case. */
const leftByKubeProxy = ({host, state}: GoldenCase) => {
	const fake = fakeNode()
	runOnFake(fake, host.filter(isOfHost))
	loadState(fake, state)
	return fake
}

/** The virtual server of F10 that the configuration excludes. */
const EXCLUDED = ' 10.9.0.1:80 '

const operationsOf = ({syncs}: RecordingObserver): readonly Operation[] =>
	syncs.flatMap(({outcomes}) => outcomes.map(({operation}) => operation))

/** Operations on what was there before and is there after. */
const touchedAmong = (before: readonly string[], after: readonly string[], operations: readonly Operation[]) => {
	const present = new Set(after)
	const kept = before.filter(line => present.has(line)).map(line => `${line} `)
	const isTouch = (operation: Operation) => {
		const start = lineStart(operation)
		return start !== undefined && kept.some(line => line.startsWith(start))
	}
	return operations.filter(isTouch).map(formatOperation)
}

describe('the kernel states of kube-proxy', () => {
	it('are all there, and every list of exceptions names real ones', () => {
		expect(CASES).to.have.lengthOf(75)
		const names = CASES.map(({name}) => name)
		expect(
			[...Object.keys(NOT_YET), ...ALLOWANCES.flatMap(({cases}) => cases)].filter(name => !names.includes(name)),
		).to.deep.equal([])
	})

	describe('come from the same objects', () => {
		for (const golden of CASES) {
			const missing = NOT_YET[golden.name]
			it(missing === undefined ? golden.name : `${golden.name}: not yet (${missing})`, async () => {
				const found = judge(golden, compareStates(golden.state, fakeStateLines(await serve(golden))))
				if (missing === undefined) {
					expect(found).to.deep.equal([])
				} else {
					expect(found, `${golden.name} passes: delete its line in test/golden/not-yet.ts`).to.not.deep.equal([])
				}
			})
		}
	})

	describe('need nothing more at a second start', () => {
		for (const golden of CASES) {
			it(golden.name, async () => {
				const again = await serveOnFake(await serve(golden), golden)
				expect(operationsOf(again).map(formatOperation)).to.deep.equal([])
			})
		}
	})

	describe('are taken over: the same in the end, and what stays is not touched', () => {
		for (const golden of CASES) {
			it(golden.name, async () => {
				const fake = leftByKubeProxy(golden)
				const operations = operationsOf(await serveOnFake(fake, golden))
				const state = fakeStateLines(fake)
				expect(touchedAmong(golden.state, state, operations)).to.deep.equal([])
				if (FINISHED.includes(golden)) {
					expect(judge(golden, compareStates(golden.state, state))).to.deep.equal([])
				}
			})
		}
	})

	describe('leave nothing behind when every Service is gone', () => {
		const empty = caseNamed(CASES, 'E1-no-services')
		for (const golden of FINISHED) {
			it(golden.name, async () => {
				const fake = leftByKubeProxy(golden)
				await serveOnFake(fake, {...golden, objects: empty.objects})
				const left = fakeStateLines(fake).filter(line => /^(vs|rs|vip|set) /.test(line))
				expect(left.filter(line => !line.includes(EXCLUDED))).to.deep.equal([])
			})
		}
	})
})
