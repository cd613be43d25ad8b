import {readFileSync} from 'node:fs'
import {ADDRESS_KINDS, type AddressKind, ORIGINS, type Origin, OUTCOMES, PLACES, type Place} from './words.ts'

/** What one address of one Service is documented to do. */
export interface ExpectedRow {
	readonly address: AddressKind
	/** A policy of `POLICIES`. */
	readonly policy: string
	readonly endpoints: Place
	readonly cells: Readonly<Record<Origin, string>>
	/** What is set other than for the tables without this column; empty there. */
	readonly setting: string
}

const HEAD = ['address', 'policy', 'endpoints', ...ORIGINS]
const SETTING = 'setting'

/** The rows of all tables of docs/traffic.md that have these columns; throws for a word that is none. */
export const readExpected = (
	page = readFileSync(new URL('../../docs/traffic.md', import.meta.url), 'utf8'),
): readonly ExpectedRow[] => {
	const rows: ExpectedRow[] = []
	let columns: 'other' | 'as they are' | 'after a setting' = 'other'
	for (const line of page.split('\n')) {
		const fields = fieldsOf(line)
		if (fields.join() === HEAD.join()) {
			columns = 'as they are'
		} else if (fields.join() === [SETTING, ...HEAD].join()) {
			columns = 'after a setting'
		} else if (fields.length === 0) {
			columns = 'other'
		} else if (columns !== 'other' && !line.startsWith('| ---')) {
			rows.push(...parseRow(columns === 'as they are' ? ['', ...fields] : fields))
		}
	}
	return rows
}

const fieldsOf = (line: string): readonly string[] =>
	line
		.split('|')
		.slice(1, -1)
		.map(field => field.trim().replaceAll('`', ''))

/** One line may stand for several addresses, and for several policies. */
const parseRow = ([
	setting = '',
	addresses = '',
	policies = '',
	place = '',
	...words
]: readonly string[]): ExpectedRow[] => {
	const endpoints = wordOf(PLACES, place)
	const cells = Object.fromEntries(ORIGINS.map((origin, at) => [origin, outcomeOf(words[at] ?? '')]))
	return addresses.split(', ').flatMap(address =>
		policies.split('; ').map(policy => ({
			address: wordOf(ADDRESS_KINDS, address),
			policy,
			endpoints,
			cells: cells as Record<Origin, string>,
			setting,
		})),
	)
}

const wordOf = <Word extends string>(words: readonly Word[], text: string): Word => {
	const word = words.find(candidate => candidate === text)
	if (word === undefined) {
		throw new Error(`docs/traffic.md: ${JSON.stringify(text)} is none of ${words.join(', ')}`)
	}
	return word
}

const outcomeOf = (text: string): string => {
	if (!OUTCOMES.test(text)) {
		throw new Error(`docs/traffic.md: ${JSON.stringify(text)} is not what may become of traffic`)
	}
	return text
}
