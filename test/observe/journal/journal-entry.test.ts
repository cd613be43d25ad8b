import {expect} from 'chai'
import {filterEntry, formatEntry, type JournalEntry, parseEntry} from '../../../src/observe/journal/journal-entry.ts'

const AT = '2026-01-01T12:00:00.000Z'
const A = {service: 'ns/a', operation: 'add-x'}
const B = {service: 'ns/b', operation: 'add-y', error: 'ENOENT'}
const SOMEBODYS = {operation: 'add-z'}

const entry = (fields: Partial<JournalEntry> = {}): JournalEntry => ({
	time: AT,
	cause: 'change',
	services: ['ns/a', 'ns/b'],
	milliseconds: 3,
	changes: [A, SOMEBODYS, B],
	...fields,
})

describe('an entry of the journal', () => {
	it('is read as it was written', () => {
		expect(parseEntry(JSON.stringify(entry()))).to.deep.equal(entry())
	})

	for (const line of [
		...['', '{"time":"2026-', '[]', 'null', '1', '{"time":1,"changes":[]}', `{"time":"${AT}"}`],
		...[`{"time":"${AT}","changes":[]}`, `{"time":"${AT}","cause":"first","changes":[null]}`],
	]) {
		it(`is not ${JSON.stringify(line)}`, () => {
			expect(parseEntry(line)).to.equal(undefined)
		})
	}

	it('is a line for each change, with the cause, who asked and what came of it', () => {
		expect(formatEntry(entry())).to.deep.equal([
			`${AT}  change  ns/a  add-x`,
			`${AT}  change  -  add-z`,
			`${AT}  change  ns/b  add-y  FAILED: ENOENT`,
		])
	})

	it('says what is not spelt out, and that a sync did not come to its end', () => {
		expect(formatEntry(entry({cause: 'first', isOfNode: true, changes: [A], more: {x: 2, y: 1}}))).to.deep.equal([
			`${AT}  first   ns/a  add-x`,
			`${AT}  first   and more: x 2, y 1`,
		])
		expect(formatEntry(entry({isOfNode: true, changes: [], moreFailures: 7, error: 'no'}))).to.deep.equal([
			`${AT}  node    and 7 failures more`,
			`${AT}  node    FAILED: no`,
		])
	})

	it('passes as it is where nothing is asked for', () => {
		expect(filterEntry(entry(), {})).to.deep.equal(entry())
	})

	it('passes from a time on', () => {
		expect(filterEntry(entry(), {since: Date.parse(AT)})).to.deep.equal(entry())
		expect(filterEntry(entry(), {since: Date.parse(AT) + 1})).to.equal(undefined)
	})

	it('passes with the changes of one Service, and those that may be', () => {
		const of = (name: string) => ({isAskedFor: (service: string | undefined) => service === name})
		expect(filterEntry(entry(), of('ns/a'))?.changes).to.deep.equal([A, SOMEBODYS])
		expect(filterEntry(entry({services: ['ns/b']}), of('ns/a'))?.changes).to.deep.equal([A])
		expect(filterEntry(entry(), of('ns/c'))).to.equal(undefined)
		for (const untold of [{more: {x: 1}}, {moreFailures: 1}, {error: 'EPERM'}]) {
			expect(filterEntry(entry(untold), of('ns/c')), 'which may be its own').to.deep.equal(
				entry({...untold, changes: []}),
			)
		}
	})
})
