import {compact, NONE} from '../compact.ts'
import type {Endpoint, EndpointPort, EndpointSlice} from '../model/endpoint-slice.ts'
import {type Address, type Family, familyOf} from '../net/address.ts'
import {DecodeError} from './decode-error.ts'
import {
	type Fields,
	PORT_OR_NONE_RANGE,
	pathOf,
	readChild,
	readChildren,
	readFlag,
	readInteger,
	readOptionalText,
	readRequiredText,
	readText,
	readTexts,
} from './fields.ts'
import {intern} from './intern.ts'
import {type Reading, readObject} from './read-object.ts'
import {readAnnotations, readProtocol, toAddress} from './read-values.ts'
import {sharedPorts} from './shared-ports.ts'

/** The endpoints of a headless Service: no service proxy reads them. */
export const HEADLESS_LABEL = 'service.kubernetes.io/headless'
const SERVICE_NAME_LABEL = 'kubernetes.io/service-name'
const TRIGGER_TIME_ANNOTATION = 'endpoints.kubernetes.io/last-change-trigger-time'

/** An EndpointSlice (discovery.k8s.io/v1) as JSON to the fields that are read of it; throws a DecodeError. */
export const projectEndpointSlice = (json: unknown): EndpointSlice => readObject('EndpointSlice', json, readSlice)

const readSlice = (reading: Reading): EndpointSlice => {
	const {root, metadata, namespace, name} = reading
	const family = readFamily(root)
	const annotations = readChild(metadata, 'annotations')
	return {
		namespace,
		name,
		serviceName: readText(readChild(metadata, 'labels'), SERVICE_NAME_LABEL),
		family,
		ports: readPorts(reading),
		endpoints: family ? readEndpoints(reading, family) : NONE,
		triggeredAt: readTime(annotations.values[TRIGGER_TIME_ANNOTATION]),
		annotations: readAnnotations(reading),
		problems: reading.problems(),
	}
}

const readFamily = (root: Fields): Family | undefined => {
	const type = readRequiredText(root, 'addressType')
	switch (type) {
		case 'IPv4':
			return 'ipv4'
		case 'IPv6':
			return 'ipv6'
		case 'FQDN':
			return undefined
		default:
			throw new DecodeError(pathOf(root, 'addressType'), `none of IPv4, IPv6, FQDN: ${JSON.stringify(type)}`)
	}
}

/** RFC 3339 with any number of decimals. */
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/

const readTime = (value: unknown): number | undefined => {
	const time = typeof value === 'string' && TIME.test(value) ? Date.parse(value) : Number.NaN
	return Number.isNaN(time) ? undefined : time
}

const readPorts = (reading: Reading): readonly EndpointPort[] =>
	sharedPorts(
		readChildren(reading.root, 'ports').flatMap(fields => {
			const name = readOptionalText(fields, 'name')
			const port = readInteger(fields, 'port', PORT_OR_NONE_RANGE)
			if (name === undefined || !port) {
				return []
			}
			const protocol = readProtocol(reading, fields)
			return protocol ? {name: intern(name), protocol, port} : []
		}),
	)

const readEndpoints = (reading: Reading, family: Family): readonly Endpoint[] =>
	compact(readChildren(reading.root, 'endpoints').flatMap(fields => readEndpoint(reading, family, fields) ?? []))

/** Made in one piece: what is put together from several objects takes more memory. */
const readEndpoint = (reading: Reading, family: Family, fields: Fields): Endpoint | undefined => {
	const conditions = readChild(fields, 'conditions')
	const hints = readChild(fields, 'hints')
	const nodeName = intern(readText(fields, 'nodeName'))
	const zone = intern(readText(fields, 'zone'))
	const ready = readFlag(conditions, 'ready') ?? true
	const serving = readFlag(conditions, 'serving') ?? true
	const terminating = readFlag(conditions, 'terminating') ?? false
	const zoneHints = readHints(hints, 'forZones')
	const nodeHints = readHints(hints, 'forNodes')
	const address = readAddress(reading, family, fields)
	return address && {address, nodeName, zone, ready, serving, terminating, zoneHints, nodeHints}
}

const readAddress = (reading: Reading, family: Family, fields: Fields): Address | undefined => {
	const [text] = readTexts(fields, 'addresses')
	const path = `${pathOf(fields, 'addresses')}[0]`
	const address = text === undefined ? undefined : toAddress(reading, text, path)
	if (address && familyOf(address) !== family) {
		reading.skip(path, 'InvalidAddress', `${address} is not of the slice's address type; it is ignored`)
		return undefined
	}
	return address
}

const readHints = (hints: Fields, key: string): readonly string[] =>
	compact(readChildren(hints, key).map(fields => intern(readText(fields, 'name'))))
