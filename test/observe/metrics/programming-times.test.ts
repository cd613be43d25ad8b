import {expect} from 'chai'
import type {ObjectChange} from '../../../src/model/object.ts'
import type {Family} from '../../../src/net/address.ts'
import {ProgrammingTimes} from '../../../src/observe/metrics/programming-times.ts'
import {slice} from '../../model/build.ts'

const changed = (name: string, triggeredAt: number | undefined, family: Family = 'ipv4'): ObjectChange => ({
	kind: 'EndpointSlice',
	key: `ns/${name}`,
	object: slice(name, [], {triggeredAt, family}),
})

const gone = (name: string): ObjectChange => ({kind: 'EndpointSlice', key: `ns/${name}`, object: undefined})

const NONE: ReadonlySet<Family> = new Set()

/** Started at second 100. */
const start = (): ProgrammingTimes => new ProgrammingTimes(100_000)

const seconds = (times: ProgrammingTimes, now: number, failed: ReadonlySet<Family> = NONE, takenAt = now) =>
	times.take(failed, takenAt, now).map(sample => sample.seconds)

describe('the times until changes are served', () => {
	it('are counted from the trigger time to the end of the sync, once', () => {
		const times = start()
		times.add(changed('a', 101_000), 102_000)
		times.add(changed('b', 101_500), 102_000)
		expect(seconds(times, 103_000)).to.deep.equal([2, 1.5])
		expect(seconds(times, 104_000)).to.deep.equal([])
	})

	it('are never below 0, whatever the clock of the API server says', () => {
		const times = start()
		times.add(changed('a', 109_000), 102_000)
		expect(seconds(times, 103_000)).to.deep.equal([0])
	})

	it('are none for slices without the annotation and for triggers before the start', () => {
		const times = start()
		times.add(changed('a', undefined), 102_000)
		times.add(changed('b', 99_999), 102_000)
		expect(seconds(times, 103_000)).to.deep.equal([])
	})

	it('are none for a trigger that was told already', () => {
		const times = start()
		times.add(changed('a', 101_000), 102_000)
		expect(seconds(times, 103_000)).to.deep.equal([2])
		times.add(changed('a', 101_000), 500_000)
		expect(seconds(times, 500_001)).to.deep.equal([])
		times.add(changed('a', 500_000), 500_500)
		expect(seconds(times, 501_000)).to.deep.equal([1])
	})

	it('are kept through a sync that failed, or that had begun before', () => {
		const times = start()
		times.add(changed('a', 101_000, 'ipv4'), 102_000)
		times.add(changed('b', 101_000, 'ipv6'), 102_000)
		times.add(changed('c', 101_000, 'ipv4'), 102_500)
		expect(times.take(new Set(['ipv6']), 102_000, 103_000)).to.deep.equal([{family: 'ipv4', seconds: 2}])
		expect(times.take(NONE, 104_000, 105_000)).to.deep.equal([
			{family: 'ipv6', seconds: 4},
			{family: 'ipv4', seconds: 4},
		])
	})

	it('go with a slice of their Service', () => {
		const times = start()
		times.add(changed('a', 101_000), 102_000)
		times.add(changed('b', 101_000), 102_000)
		times.add(gone('b'), 102_000)
		expect(seconds(times, 103_000)).to.deep.equal([])
		times.add(gone('unknown'), 103_000)
	})
})
