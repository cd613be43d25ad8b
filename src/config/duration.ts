import * as z from 'zod'

const UNITS = {ms: 1, s: 1000, m: 60_000, h: 3_600_000} as const

/** `1m30s` to milliseconds, as Go writes durations; undefined for anything else. */
export const parseDuration = (text: string): number | undefined => {
	if (!/^(\d+(\.\d+)?(ms|s|m|h))+$/.test(text)) {
		return undefined
	}
	let total = 0
	for (const [, number, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)) {
		total += Number(number) * UNITS[unit as keyof typeof UNITS]
	}
	return total
}

/** A duration above 0, in milliseconds once parsed. */
export const durationSchema = (byDefault: string) =>
	duration(byDefault, milliseconds => milliseconds > 0, 'is not a duration above 0, such as 30s or 1m30s')

/** A duration of 0 or more, in milliseconds once parsed. */
export const durationOrZeroSchema = (byDefault: string) =>
	duration(byDefault, () => true, 'is not a duration, such as 0s, 30s or 1m30s')

const duration = (byDefault: string, isRight: (milliseconds: number) => boolean, message: string) =>
	z
		.string()
		.meta({kind: 'duration'})
		.default(byDefault)
		.transform((text, context) => {
			const milliseconds = parseDuration(text)
			if (milliseconds === undefined || !isRight(milliseconds)) {
				context.addIssue({code: 'custom', message: `"${text}" ${message}`})
				return z.NEVER
			}
			return milliseconds
		})
