import {type Address, isServable, parseAddress} from '../net/address.ts'
import {type Prefix, parsePrefix} from '../net/prefix.ts'
import {type Protocol, parseProtocol} from '../net/protocol.ts'
import {type Fields, pathOf, readChild, readText, readTexts} from './fields.ts'
import {intern} from './intern.ts'
import type {Reading} from './read-object.ts'

/** Canonical addresses; those that are none, or none to serve, are skipped with a problem. */
export const readAddresses = (reading: Reading, fields: Fields, key: string): Address[] =>
	readTexts(fields, key).flatMap((text, index) => toAddress(reading, text, `${pathOf(fields, key)}[${index}]`) ?? [])

export const toAddress = (reading: Reading, text: string, path: string): Address | undefined => {
	const address = parseAddress(text)
	if (!address) {
		reading.skip(path, 'InvalidAddress', `${JSON.stringify(text)} is not an IP address; it is ignored`)
		return undefined
	}
	if (!isServable(address)) {
		reading.skip(path, 'AddressRefused', `${address} is unspecified, loopback, link-local or multicast; it is ignored`)
		return undefined
	}
	return address
}

/** Networks with their host bits masked away; texts that are none are skipped with a problem. */
export const readPrefixes = (reading: Reading, fields: Fields, key: string): Prefix[] =>
	readTexts(fields, key).flatMap((text, index) => {
		const prefix = parsePrefix(text)
		if (!prefix) {
			const path = `${pathOf(fields, key)}[${index}]`
			reading.skip(path, 'InvalidAddress', `${JSON.stringify(text)} is not a CIDR; it is ignored`)
		}
		return prefix ?? []
	})

/** TCP when it is absent; undefined, with a problem, for one that no service proxy serves. */
export const readProtocol = (reading: Reading, fields: Fields): Protocol | undefined => {
	const text = readText(fields, 'protocol')
	const protocol = parseProtocol(text || 'TCP')
	if (!protocol) {
		const message = `${JSON.stringify(text)} is none of TCP, UDP, SCTP; the port is ignored`
		reading.skip(pathOf(fields, 'protocol'), 'InvalidPort', message)
	}
	return protocol
}

const ANNOTATION_PREFIXES = ['kube-lvs.io/', 'kube-router.io/service.']
const NO_ANNOTATIONS: ReadonlyMap<string, string> = new Map()

/** Those of ours and of kube-router; one empty map for all objects that have none. A value that is no text is skipped. */
export const readAnnotations = (reading: Reading): ReadonlyMap<string, string> => {
	const fields = readChild(reading.metadata, 'annotations')
	const known = Object.keys(fields.values).filter(key => ANNOTATION_PREFIXES.some(prefix => key.startsWith(prefix)))
	if (known.length === 0) {
		return NO_ANNOTATIONS
	}
	const texts = known.flatMap(key => {
		const value = fields.values[key] ?? ''
		if (typeof value !== 'string') {
			const why = 'is no text (in YAML numbers and true need quotes); the default stands'
			reading.skip(`${fields.path}[${key}]`, 'InvalidAnnotation', `${JSON.stringify(value).slice(0, 100)} ${why}`)
			return []
		}
		return [[intern(key), value] as const]
	})
	return new Map(texts)
}
