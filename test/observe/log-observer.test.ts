import {expect} from 'chai'
import {pino} from 'pino'
import type {Problem} from '../../src/model/problem.ts'
import {createLogObserver} from '../../src/observe/log-observer.ts'
import type {SyncReport} from '../../src/observe/observer.ts'
import type {Operation} from '../../src/plan/operation.ts'
import {createManualClock} from '../kubernetes/manual-clock.ts'

const problem = (message: string): Problem => ({
	object: {kind: 'Service', namespace: 'ns', name: 's', uid: 'u'},
	field: 'spec.externalIPs[0]',
	reason: 'InvalidAddress',
	message,
})

const observe = () => {
	const lines: {level: number; msg: string}[] = []
	const events: Problem[] = []
	const log = pino({}, {write: (line: string) => void lines.push(JSON.parse(line))})
	const clock = createManualClock()
	const observer = createLogObserver(log, {write: problem => void events.push(problem)}, clock)
	return {observer, clock, lines, events, texts: () => lines.map(({msg}) => msg)}
}

describe('the observer that writes the log', () => {
	it('says a problem once for as long as it lasts, in the log and as an Event', () => {
		const {observer, texts, events} = observe()
		observer.problems('ns/s', [problem('bad')])
		observer.problems('ns/s', [problem('bad')])
		observer.problems('ns/s', [problem('bad'), problem('worse')])
		expect(events.map(({message}) => message)).to.deep.equal(['bad', 'worse'])
		expect(texts()).to.deep.equal([
			'Service ns/s: spec.externalIPs[0]: bad (InvalidAddress)',
			'Service ns/s: spec.externalIPs[0]: worse (InvalidAddress)',
		])
	})

	it('says when a problem is solved, and says it anew when it comes back', () => {
		const {observer, texts, events} = observe()
		observer.problems('ns/s', [problem('bad')])
		observer.problems('ns/s', [])
		observer.problems('ns/s', [problem('bad')])
		expect(texts()[1]).to.equal('solved: Service ns/s: spec.externalIPs[0]: bad (InvalidAddress)')
		expect(events).to.have.length(2)
	})

	it('says once that an object cannot be read', () => {
		const {observer, lines} = observe()
		observer.garbled(problem('garbled'))
		observer.garbled(problem('garbled'))
		expect(lines).to.have.length(1)
	})

	it('says that such an object is mended, and says it anew when it cannot be read again', () => {
		const {observer, texts} = observe()
		observer.garbled(problem('garbled'))
		observer.mended(problem('garbled'))
		observer.garbled(problem('garbled'))
		const text = 'Service ns/s: spec.externalIPs[0]: garbled (InvalidAddress)'
		expect(texts()).to.deep.equal([text, `solved: ${text}`, text])
	})

	const operation: Operation = {kind: 'create-device'}
	const ONE = new Map([[operation.kind, 1]])
	const report = (rest: Partial<SyncReport>): SyncReport => ({
		kind: 'change',
		done: new Map(),
		failures: [],
		milliseconds: 1,
		services: 1,
		...rest,
	})

	it('is silent about syncs and audits that had nothing to do', () => {
		const {observer, lines} = observe()
		observer.synced(report({}))
		observer.synced(report({kind: 'audit'}))
		expect(lines).to.deep.equal([])
	})

	it('warns of drift that an audit has repaired', () => {
		const {observer, lines} = observe()
		observer.synced(report({kind: 'audit', done: ONE}))
		expect(lines[0]).to.include({
			level: 40,
			msg: 'audit: the kernel was not as it should be; repaired',
			'create-device': 1,
		})
	})

	it('says at most one sync a second while all goes well, and how many it left out', async () => {
		const {observer, clock, lines} = observe()
		const sync = () => observer.synced(report({done: ONE}))
		sync()
		await clock.advance(999)
		sync()
		sync()
		expect(lines).to.have.length(1)
		expect(lines[0]).to.not.have.property('moreSyncs')
		await clock.advance(1)
		sync()
		await clock.advance(1000)
		sync()
		expect(lines.map(line => 'moreSyncs' in line && line.moreSyncs)).to.deep.equal([false, 2, false])
	})

	it('says how many Services were compiled since the sync before', () => {
		const {observer, lines} = observe()
		observer.compiled('ns/a', undefined)
		observer.compiled('ns/b', undefined)
		observer.synced(report({kind: 'first', services: 7}))
		observer.synced(report({kind: 'first', services: 7}))
		expect(lines[0]).to.include({services: 7, changed: 2})
		expect(lines[1]).to.include({services: 7, changed: 0})
	})

	it('says every sync that had a failure', () => {
		const {observer, texts} = observe()
		observer.synced(report({done: ONE}))
		observer.synced(report({done: ONE, failures: [{operation, error: new Error('no')}]}))
		expect(texts()).to.deep.equal(['synced', 'no', 'synced'])
	})

	it('spells out the first failures and counts the rest', () => {
		const {observer, lines} = observe()
		const failures = Array.from({length: 14}, (_, at) => ({operation, error: new Error(`no ${at}`)}))
		observer.synced(report({failures}))
		const errors = lines.filter(({level}) => level === 50).map(({msg}) => msg)
		expect(errors).to.have.length(11)
		expect(errors.at(-1)).to.equal('and 4 failures more')
	})
})
