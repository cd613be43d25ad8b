import {parseDuration} from '../config/duration.ts'

/** The values that an annotation may have, said once for validation, documentation and admission. */
export interface Form<Value> {
	/** Ends the sentence "expected ...": `one of rr, wrr`. */
	readonly allowed: string
	/** Undefined for a text that is not allowed; throws for none. */
	readonly parse: (text: string) => Value | undefined
	/** The same test in CEL, as Kubernetes 1.31 or newer has it, of the text that the expression `text` gives. */
	readonly cel: (text: string) => string
}

/** A text of CEL; what goes in has neither quotes nor control characters. */
export const celText = (text: string): string => `'${text.replaceAll('\\', '\\\\')}'`

/** `pattern` is understood alike by JavaScript and by RE2, which CEL has. */
export const celMatches = (text: string, pattern: string): string => `${text}.matches(${celText(`^${pattern}$`)})`

/** One of these words, as it is written here. */
export const oneOf = <Word extends string>(...words: readonly Word[]): Form<Word> => ({
	allowed: words.length === 1 ? `${words[0]}` : `one of ${words.join(', ')}`,
	parse: text => words.find(word => word === text),
	cel: text => `${text} in [${words.map(celText).join(', ')}]`,
})

export const flag: Form<boolean> = {
	...oneOf('true', 'false'),
	parse: text => (text === 'true' ? true : text === 'false' ? false : undefined),
}

/** Some of these words, commas between them, or `none`. */
export const someOf = <Word extends string>(...words: readonly Word[]): Form<readonly Word[]> => ({
	allowed: `none, or some of ${words.join(', ')} with commas between them`,
	parse: text => {
		const items = text === 'none' ? [] : text.split(BETWEEN).map(item => words.find(word => word === item))
		return items.every(item => item !== undefined) ? items : undefined
	},
	cel: text => celMatches(text, `(none|${listPattern(`(${words.join('|')})`)})`),
})

const BETWEEN = / *, */

/** Items of a list whose items match the pattern. */
export const listPattern = (item: string): string => `${item}( *, *${item})*`

/** Decimal digits without leading zeros, from `least` to `most`. */
export const integer = (least: number, most: number): Form<number> => {
	const pattern = '(0|[1-9][0-9]{0,9})'
	const shape = new RegExp(`^${pattern}$`)
	return {
		allowed: `an integer from ${least} to ${most}`,
		parse: text => (shape.test(text) && Number(text) >= least && Number(text) <= most ? Number(text) : undefined),
		cel: text => `${celMatches(text, pattern)} && int(${text}) >= ${least} && int(${text}) <= ${most}`,
	}
}

/** Of whole seconds, from `least` to `most`, which are written alike; the value is in milliseconds. */
export const duration = (least: string, most: string): Form<number> => {
	const pattern = '([0-9]{1,6}[hms])+'
	const shape = new RegExp(`^${pattern}$`)
	const [min = 0, max = 0] = [least, most].map(parseDuration)
	return {
		allowed: `a duration from ${least} to ${most}, such as 90s, 5m or 1h30m`,
		parse: text => {
			const milliseconds = shape.test(text) ? parseDuration(text) : undefined
			return milliseconds !== undefined && milliseconds >= min && milliseconds <= max ? milliseconds : undefined
		},
		cel: text =>
			`${celMatches(text, pattern)} && duration(${text}) >= duration(${celText(least)}) && ` +
			`duration(${text}) <= duration(${celText(most)})`,
	}
}
