import {expect} from 'chai'
import type {Address} from '../../src/net/address.ts'
import type {Operation} from '../../src/plan/operation.ts'
import {makePlan} from '../../src/plan/plan.ts'
import {DEFAULT_MAX_ELEMENTS, SET_DEFINITIONS, type SetDefinition} from '../../src/state/ipset.ts'
import {framedKernel, planOptions, planWhole, recorded, wanted} from './build.ts'

const NAME = 'KUBE-IPVS-IPS'
const definition: SetDefinition = SET_DEFINITIONS.get(NAME) ?? expect.fail(NAME)
const entries = (count: number): readonly string[] =>
	Array.from({length: count}, (_, at) => `10.${at >> 16}.${(at >> 8) & 255}.${at & 255}`)
const kinds = (operations: readonly Operation[]) => new Set(operations.map(({kind}) => kind))

const MARKED = 'KUBE-LVS-INSIDE'
const marked: SetDefinition = SET_DEFINITIONS.get(MARKED) ?? expect.fail(MARKED)

describe('sets with marks', () => {
	const [first, second, other] = [
		'203.0.113.5,tcp:80 skbmark 0x1/0xf',
		'203.0.113.5,tcp:80 skbmark 0x2/0xf',
		'203.0.113.6,tcp:80 skbmark 0x1/0xf',
	]
	const before = framedKernel({members: {[MARKED]: [first, other]}})
	const operations = planWhole(wanted({members: {[MARKED]: [second]}}), before)

	it('get another mark for an element by adding it alone, which loses none that is new', () => {
		expect(operations).to.deep.equal([
			{kind: 'add-set-entry', definition: marked, entry: second, replaces: first},
			{kind: 'delete-set-entry', definition: marked, entry: other},
		])
	})

	it('get another mark, too, when nobody looks at the element with the mark that it has', () => {
		const scope = {
			virtualServers: new Set<string>(),
			vips: new Set<Address>(),
			members: new Map([[MARKED, new Set([second])]]),
		}
		const operations = makePlan(scope, wanted({members: {[MARKED]: [second]}}), before, planOptions())
		expect(operations).to.deep.equal([{kind: 'add-set-entry', definition: marked, entry: second, replaces: first}])
	})

	it('hold an element once after its mark was changed', () => {
		expect([...(recorded(before, operations).sets.get(MARKED)?.entries ?? [])]).to.deep.equal([second])
	})

	it('are replaced when they lack marks', () => {
		const sets = new Map([
			...before.sets,
			[MARKED, {definition: {...marked, hasMarks: false}, entries: new Set<string>()}],
		])
		expect(planWhole(wanted({members: {[MARKED]: [second]}}), {...before, sets})).to.deep.equal([
			{kind: 'replace-set', definition: marked, entries: [second]},
		])
	})
})

describe('sets', () => {
	it('get and lose members one by one', () => {
		const operations = planWhole(
			wanted({members: {[NAME]: ['10.0.0.1', '10.0.0.2']}}),
			framedKernel({members: {[NAME]: ['10.0.0.2', '10.0.0.3']}}),
		)
		expect(operations).to.deep.equal([
			{kind: 'add-set-entry', definition, entry: '10.0.0.1'},
			{kind: 'delete-set-entry', definition, entry: '10.0.0.3'},
		])
	})

	it('that are full are replaced by one twice the size, with all members and no other change', () => {
		const members = {[NAME]: entries(DEFAULT_MAX_ELEMENTS + 1)}
		const operations = planWhole(wanted({members}), framedKernel({members: {[NAME]: entries(10)}}))
		expect(operations).to.deep.equal([
			{kind: 'replace-set', definition: {...definition, maxElements: 2 * DEFAULT_MAX_ELEMENTS}, entries: members[NAME]},
		])
	})

	it('keep members that are not wanted any more when they are replaced, until these are let go by themselves', () => {
		const fresh = entries(DEFAULT_MAX_ELEMENTS)
		const want = wanted({members: {[NAME]: fresh}})
		const half = {...definition, maxElements: DEFAULT_MAX_ELEMENTS / 2}
		const before = framedKernel({members: {[NAME]: ['192.0.2.99']}})
		const sets = new Map([...before.sets, [NAME, {definition: half, entries: new Set(['192.0.2.99'])}]])
		const actual = {...before, sets}
		const replacement: Operation = {
			kind: 'replace-set',
			definition: {...definition, maxElements: 2 * DEFAULT_MAX_ELEMENTS},
			entries: ['192.0.2.99', ...fresh],
		}
		expect(planWhole(want, actual)).to.deep.equal([
			replacement,
			{kind: 'delete-set-entry', definition, entry: '192.0.2.99'},
		])
		const scope = {virtualServers: new Set<string>(), vips: new Set<Address>(), members: new Map()}
		expect(makePlan(scope, want, actual, planOptions())).to.deep.equal([replacement])
	})

	it('with marks have an element once when they are replaced', () => {
		const before = framedKernel()
		const [old, now] = ['203.0.113.5,tcp:80 skbmark 0x1/0xf', '203.0.113.5,tcp:80 skbmark 0x2/0xf']
		const sets = new Map([...before.sets, [MARKED, {definition: {...marked, maxElements: 1}, entries: new Set([old])}]])
		expect(planWhole(wanted({members: {[MARKED]: [now]}}), {...before, sets})).to.deep.equal([
			{kind: 'replace-set', definition: marked, entries: [now]},
		])
	})

	it('are not replaced as long as the members fit', () => {
		const members = {[NAME]: entries(DEFAULT_MAX_ELEMENTS)}
		expect(kinds(planWhole(wanted({members}), framedKernel()))).to.deep.equal(new Set(['add-set-entry']))
	})

	it('do not shrink again', () => {
		const members = {[NAME]: entries(DEFAULT_MAX_ELEMENTS + 1)}
		const grown = recorded(framedKernel(), planWhole(wanted({members}), framedKernel()))
		expect(kinds(planWhole(wanted({members: {[NAME]: entries(3)}}), grown))).to.deep.equal(
			new Set(['delete-set-entry']),
		)
	})

	it('that are missing are created in the size that is needed, and say for how many where that matters', () => {
		const actual = framedKernel()
		const without = {...actual, sets: new Map([...actual.sets].filter(([name]) => name !== NAME))}
		const createdFor = (count: number) => planWhole(wanted({members: {[NAME]: entries(count)}}), without)[0]
		expect(createdFor(3 * DEFAULT_MAX_ELEMENTS)).to.deep.equal({
			kind: 'create-set',
			definition: {...definition, maxElements: 4 * DEFAULT_MAX_ELEMENTS},
			members: 3 * DEFAULT_MAX_ELEMENTS,
		})
		expect(createdFor(2049)).to.deep.equal({kind: 'create-set', definition, members: 2049})
		expect(createdFor(2048)).to.deep.equal({kind: 'create-set', definition})
	})

	it('of another type or family are made anew, and rules that name them leave for the moment', () => {
		for (const unlike of [
			{...definition, type: 'hash:net'},
			{...definition, family: 'ipv6'},
		] as const) {
			const actual = framedKernel()
			const sets = new Map([...actual.sets, [NAME, {definition: unlike, entries: new Set<string>()}]])
			const operations = planWhole(wanted({members: {[NAME]: ['10.0.0.1']}}), {...actual, sets})
			expect(operations.map(({kind}) => kind)).to.deep.equal(['release-sets', 'replace-set', 'restore-rules'])
			expect(operations[1]).to.deep.equal({kind: 'replace-set', definition, entries: ['10.0.0.1'], unlike})
			const released = recorded(actual, operations.slice(0, 1)).tables.get('ipv4') ?? expect.fail('no rules')
			const rules = [...released.values()].flatMap(chains => [...chains.values()].flat())
			expect(rules.filter(rule => rule.includes(NAME))).to.deep.equal([])
			expect(rules.filter(rule => rule.includes('KUBE-CLUSTER-IP')).length).to.be.above(0)
			expect(recorded(actual, operations).tables).to.deep.equal(actual.tables)
		}
	})

	it('of another type that no rule names are made anew at once', () => {
		const actual = {...framedKernel(), tables: new Map()}
		const sets = new Map([
			...actual.sets,
			[NAME, {definition: {...definition, type: 'hash:net'}, entries: new Set<string>()}],
		])
		const kinds = planWhole(wanted({}), {...actual, sets}).map(({kind}) => kind)
		expect(kinds).to.deep.equal(['replace-set', 'restore-rules', 'restore-rules'])
	})

	it('of others are not looked at', () => {
		const actual = framedKernel()
		const foreign = {definition: {...definition, name: 'THEIRS'}, entries: new Set(['192.0.2.1'])}
		expect(planWhole(wanted({}), {...actual, sets: new Map([...actual.sets, ['THEIRS', foreign]])})).to.deep.equal([])
	})
})
