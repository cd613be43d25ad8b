import * as z from 'zod'
import {type Address, parseAddress} from '../net/address.ts'
import {type Prefix, parsePrefix} from '../net/prefix.ts'
import {parseSocketAddress} from '../net/socket-address.ts'

/** What a parser makes of a text, or an issue that quotes the text. */
const parsedBy =
	<T extends object | string>(parse: (text: string) => T | undefined, message: string) =>
	(text: string, context: z.RefinementCtx): T => {
		const parsed = parse(text)
		if (parsed === undefined) {
			context.addIssue({code: 'custom', message: `"${text}" ${message}`})
			return z.NEVER
		}
		return parsed
	}

const prefix = z.string().transform(parsedBy(parsePrefix, 'is not a network in CIDR form, such as 10.244.0.0/16'))

/** Networks in CIDR form. */
export const prefixesSchema = z.array(prefix).meta({kind: 'networks'}).default([])

/** Networks in CIDR form, or the single word `primary`. */
export const prefixesOrPrimarySchema = z
	.array(z.string())
	.meta({kind: 'networks, or `primary` alone'})
	.default([])
	.transform((texts, context): 'primary' | readonly Prefix[] => {
		if (texts.length === 1 && texts[0] === 'primary') {
			return 'primary'
		}
		const parsed = z.array(prefix).safeParse(texts)
		for (const {path, message} of parsed.error?.issues ?? []) {
			const hint = texts[Number(path[0])] === 'primary' ? '; primary stands alone' : ''
			context.addIssue({code: 'custom', path, message: message + hint})
		}
		return parsed.data ?? []
	})

/** An address and port to listen on, the port appended if it is missing; undefined for '', which listens nowhere. */
export const listenSchema = (byDefault: string, defaultPort: number) =>
	z
		.string()
		.meta({kind: 'address and port'})
		.default(byDefault)
		.transform((text, context) =>
			text === ''
				? undefined
				: parsedBy(it => parseSocketAddress(it, defaultPort), `is not an address and port, such as ${byDefault}`)(
						text,
						context,
					),
		)

/** As in a kubeconfig: `https://192.0.2.10:6443`, perhaps with a path; without a slash at the end. */
const parseServer = (text: string): string | undefined => {
	const url = URL.parse(text)
	const isServer = /^https?:\/\/[^/?#@\s]+(\/[^?#\s]*)?$/.test(text) && url !== null
	return isServer ? text.replace(/\/+$/, '') : undefined
}

/** URLs of servers. */
export const urlsSchema = z
	.array(z.string().transform(parsedBy(parseServer, 'is not a URL of an API server, such as https://192.0.2.10:6443')))
	.meta({kind: 'URLs'})
	.default([])

/** An IP address; undefined for '' and for an unspecified one (0.0.0.0, ::). */
export const addressSchema = z
	.string()
	.meta({kind: 'address'})
	.default('')
	.transform((text, context): Address | undefined => {
		const address = text === '' ? undefined : parsedBy(parseAddress, 'is not an IP address')(text, context)
		return address === '0.0.0.0' || address === '::' ? undefined : address
	})
