import type {Node} from '../model/node.ts'
import {type Address, parseAddress} from '../net/address.ts'
import {type Prefix, parsePrefix} from '../net/prefix.ts'
import {type Fields, readChild, readChildren, readRequiredText, readText, readTexts} from './fields.ts'
import {intern} from './intern.ts'
import {type Reading, readObject} from './read-object.ts'
import {readAnnotations} from './read-values.ts'

const ZONE_LABEL = 'topology.kubernetes.io/zone'

/** A Node (core/v1) as JSON to the fields that are read of it; throws a DecodeError. Texts that are no address are left out. */
export const projectNode = (json: unknown): Node => readObject('Node', json, readNode)

const readNode = (reading: Reading): Node => {
	const {root, metadata, name} = reading
	const spec = readChild(root, 'spec')
	return {
		name,
		zone: intern(readText(readChild(metadata, 'labels'), ZONE_LABEL)),
		addresses: readAddresses(readChild(root, 'status')),
		podCIDRs: readPodCIDRs(spec),
		deleting: readText(metadata, 'deletionTimestamp') !== '',
		taints: readChildren(spec, 'taints').map(taint => readRequiredText(taint, 'key')),
		annotations: readAnnotations(reading),
	}
}

const readAddresses = (status: Fields): Address[] => {
	const all = readChildren(status, 'addresses').map(fields => ({
		type: readText(fields, 'type'),
		address: parseAddress(readText(fields, 'address')),
	}))
	return ['InternalIP', 'ExternalIP'].flatMap(wanted =>
		all.flatMap(({type, address}) => (type === wanted && address ? [address] : [])),
	)
}

const readPodCIDRs = (spec: Fields): Prefix[] => {
	const several = readTexts(spec, 'podCIDRs')
	const texts = several.length > 0 ? several : [readText(spec, 'podCIDR')]
	return texts.flatMap(text => parsePrefix(text) ?? [])
}
