import {parseArgs} from 'node:util'
import {OptionError} from './option-error.ts'

/** The options of a saved table by their long names, and whether they have a value. */
const OPTIONS = {
	'add-service': {type: 'boolean', short: 'A'},
	'add-server': {type: 'boolean', short: 'a'},
	'tcp-service': {type: 'string', short: 't'},
	'udp-service': {type: 'string', short: 'u'},
	'sctp-service': {type: 'string'},
	'fwmark-service': {type: 'string', short: 'f'},
	ipv6: {type: 'boolean', short: '6'},
	scheduler: {type: 'string', short: 's'},
	persistent: {type: 'string', short: 'p'},
	netmask: {type: 'string', short: 'M'},
	pe: {type: 'string'},
	ops: {type: 'boolean', short: 'o'},
	'sched-flags': {type: 'string', short: 'b'},
	'real-server': {type: 'string', short: 'r'},
	gatewaying: {type: 'boolean', short: 'g'},
	ipip: {type: 'boolean', short: 'i'},
	masquerading: {type: 'boolean', short: 'm'},
	weight: {type: 'string', short: 'w'},
	'u-threshold': {type: 'string', short: 'x'},
	'l-threshold': {type: 'string', short: 'y'},
	'tun-type': {type: 'string'},
	'tun-port': {type: 'string'},
	'tun-nocsum': {type: 'boolean'},
	'tun-csum': {type: 'boolean'},
	'tun-remcsum': {type: 'boolean'},
} as const

export type OptionName = keyof typeof OPTIONS

/** An option of a line. */
export interface Given {
	/** As it is written: `-t` or `--tcp-service`. */
	readonly option: string
	/** Empty for one that has none. */
	readonly value: string
}

export type LineOptions = ReadonlyMap<OptionName, Given>

/** What ipvsadm takes for `-p` alone. */
const DEFAULT_TIMEOUT = '360'

/** The options of one line, each at most once; throws an OptionError for anything else. */
export const readOptions = (words: readonly string[]): LineOptions => {
	const {tokens} = parseArgs({
		args: withDefaults(words),
		options: OPTIONS,
		allowPositionals: true,
		// Values may begin with a dash: `-f -1`.
		strict: false,
		tokens: true,
	})
	const options = new Map<OptionName, Given>()
	for (const token of tokens) {
		if (token.kind !== 'option') {
			throw new OptionError(token.kind === 'positional' ? token.value : '--', 'unexpected')
		}
		const {name, rawName: option, value} = token
		if (!isKnown(name)) {
			throw new OptionError(option, 'no option of a saved table; its lines are those of `ipvsadm -S -n`')
		}
		if (options.has(name)) {
			throw new OptionError(option, 'given twice')
		}
		options.set(name, {option, value: readValue(name, {option, value})})
	}
	return options
}

/** Empty for an option that has none. */
const readValue = (
	name: OptionName,
	{option, value = MISSING_VALUES.get(name)}: {readonly option: string; readonly value: string | undefined},
) => {
	if ((OPTIONS[name].type === 'string') !== (value !== undefined)) {
		throw new OptionError(option, value === undefined ? 'its value is missing' : 'it has no value')
	}
	return value ?? ''
}

/**
 * What a value is that is missing at the end of a line: `ipvsadm -S` writes `-b` without any where it knows no name for
 * the flags that are set (flag-3 of sh and mh).
 */
const MISSING_VALUES: ReadonlyMap<OptionName, string> = new Map([
	['persistent', DEFAULT_TIMEOUT],
	['sched-flags', ''],
])

const isKnown = (name: string): name is OptionName => Object.hasOwn(OPTIONS, name)

/** The value of `-p` may be left out within a line, too: then an option follows, which is not its value. */
const withDefaults = (words: readonly string[]): string[] =>
	words.map((word, at) => {
		const value = words[at + 1]?.startsWith('-') ? PERSISTENT.get(word) : undefined
		return value ?? word
	})

/** With the value in the same word: the word before may be an option that takes this one for its value. */
const PERSISTENT: ReadonlyMap<string, string> = new Map([
	['-p', `-p${DEFAULT_TIMEOUT}`],
	['--persistent', `--persistent=${DEFAULT_TIMEOUT}`],
])
