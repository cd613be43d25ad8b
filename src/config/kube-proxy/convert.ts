import {CONFIG_SCHEMA} from '../fields.ts'
import type {KubeProxyField} from './field.ts'
import {KUBE_PROXY_FIELDS} from './fields.ts'
import type {Value} from './kinds.ts'
import {takeApart} from './take-apart.ts'
import {checkTogether, usesClusterCIDR} from './validate.ts'

type Fields = Readonly<Record<string, unknown>>

interface Converted {
	readonly fields: Fields
	readonly notes: readonly string[]
	/** `ipvs.scheduler: ...`, all there are. */
	readonly errors: readonly string[]
}

/** Our fields from kube-proxy's, which are given without apiVersion and kind. */
export const convertFields = (content: Fields): Converted => {
	const {given, unknown, errors} = takeApart(content)
	const silent = KUBE_PROXY_FIELDS.filter(({path, always}) => always && !given.some(leaf => leaf.path === path))
	const leaves = [...given, ...silent.map(field => ({path: field.path, field, raw: field.byDefault}))]
	const read = leaves.map(({path, field, raw}) => ({path, field, result: field.kind.safeParse(raw)}))
	const values = new Map(read.flatMap(({path, result}) => (result.success ? [[path, result.data]] : [])))
	const converted = read.map(({path, field, result}): Partial<Converted> => {
		if (!result.success) {
			return {errors: result.error.issues.map(atPath(path))}
		}
		const {errors: wrong = [], ...right} = convertValue(path, field, result.data)
		return path === 'clusterCIDR' && !usesClusterCIDR(values) ? {notes: wrong, ...right} : {errors: wrong, ...right}
	})
	return {
		fields: Object.assign({}, ...converted.map(({fields}) => fields)),
		notes: [...unknown, ...converted.flatMap(({notes = []}) => notes)],
		errors: [...errors, ...converted.flatMap(it => it.errors ?? []), ...checkTogether(values)],
	}
}

const convertValue = (path: string, {effect}: KubeProxyField, value: Value): Partial<Converted> => {
	if (effect.kind === 'none') {
		return effect.defaults.includes(value) ? {} : {notes: [`${path}: has no effect: ${effect.why}`]}
	}
	const converted = effect.convert(value)
	const result = CONFIG_SCHEMA.shape[effect.field].safeParse(converted)
	return result.success
		? {fields: converted === undefined ? {} : {[effect.field]: converted}}
		: {errors: result.error.issues.map(atPath(path))}
}

interface Issue {
	readonly path: readonly PropertyKey[]
	readonly message: string
}

/** `nodePortAddresses[1]: ...`; a text that stands for a list has no places. */
const atPath =
	(path: string) =>
	(issue: Issue): string =>
		`${path}${issue.path.map(step => `[${String(step)}]`).join('')}: ${issue.message}`
