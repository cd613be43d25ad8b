import {readFileSync} from 'node:fs'
import {expect} from 'chai'
import {ALLOWANCES, CONSTANT} from '../golden/allowances.ts'

const PAGE = readFileSync(new URL('../../docs/differences-from-kube-proxy.md', import.meta.url), 'utf8')

/** `- **L7, mended.**` begins an entry. */
const ENTRIES = [...PAGE.matchAll(/^- \*\*(L\d+)(.*?)\*\*/gm)].map(([, number = '', state = '']) => ({number, state}))
const NUMBERS = Array.from({length: 53}, (_, at) => `L${at + 1}`)

describe('docs/differences-from-kube-proxy.md', () => {
	it('has one entry for each fault of kube-proxy', () => {
		expect(ENTRIES.map(({number}) => number)).to.have.members(NUMBERS)
	})

	it('says of each whether it is mended', () => {
		expect(ENTRIES.filter(({state}) => !/^, (mended|partly|stays)\.$/.test(state))).to.deep.equal([])
	})

	it('lists every difference that the comparison with kube-proxy allows, and no other', () => {
		const listed = [...PAGE.matchAll(/^\| (L\d+) +\| (.+?) +\|$/gm)].map(([, fault, why]) => `${fault}: ${why}`)
		const allowed = [...CONSTANT, ...ALLOWANCES].map(({fault, why}) => `${fault}: ${why}`)
		expect(listed).to.have.members([...new Set(allowed)])
	})
})
