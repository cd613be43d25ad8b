import type {ConfigField} from '../fields.ts'
import {duration, durationOrNanoseconds, type Kind, type Value} from './kinds.ts'

/** A field of KubeProxyConfiguration, and what becomes of it. */
export interface KubeProxyField {
	/** `ipvs.scheduler`; the last step may be `*`, which stands for any name that has no line of its own. */
	readonly path: string
	readonly kind: Kind
	/** kube-proxy's default, as it would stand in its file; empty for an empty text or list. */
	readonly byDefault: string
	/** Where the file is silent, `byDefault` is read in its place, because our own default is another. */
	readonly always: boolean
	readonly effect: Effect
}

type Effect =
	| {
			readonly kind: 'sets'
			readonly field: ConfigField
			/** The value as it would stand in our file; undefined where ours stays at its default. */
			readonly convert: (value: Value) => unknown
			/** What to know about it. */
			readonly note: string
	  }
	| {readonly kind: 'none'; readonly why: string; readonly defaults: readonly Value[]}

interface SetsOptions {
	readonly byDefault?: string
	readonly convert?: (value: Value) => unknown
	readonly always?: boolean
	readonly note?: string
}

/** The field sets one of ours. An empty text is none, as in kube-proxy. */
export const sets = (path: string, kind: Kind, field: ConfigField, options: SetsOptions = {}): KubeProxyField => {
	const {byDefault = '', always = false, note = ''} = options
	const asWritten = (value: Value) => (value === '' ? undefined : value)
	const convert = options.convert ?? (kind === duration ? writeDuration : asWritten)
	return {path, kind, byDefault, always, effect: {kind: 'sets', field, convert, note}}
}

/** The field has no effect here; any of `defaults` is not worth a message. The first is the one to show. */
export const hasNoEffect = (path: string, kind: Kind, defaults: readonly Value[], why: string): KubeProxyField => {
	const [first = ''] = defaults
	const byDefault = kind === duration || kind === durationOrNanoseconds ? writeDuration(first) : String(first)
	return {path, kind, byDefault, always: false, effect: {kind: 'none', why, defaults}}
}

/** Milliseconds as our file has them, in the largest unit that leaves no fraction. */
export const writeDuration = (milliseconds: Value): string => {
	const value = Number(milliseconds)
	const [size, unit] = (
		[
			[3_600_000, 'h'],
			[60_000, 'm'],
			[1000, 's'],
		] as const
	).find(([whole]) => value > 0 && value % whole === 0) ?? [value === 0 ? 1000 : 1, value === 0 ? 's' : 'ms']
	return `${value / size}${unit}`
}
