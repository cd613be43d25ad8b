import {expect} from 'chai'
import type {Node} from '../../src/model/node.ts'
import type {Problem} from '../../src/model/problem.ts'
import {createEventShare, type EventShare} from '../../src/observe/event-share.ts'
import {createManualClock, type ManualClock} from '../kubernetes/manual-clock.ts'
import {nodeContext} from '../model/build.ts'

const MINUTE = 60_000
const NAMES = Array.from({length: 250}, (_, at) => `n${at}`)

const node = (name: string, deleting = false): Node => ({
	name,
	zone: '',
	addresses: [],
	podCIDRs: [],
	deleting,
	taints: [],
	annotations: new Map(),
})

const problem = (name: string, rest: Partial<Problem> = {}): Problem => ({
	object: {kind: 'Service', namespace: 'ns', name, uid: ''},
	field: 'spec.ports',
	reason: 'AddressInUse',
	message: 'taken',
	...rest,
})

interface Member {
	readonly name: string
	readonly share: EventShare
	readonly written: string[]
}

/** The same problems stand on every node; the writer of Events leaves out nothing here. */
const cluster = (
	names: readonly string[],
	standing: readonly Problem[],
	{knowsNodes = true, clock = createManualClock()}: {knowsNodes?: boolean; clock?: ManualClock} = {},
): readonly Member[] =>
	names.map(name => {
		const written: string[] = []
		const events = {write: ({object}: Problem) => void written.push(object.name)}
		const share = createEventShare({events, nodeName: name, knowsNodes, clock, standing: () => standing})
		return {name, share, written}
	})

const tell = (members: readonly Member[], object: Node, isGone = false) => {
	for (const {share} of members) {
		share.observer.changed({kind: 'Node', key: object.name, object: isGone ? undefined : object})
	}
}

const locate = (members: readonly Member[]) => {
	for (const {share} of members) {
		share.observer.located(nodeContext())
	}
}

const close = (members: readonly Member[]) => {
	for (const {share} of members) {
		share.close()
	}
}

const writersOf = (members: readonly Member[], service: string) =>
	members.filter(({written}) => written.includes(service)).map(({name}) => name)

describe('the Events of one node among many', () => {
	it('are of each problem written once, though every node has it', () => {
		const services = Array.from({length: 100}, (_, at) => `s${at}`)
		const members = cluster(NAMES, [])
		for (const name of NAMES) {
			tell(members, node(name))
		}
		locate(members)
		for (const {share} of members) {
			for (const service of services) {
				share.write(problem(service))
			}
		}
		for (const service of services) {
			expect(writersOf(members, service), service).to.have.length(1)
		}
		expect(Math.max(...members.map(({written}) => written.length))).to.be.below(8)
		close(members)
	})

	it('are all of those that a node alone has', () => {
		const members = cluster(['a', 'b', 'c'], [])
		for (const name of ['a', 'b', 'c']) {
			tell(members, node(name))
		}
		locate(members)
		for (const {share} of members) {
			share.write(problem('s', {isOfNode: true}))
		}
		expect(writersOf(members, 's')).to.deep.equal(['a', 'b', 'c'])
		close(members)
	})

	it('are all where the other Nodes are not known', () => {
		const members = cluster(['a', 'b'], [], {knowsNodes: false})
		locate(members)
		for (const {share} of members) {
			share.write(problem('s'))
		}
		expect(writersOf(members, 's')).to.deep.equal(['a', 'b'])
		close(members)
	})

	it('are all of a node that has no Node', () => {
		const members = cluster(['a', 'wrong name'], [])
		tell(members, node('a'))
		locate(members)
		for (const {share} of members) {
			share.write(problem('s'))
		}
		expect(writersOf(members, 's')).to.deep.equal(['a', 'wrong name'])
		close(members)
	})

	it('wait until all Nodes are known, and are written then if they still stand', () => {
		const members = cluster(['a', 'b'], [problem('s')])
		const [first] = members
		tell(members, node('a'))
		first?.share.write(problem('s'))
		first?.share.write(problem('solved meanwhile'))
		expect(first?.written).to.deep.equal([])
		tell(members, node('b'))
		locate(members)
		expect(writersOf(members, 's')).to.have.length(1)
		expect(writersOf(members, 'solved meanwhile')).to.deep.equal([])
		close(members)
	})

	for (const [title, isGone] of [
		['is deleted', true],
		['is being deleted', false],
	] as const) {
		it(`are taken over by another node when the chosen one ${title}`, async () => {
			const names = ['a', 'b', 'c', 'd']
			const clock = createManualClock()
			const members = cluster(names, [problem('s')], {clock})
			for (const name of names) {
				tell(members, node(name))
			}
			locate(members)
			const [before = ''] = writersOf(members, 's')
			const others = members.filter(({name}) => name !== before)
			close(members.filter(({name}) => name === before))
			tell(others, node(before, true), isGone)
			await clock.advance(10 * MINUTE)
			expect(writersOf(others, 's')).to.have.length(1)
			close(members)
		})
	}

	it('are written within the day though half of the Nodes run no kube-lvs', async () => {
		const clock = createManualClock()
		const members = cluster(['a', 'b'], [problem('s'), problem('t')], {clock})
		for (const name of ['a', 'b', 'other', 'another']) {
			tell(members, node(name))
		}
		locate(members)
		await clock.advance(24 * 60 * MINUTE)
		expect(writersOf(members, 's')).to.not.deep.equal([])
		expect(writersOf(members, 't')).to.not.deep.equal([])
		close(members)
	})

	it('end when it is closed', async () => {
		const clock = createManualClock()
		const members = cluster(['a'], [problem('s')], {clock})
		tell(members, node('a'))
		locate(members)
		close(members)
		await clock.advance(60 * MINUTE)
		expect(members[0]?.written).to.deep.equal(['s'])
	})
})
