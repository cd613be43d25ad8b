import {expect} from 'chai'
import {createJournal} from '../../../src/observe/journal/create-journal.ts'
import {formatEntry, type JournalEntry} from '../../../src/observe/journal/journal-entry.ts'
import type {Operation} from '../../../src/plan/operation.ts'
import {type KubernetesObject, port, service, slice} from '../../acceptance/objects.ts'
import {World} from '../../acceptance/world.ts'
import {createManualClock} from '../../kubernetes/manual-clock.ts'
import {virtualServer} from '../../state/build.ts'

const WEB = service({externalIPs: ['203.0.113.5']}, {name: 'web'})
const WEB_SLICE = slice(['10.244.1.5'], {name: 'web-1', service: 'web'})
const DB = service({clusterIP: '10.96.0.20', ports: [port({port: 5432})]}, {name: 'db'})
const DB_SLICE = slice(['10.244.1.7'], {name: 'db-1', service: 'db'})

/** Without the time. */
const linesOf = (entries: readonly JournalEntry[]): readonly string[] =>
	entries.flatMap(formatEntry).map(line => line.slice(26))

describe('the journal', () => {
	let world: World
	let from = 0

	/** What came since the last call. */
	const news = (): readonly JournalEntry[] => {
		const entries = world.journal.slice(from)
		from = world.journal.length
		return entries
	}

	const start = async (...objects: readonly KubernetesObject[]) => {
		world = new World({config: {auditInterval: '1h', drainInterval: '1s'}}, undefined)
		from = 0
		world.given(...objects)
		await world.advance(2000)
		return news()
	}

	afterEach(() => world.stop())

	it('has the first sync, and who asked for what in it', async () => {
		const [entry, ...others] = await start(WEB, WEB_SLICE, DB, DB_SLICE)
		expect(others).to.deep.equal([])
		expect(entry).to.deep.include({cause: 'first', isOfNode: true, services: ['ns/web', 'ns/db']})
		expect(entry).to.not.have.any.keys('more', 'moreServices', 'error')
		const lines = linesOf(entry ? [entry] : [])
		expect(lines).to.include.members([
			'first   -  create-device kube-ipvs0',
			'first   ns/web  add-set-entry KUBE-CLUSTER-IP 10.96.0.10,tcp:80',
			'first   ns/web  add-set-entry KUBE-EXTERNAL-IP 203.0.113.5,tcp:80',
			'first   ns/web  add-set-entry KUBE-LOOP-BACK 10.244.1.5,tcp:8080,10.244.1.5',
			'first   ns/db  add-virtual-server tcp 10.96.0.20:5432 rr',
			'first   ns/db  add-real-server tcp 10.96.0.20:5432 -> 10.244.1.7:8080 weight 1',
			'first   ns/db  bind-vip 10.96.0.20 (address)',
		])
		const unasked = lines.filter(line => line.startsWith('first   -  ')).map(line => line.split(' ')[5])
		expect([...new Set(unasked)]).to.have.members(['set-sysctl', 'create-device', 'create-set', 'restore-rules'])
	})

	it('has each change, of a Service that comes and of one that goes', async () => {
		await start(WEB, WEB_SLICE)
		world.change(DB, DB_SLICE)
		await world.advance(2000)
		const come = news()
		expect(come.map(({cause, services, isOfNode}) => [cause, services, isOfNode])).to.deep.equal([
			['change', ['ns/db'], undefined],
		])
		expect(linesOf(come)).to.deep.equal([
			'change  ns/db  add-set-entry KUBE-CLUSTER-IP 10.96.0.20,tcp:5432',
			'change  ns/db  add-set-entry KUBE-IPVS-IPS 10.96.0.20',
			'change  ns/db  add-set-entry KUBE-LOOP-BACK 10.244.1.7,tcp:8080,10.244.1.7',
			'change  ns/db  add-virtual-server tcp 10.96.0.20:5432 rr',
			'change  ns/db  add-real-server tcp 10.96.0.20:5432 -> 10.244.1.7:8080 weight 1',
			'change  ns/db  bind-vip 10.96.0.20 (address)',
		])
		world.remove(WEB, WEB_SLICE, DB, DB_SLICE)
		await world.advance(5000)
		const gone = linesOf(news())
		expect(gone).to.include.members([
			'change  ns/web  unbind-vip 203.0.113.5 (address)',
			'change  ns/db  unbind-vip 10.96.0.20 (address)',
			'change  ns/web  delete-virtual-server tcp 203.0.113.5:80',
			'change  ns/db  delete-virtual-server tcp 10.96.0.20:5432',
			'change  ns/web  delete-set-entry KUBE-EXTERNAL-IP 203.0.113.5,tcp:80',
			'change  ns/db  delete-set-entry KUBE-CLUSTER-IP 10.96.0.20,tcp:5432',
		])
		expect(gone.filter(line => line.startsWith('change  -'))).to.deep.equal([])
	})

	it('has what an audit repairs, and for whom', async () => {
		await start(WEB, WEB_SLICE)
		world.kernel.ipvs.servers.delete('tcp 10.96.0.10:80')
		world.kernel.ipset.sets.get('KUBE-EXTERNAL-IP')?.entries.clear()
		await world.advance(3_600_000)
		expect(linesOf(news())).to.deep.equal([
			'audit   ns/web  add-set-entry KUBE-EXTERNAL-IP 203.0.113.5,tcp:80',
			'audit   ns/web  add-virtual-server tcp 10.96.0.10:80 rr',
			'audit   ns/web  add-real-server tcp 10.96.0.10:80 -> 10.244.1.5:8080 weight 1',
		])
	})

	it('has what failed, and its error', async () => {
		await start(WEB, WEB_SLICE)
		world.kernel.ipvs.schedulers.delete('rr')
		world.change(DB, DB_SLICE)
		await world.advance(200)
		// What waits is not lost.
		await world.stop()
		expect(linesOf(news()).filter(line => line.includes('FAILED'))).to.deep.equal([
			'change  ns/db  add-virtual-server tcp 10.96.0.20:5432 rr  FAILED: ENOENT',
			'change  ns/db  add-real-server tcp 10.96.0.20:5432 -> 10.244.1.7:8080 weight 1  FAILED: ESRCH',
		])
	})

	it('has what fails at each audit once an hour, and its number in between', async () => {
		world = new World({config: {auditInterval: '30s', drainInterval: '1s'}}, undefined)
		from = 0
		world.given(WEB, WEB_SLICE)
		await world.advance(2000)
		news()
		world.kernel.ipvs.schedulers.delete('rr')
		world.change(DB, DB_SLICE)
		await world.advance(2 * 3_600_000)
		const audits = news().filter(({cause}) => cause === 'audit')
		const spelt = audits.filter(({changes}) => changes.length > 0)
		expect(spelt.length).to.be.within(2, 4)
		expect(spelt.length).to.be.below(audits.length / 50)
		expect(linesOf(spelt.slice(-1))).to.deep.equal([
			'audit   ns/db  add-virtual-server tcp 10.96.0.20:5432 rr  FAILED: ENOENT',
			'audit   ns/db  add-real-server tcp 10.96.0.20:5432 -> 10.244.1.7:8080 weight 1  FAILED: ESRCH',
		])
		expect(linesOf(audits.slice(-1))).to.deep.equal(['audit   FAILED as before: 2'])
		world.kernel.ipvs.servers.delete('tcp 10.96.0.10:80')
		await world.advance(60_000)
		expect(linesOf(news().filter(({changes}) => changes.length > 0))).to.include(
			'audit   ns/web  add-virtual-server tcp 10.96.0.10:80 rr  FAILED: ENOENT',
		)
	})

	it('has a sync that could not be done', async () => {
		await start(WEB, WEB_SLICE)
		world.kernel.faults.plan({kind: 'errno', errno: 'EPERM', command: 'get-sets'}, 1)
		await world.advance(3_600_000)
		expect(linesOf(news())).to.deep.equal(['audit   FAILED: EPERM'])
	})

	it('counts what is too much', async () => {
		const services = Array.from({length: 300}, (_, at) =>
			service({clusterIP: `10.97.${at >> 7}.${at & 127}`}, {name: `s${at}`}),
		)
		const slices = services.map(({metadata: {name}}) => slice(['10.244.1.5'], {name, service: name}))
		const [entry] = await start(...services, ...slices)
		expect(entry?.changes).to.have.length(1000)
		expect(entry).to.deep.include({
			services: Array.from({length: 10}, (_, at) => `ns/s${at}`),
			moreServices: 290,
		})
		const counted = Object.values(entry?.more ?? {}).reduce((sum, count) => sum + count, 0)
		const all = [...(world.observer.syncs[0]?.done.values() ?? [])].reduce((sum, count) => sum + count, 0)
		expect(counted).to.equal(all - 1000)
	})

	it('has nothing of syncs that do nothing', async () => {
		await start(WEB, WEB_SLICE)
		world.change(service({externalIPs: ['203.0.113.5']}, {name: 'web', labels: {a: 'b'}}))
		await world.advance(3_600_000 * 3)
		expect(news()).to.deep.equal([])
		await world.restart()
		await world.advance(10_000)
		expect(news()).to.deep.equal([])
	})
})

describe('what waits to be written to the journal', () => {
	const START = Date.UTC(2026, 0, 1)

	const start = () => {
		const clock = createManualClock(START)
		/** Each write: when, and what. */
		const writes: {readonly at: number; readonly entries: readonly JournalEntry[]}[] = []
		const write = (lines: readonly string[]) =>
			void writes.push({at: clock.now() - START, entries: lines.map(line => JSON.parse(line))})
		const askers = {holderOf: () => undefined, wanted: {virtualServers: new Map()}, stateOf: () => undefined}
		const {observer, flush} = createJournal({
			writer: {write, flush: async () => undefined},
			clock,
			askers: () => askers,
		})
		/** Of so many operations, and so many that failed. */
		const sync = (done: number, failed = 0) => {
			const operation: Operation = {kind: 'add-virtual-server', server: virtualServer('tcp 10.96.0.10:80')}
			const error = Object.assign(new Error('no'), {code: 'ENOENT'})
			observer.applied?.('change', Array<Operation>(done).fill(operation))
			observer.synced?.({
				...{kind: 'change', done: new Map([[operation.kind, done]]), milliseconds: 1, services: 1},
				failures: Array.from({length: failed}, () => ({operation, error})),
			})
		}
		return {clock, writes, flush, sync}
	}

	const timesOf = (writes: ReturnType<typeof start>['writes']) => writes.map(({at, entries}) => [at, entries.length])

	it('is all that comes within half a second', async () => {
		const {clock, writes, sync} = start()
		sync(1)
		await clock.advance(499)
		sync(1)
		expect(writes).to.deep.equal([])
		await clock.advance(101)
		sync(1)
		await clock.advance(1000)
		expect(timesOf(writes)).to.deep.equal([
			[500, 2],
			[1100, 1],
		])
	})

	it('is 5,000 operations of ended syncs at most', async () => {
		const {clock, writes, sync} = start()
		for (let round = 0; round < 5; round++) {
			sync(1000)
		}
		await clock.advance(10)
		expect(writes).to.deep.equal([])
		sync(1)
		await clock.advance(0)
		expect(timesOf(writes)).to.deep.equal([[10, 6]])
		sync(1000)
		await clock.advance(1000)
		expect(timesOf(writes).at(-1)).to.deep.equal([510, 1])
	})

	it('is written when the process ends, if there is any', async () => {
		const {clock, writes, flush, sync} = start()
		await flush()
		expect(writes).to.deep.equal([])
		sync(1)
		await flush()
		await clock.advance(1000)
		expect(timesOf(writes)).to.deep.equal([[0, 1]])
	})

	it('spells out a thousand failures of a sync, and counts the others', async () => {
		const {writes, flush, sync} = start()
		sync(0, 1000)
		sync(2, 1003)
		await flush()
		expect(writes[0]?.entries.map(({changes, moreFailures}) => [changes.length, moreFailures])).to.deep.equal([
			[1000, undefined],
			[1002, 3],
		])
	})
})
