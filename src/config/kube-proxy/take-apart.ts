import type {KubeProxyField} from './field.ts'
import {KUBE_PROXY_FIELDS} from './fields.ts'

interface TakenApart {
	readonly given: readonly Leaf[]
	/** A sentence for each field that there is not. */
	readonly unknown: readonly string[]
	readonly errors: readonly string[]
}

/** A field that the file gives a value. */
interface Leaf {
	readonly path: string
	readonly field: KubeProxyField
	readonly raw: unknown
}

const NOTHING: TakenApart = {given: [], unknown: [], errors: []}

const FIELDS = new Map(KUBE_PROXY_FIELDS.map(field => [field.path, field]))

/** `ipvs`, `logging`, `logging.options`, ... */
const SECTIONS: ReadonlySet<string> = new Set(
	KUBE_PROXY_FIELDS.flatMap(({path}) => {
		const steps = path.split('.')
		return steps.slice(1).map((_, index) => steps.slice(0, index + 1).join('.'))
	}),
)

/** The file as a list of fields with a path each; null is no value. */
export const takeApart = (content: object, prefix = ''): TakenApart => {
	const parts = Object.entries(content).map(([key, raw]): TakenApart => {
		const path = prefix + key
		const field = FIELDS.get(path) ?? FIELDS.get(`${prefix}*`)
		if (raw === null && (field || SECTIONS.has(path))) {
			return NOTHING
		}
		if (field) {
			return {...NOTHING, given: [{path, field, raw}]}
		}
		if (!SECTIONS.has(path)) {
			return {...NOTHING, unknown: [`${path}: there is no such field; it is ignored`]}
		}
		return typeof raw === 'object' && raw !== null && !Array.isArray(raw)
			? takeApart(raw, `${path}.`)
			: {...NOTHING, errors: [`${path}: expected fields`]}
	})
	return {
		given: parts.flatMap(({given}) => given),
		unknown: parts.flatMap(({unknown}) => unknown),
		errors: parts.flatMap(({errors}) => errors),
	}
}
