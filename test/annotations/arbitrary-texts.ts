import fc from 'fast-check'
import type {Values} from './values.ts'

/** Words that the larger forms are made of, in any order. */
const pieces = fc
	.array(
		fc.constantFrom(
			...['zone=', 'node=', 'default', 'a', ' ', '  ', ',', ', ', '/', ':', '::', '.', '-', '0', '1', '8', '16', '255'],
			...['10.0.0.1', 'fd00::1', 'ffff', '::ffff:', '65535', '65536', 'udp:', 'tcp:', 'all', 'h', 'm', 's', '\n'],
		),
		{maxLength: 9},
	)
	.map(list => list.join(''))

/** Any Unicode text, and texts that are none: with halves of surrogate pairs. */
export const anyString = fc.oneof(
	fc.string({unit: 'binary'}),
	fc.string({unit: 'grapheme'}),
	fc.array(fc.nat(0xff_ff)).map(units => String.fromCharCode(...units)),
	fc.constantFrom('__proto__', 'constructor', 'hasOwnProperty', '', ' ', 'null'),
)

/** A text of the table with a character more, less or other. */
const nearly = ({valid, boundary}: Values) =>
	fc
		.tuple(fc.constantFrom(...valid, ...boundary), fc.nat(), fc.nat(2), fc.string({minLength: 1, maxLength: 1}))
		.map(([text, place, length, other]) => {
			const at = place % (text.length + 1)
			return text.slice(0, at) + (length === 0 ? other : '') + text.slice(at + length)
		})

/** More often than not one that is allowed. */
export const anyValue = (values: Values) =>
	fc.oneof(
		{weight: 6, arbitrary: fc.constantFrom(...values.valid, ...values.boundary)},
		{weight: 2, arbitrary: nearly(values)},
		{weight: 1, arbitrary: pieces},
		{weight: 1, arbitrary: anyString},
	)
