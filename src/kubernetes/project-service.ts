import {compact} from '../compact.ts'
import type {Service, ServicePort, ServiceType, TrafficPolicy} from '../model/service.ts'
import {type Address, type Family, familyOf} from '../net/address.ts'
import {type Prefix, parsePrefix, prefixFamily} from '../net/prefix.ts'
import {DecodeError} from './decode-error.ts'
import {
	type Fields,
	PORT_OR_NONE_RANGE,
	PORT_RANGE,
	pathOf,
	readChild,
	readChildren,
	readInteger,
	readOptionalText,
	readText,
	readTexts,
} from './fields.ts'
import {intern} from './intern.ts'
import {type Reading, readObject} from './read-object.ts'
import {readAddresses, readAnnotations, readPrefixes, readProtocol, toAddress} from './read-values.ts'

/** On such a Service another proxy is at work. */
export const PROXY_NAME_LABEL = 'service.kubernetes.io/service-proxy-name'

const DEFAULT_AFFINITY_SECONDS = 10_800
const AFFINITY_RANGE = {min: 1, max: 2 ** 31 - 1}

/** A Service (core/v1) as JSON to the fields that are read of it; throws a DecodeError. */
export const projectService = (json: unknown): Service => readObject('Service', json, readService)

const readService = (reading: Reading): Service => {
	const {root, metadata, namespace, name, uid} = reading
	const spec = readChild(root, 'spec')
	const status = readChild(readChild(root, 'status'), 'loadBalancer')
	return {
		namespace,
		name,
		uid,
		createdAt: Date.parse(readText(metadata, 'creationTimestamp')) || 0,
		type: readType(spec),
		clusterIPs: compact(readClusterIPs(reading, spec)),
		ports: compact(readPorts(reading, spec)),
		externalIPs: compact(readAddresses(reading, spec, 'externalIPs')),
		loadBalancerIPs: compact(readLoadBalancerIPs(reading, status)),
		loadBalancerSourceRanges: compact(readSourceRanges(reading, spec)),
		affinitySeconds: readAffinity(spec),
		externalTrafficPolicy: readPolicy(spec, 'externalTrafficPolicy'),
		internalTrafficPolicy: readPolicy(spec, 'internalTrafficPolicy'),
		healthCheckNodePort: readInteger(spec, 'healthCheckNodePort', PORT_OR_NONE_RANGE) ?? 0,
		proxyName: readOptionalText(readChild(metadata, 'labels'), PROXY_NAME_LABEL),
		annotations: readAnnotations(reading),
		problems: reading.problems(),
	}
}

const readType = (spec: Fields): ServiceType => {
	const type = readText(spec, 'type') || 'ClusterIP'
	switch (type) {
		case 'ClusterIP':
		case 'NodePort':
		case 'LoadBalancer':
		case 'ExternalName':
			return type
		default:
			throw new DecodeError(pathOf(spec, 'type'), `no type of Service: ${JSON.stringify(type)}`)
	}
}

const isAddressText = (text: string): boolean => text !== '' && text !== 'None'

/** `clusterIPs`, or `clusterIP` where that list is empty; where `ipFamilies` is set, of the family at the same index. */
const readClusterIPs = (reading: Reading, spec: Fields): Address[] => {
	const single = readText(spec, 'clusterIP')
	if (single === 'None') {
		return []
	}
	const several = readTexts(spec, 'clusterIPs')
	const families = readTexts(spec, 'ipFamilies')
	const found = several.length > 0 ? several : [single]
	return found.flatMap((text, index) => {
		if (!isAddressText(text)) {
			return []
		}
		const path = several.length > 0 ? `${pathOf(spec, 'clusterIPs')}[${index}]` : pathOf(spec, 'clusterIP')
		const address = toAddress(reading, text, path)
		if (address && families.length > 0 && families[index] !== FAMILY_NAMES[familyOf(address)]) {
			reading.skip(path, 'InvalidAddress', `${address} is not of the family in spec.ipFamilies; it is ignored`)
			return []
		}
		return address ?? []
	})
}

const FAMILY_NAMES = {ipv4: 'IPv4', ipv6: 'IPv6'} as const

/** Of two ports with one name and protocol the last one counts. */
const readPorts = (reading: Reading, spec: Fields): ServicePort[] => {
	const ports = new Map<string, {readonly port: ServicePort; readonly path: string}>()
	for (const fields of readChildren(spec, 'ports')) {
		const port = readPort(reading, fields)
		if (port) {
			const key = `${port.protocol} ${port.name}`
			const earlier = ports.get(key)
			if (earlier) {
				const message = `${fields.path} has the same name and protocol; this one is ignored`
				reading.skip(`${earlier.path}.name`, 'InvalidPort', message)
			}
			ports.set(key, {port, path: fields.path})
		}
	}
	return [...ports.values()].map(({port}) => port)
}

const readPort = (reading: Reading, fields: Fields): ServicePort | undefined => {
	const port = readInteger(fields, 'port', PORT_RANGE)
	if (port === undefined) {
		throw new DecodeError(pathOf(fields, 'port'), 'a port of a Service needs a number')
	}
	const nodePort = readInteger(fields, 'nodePort', PORT_OR_NONE_RANGE) ?? 0
	const name = intern(readText(fields, 'name'))
	const protocol = readProtocol(reading, fields)
	return protocol && {name, protocol, port, nodePort}
}

/** An entry whose load balancer sends packets on as a proxy, or that has a host name only, is no VIP of ours. */
const readLoadBalancerIPs = (reading: Reading, loadBalancer: Fields): Address[] =>
	readChildren(loadBalancer, 'ingress').flatMap(fields => {
		const text = readText(fields, 'ip')
		const mode = readText(fields, 'ipMode') || 'VIP'
		return text !== '' && mode === 'VIP' ? (toAddress(reading, text, pathOf(fields, 'ip')) ?? []) : []
	})

/** Nobody has such a source address. */
const NOBODY = {
	ipv4: {address: '255.255.255.255' as Address, length: 32},
	ipv6: {address: 'ff00::' as Address, length: 128},
} as const satisfies Record<Family, Prefix>

/** Where none of a family can be read, that family is closed: without any it would be open to everybody. */
const readSourceRanges = (reading: Reading, spec: Fields): readonly Prefix[] => {
	const key = 'loadBalancerSourceRanges'
	const ranges = readPrefixes(reading, spec, key)
	const unread = readTexts(spec, key).filter(text => !parsePrefix(text))
	const families = new Set(unread.map((text): Family => (text.includes(':') ? 'ipv6' : 'ipv4')))
	return [...ranges, ...[...families.difference(new Set(ranges.map(prefixFamily)))].map(family => NOBODY[family])]
}

const readAffinity = (spec: Fields): number | undefined => {
	if (readText(spec, 'sessionAffinity') !== 'ClientIP') {
		return undefined
	}
	const clientIP = readChild(readChild(spec, 'sessionAffinityConfig'), 'clientIP')
	return readInteger(clientIP, 'timeoutSeconds', AFFINITY_RANGE) ?? DEFAULT_AFFINITY_SECONDS
}

const readPolicy = (spec: Fields, key: string): TrafficPolicy => (readText(spec, key) === 'Local' ? 'Local' : 'Cluster')
