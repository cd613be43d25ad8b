/** One time series selector: the metric and the labels that its matchers name. */
export interface Selector {
	readonly metric: string
	readonly labels: readonly string[]
}

/** What an expression asks of the metrics that it is evaluated on. */
export interface Names {
	readonly selectors: readonly Selector[]
	/** Labels in `by`, `without`, `on`, `ignoring`, `group_left` and `group_right`. */
	readonly labels: readonly string[]
}

type Kind = 'space' | 'text' | 'range' | 'number' | 'name' | 'sign'

interface Token {
	readonly kind: Kind
	readonly text: string
}

const TOKEN =
	/(?<space>\s+|#.*)|(?<text>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`[^`]*`)|(?<range>\[[^\]]*\])|(?<number>(?:\d|\.\d)[\w.]*)|(?<name>[A-Za-z_:][\w:]*)|(?<sign>=~|!~|!=|==|<=|>=|[-+*/%^=<>(){},@])/y

const LISTS = new Set(['by', 'without', 'on', 'ignoring', 'group_left', 'group_right'])

const OPERATORS = new Set(['and', 'or', 'unless', 'offset', 'bool', 'atan2', 'inf', 'nan'])

/** The names that stand in an expression of PromQL; an error where it is not written in its alphabet. */
export const namesIn = (expression: string): Names => {
	const tokens = tokensOf(expression)
	const selectors: Selector[] = []
	const labels: string[] = []
	for (let at = 0; at < tokens.length; at++) {
		const text = tokens[at]?.text ?? ''
		const next = tokens[at + 1]?.text ?? ''
		if (text === '{') {
			throw new Error(`a selector without a metric: ${expression}`)
		}
		if (tokens[at]?.kind !== 'name') {
			continue
		}
		if (LISTS.has(text) && next === '(') {
			const end = endOf(tokens, at, ')')
			labels.push(...namesBetween(tokens, at + 1, end))
			at = end
		} else if (isMetric(text, next)) {
			const end = next === '{' ? endOf(tokens, at, '}') : at
			selectors.push({metric: text, labels: namesBetween(tokens, at, end)})
			at = end
		}
	}
	return {selectors, labels}
}

/** Functions stand before their arguments, aggregations also before the labels to keep. */
const isMetric = (text: string, next: string): boolean =>
	!LISTS.has(text) && !OPERATORS.has(text.toLowerCase()) && !['(', 'by', 'without'].includes(next)

const tokensOf = (expression: string): readonly Token[] => {
	const tokens: Token[] = []
	for (let at = 0; at < expression.length; ) {
		TOKEN.lastIndex = at
		const groups = TOKEN.exec(expression)?.groups ?? {}
		const [kind, text] = Object.entries(groups).find(([, found]) => found !== undefined) ?? []
		if (!text) {
			throw new Error(`no PromQL at ${at}: ${expression}`)
		}
		at += text.length
		if (kind !== 'space') {
			tokens.push({kind: kind as Kind, text})
		}
	}
	return tokens
}

const endOf = (tokens: readonly Token[], from: number, sign: string): number => {
	const end = tokens.findIndex(({text}, at) => at > from && text === sign)
	if (end < 0) {
		throw new Error(`no ${sign}`)
	}
	return end
}

const namesBetween = (tokens: readonly Token[], from: number, to: number): readonly string[] =>
	tokens.slice(from + 1, to).flatMap(({kind, text}) => (kind === 'name' ? [text] : []))
