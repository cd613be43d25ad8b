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

/** A text of CEL; what goes in has no control characters. */
export const celText = (text: string): string => `'${text.replace(/[\\']/g, '\\$&')}'`

/** What a whole text looks like. */
export interface Shape {
	readonly matches: (text: string) => boolean
	readonly cel: (text: string) => string
}

/**
 * `pattern` is ASCII and understood alike by JavaScript and by RE2, which CEL has. No text is longer than `longest`: the
 * API server limits what an expression may cost, and a match costs the length of the text times that of the pattern.
 */
export const shapeOf = (pattern: string, longest: number): Shape => {
	const whole = new RegExp(`^${pattern}$`)
	return {
		matches: text => text.length <= longest && whole.test(text),
		cel: text => `size(${text}) <= ${longest} && ${celMatches(text, pattern)}`,
	}
}

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
export const someOf = <Word extends string>(...words: readonly Word[]): Form<readonly Word[]> => {
	const shape = shapeOf(`(none|${listPattern(`(${words.join('|')})`)})`, 128)
	return {
		allowed: `none, or some of ${words.join(', ')} with commas between them`,
		parse: text => {
			const items = new Set(text.split(',').map(item => item.trim()))
			return shape.matches(text) ? words.filter(word => items.has(word)) : undefined
		},
		cel: shape.cel,
	}
}

/** Items of a list whose items match the pattern. */
export const listPattern = (item: string): string => `${item}( *, *${item})*`

/** Decimal digits without leading zeros, from `least` to `most`. */
export const integer = (least: number, most: number): Form<number> => {
	const shape = shapeOf('(0|[1-9][0-9]{0,9})', 10)
	return {
		allowed: `an integer from ${least} to ${most}`,
		parse: text => (shape.matches(text) && Number(text) >= least && Number(text) <= most ? Number(text) : undefined),
		cel: text => `${shape.cel(text)} && int(${text}) >= ${least} && int(${text}) <= ${most}`,
	}
}

/**
 * Hours, minutes and seconds, each at most once and in this order, from `least` to `most`, which are written alike; the
 * value is in milliseconds. No number has so many digits that the sum were too large for a duration of CEL, 292 years.
 */
export const duration = (least: string, most: string): Form<number> => {
	const [h, m, s] = ['[0-9]{1,5}h', '[0-9]{1,7}m', '[0-9]{1,9}s']
	const shape = shapeOf(`(${h}(${m})?(${s})?|${m}(${s})?|${s})`, 24)
	const [min = 0, max = 0] = [least, most].map(parseDuration)
	return {
		allowed: `a duration from ${least} to ${most}, such as 90s, 5m or 1h30m`,
		parse: text => {
			const milliseconds = shape.matches(text) ? parseDuration(text) : undefined
			return milliseconds !== undefined && milliseconds >= min && milliseconds <= max ? milliseconds : undefined
		},
		cel: text =>
			`${shape.cel(text)} && duration(${text}) >= duration(${celText(least)}) && ` +
			`duration(${text}) <= duration(${celText(most)})`,
	}
}
