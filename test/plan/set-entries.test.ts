import {expect} from 'chai'
import fc from 'fast-check'
import {destinationOf, entriesAt, findable, indexed} from '../../src/plan/set-entries.ts'
import {DEFAULT_MAX_ELEMENTS, markedEntry, type SetDefinition, type SetType} from '../../src/state/ipset.ts'

const DESTINATIONS = ['10.96.0.10,tcp:80', '10.96.0.10,udp:80', '10.96.0.11', '30080']
const MARKS = [0x40_0001, 0x40_0010, 0x1]
const entries = fc.oneof(
	fc.constantFrom(...DESTINATIONS),
	fc
		.tuple(fc.constantFrom(...DESTINATIONS), fc.constantFrom('198.51.100.0/24', '10.96.0.10'))
		.map(parts => parts.join()),
	fc
		.tuple(fc.constantFrom(...DESTINATIONS), fc.constantFrom(...MARKS), fc.constantFrom(0xff_ffff, 0xffff_ffff))
		.map(parts => markedEntry(...parts)),
)
const steps = fc.array(fc.tuple(fc.boolean(), entries), {maxLength: 30})
const definition = (type: SetType, hasMarks: boolean): SetDefinition => ({
	...{name: 'SET', family: 'ipv4' as const, maxElements: DEFAULT_MAX_ELEMENTS},
	...{type, hasMarks},
})
const DEFINITIONS = [definition('hash:ip,port', true), definition('hash:ip,port,net', false)]

const expectAllFound = (definition: SetDefinition, members: ReadonlySet<string>, plain: ReadonlySet<string>) => {
	for (const destination of DESTINATIONS) {
		const found = [...entriesAt({definition, entries: members}, destination)]
		expect(found.sort()).to.deep.equal([...plain].filter(entry => destinationOf(entry) === destination).sort())
	}
	for (const mark of MARKS) {
		const text = ` 0x${mark.toString(16)}/`
		const found = [...indexed(members).withMark(mark)]
		expect(found.sort()).to.deep.equal([...plain].filter(entry => entry.includes(text)).sort())
	}
}

describe('members of a set', () => {
	it('are found by destination and by mark as if all were looked at, whatever came and went', () => {
		fc.assert(
			fc.property(steps, fc.constantFrom(...DEFINITIONS), (changes, ofSet) => {
				const members = findable(ofSet, [])
				const plain = new Set<string>()
				for (const [isAdded, entry] of changes) {
					isAdded ? members.add(entry) : members.delete(entry)
					isAdded ? plain.add(entry) : plain.delete(entry)
				}
				expect(members.values().toArray().sort()).to.deep.equal([...plain].sort())
				expectAllFound(ofSet, members, plain)
			}),
		)
	})

	it('that are a destination and nothing else are found without any index', () => {
		const plain = definition('hash:ip,port', false)
		const members = findable(plain, ['10.96.0.10,tcp:80'])
		expect([...entriesAt({definition: plain, entries: members}, '10.96.0.10,tcp:80')]).to.deep.equal([
			'10.96.0.10,tcp:80',
		])
		expect([...entriesAt({definition: plain, entries: members}, '10.96.0.10,tcp:81')]).to.deep.equal([])
		expect(Object.getPrototypeOf(members)).to.equal(Set.prototype)
	})
})
