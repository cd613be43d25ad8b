import * as z from 'zod'
import {parseGoDuration} from './go-duration.ts'

/** How values of kube-proxy's fields are written: the types of its Go structs. */
export type Kind = z.ZodType<Value>

/** A value as it is read; durations are in milliseconds. */
export type Value = string | number | boolean | readonly string[] | readonly object[]

export const text: Kind = z.string()

export const boolean: Kind = z.boolean()

export const mode: Kind = z.enum(['ipvs', 'iptables', ''])

/** A Go int32. */
export const integer: Kind = z.int32()

/** A Go int32 of 0 or more. */
export const count: Kind = z.int32().min(0)

export const number: Kind = z.number()

export const texts: Kind = z.array(z.string())

export const objects: Kind = z.array(z.record(z.string(), z.unknown()))

/** A resource.Quantity: a number, or a text such as 64Ki. */
export const quantity: Kind = z.union([z.string(), z.number()]).transform(String)

/** A metav1.Duration, 0 or more. */
export const duration: Kind = z.string().transform((written, context) => {
	const milliseconds = parseGoDuration(written)
	if (milliseconds === undefined || milliseconds < 0) {
		context.addIssue({code: 'custom', message: `"${written}" is not a duration of 0 or more, such as 30s or 1m30s`})
		return z.NEVER
	}
	return milliseconds
})

/** A duration, or a number of nanoseconds. */
export const durationOrNanoseconds: Kind = z.union([duration, z.int().transform(nanoseconds => nanoseconds / 1e6)])
