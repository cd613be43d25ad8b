import type {ServiceCIDR} from '../model/service-cidr.ts'
import {parsePrefix} from '../net/prefix.ts'
import {DecodeError} from './decode-error.ts'
import {pathOf, readChild, readTexts} from './fields.ts'
import {type Reading, readObject} from './read-object.ts'

/**
 * A ServiceCIDR (networking.k8s.io/v1) as JSON to the fields that are read of it. Throws a DecodeError, also for a single
 * text that is no network: half of the two families is worse than what was known before.
 */
export const projectServiceCIDR = (json: unknown): ServiceCIDR => readObject('ServiceCIDR', json, readServiceCIDR)

const readServiceCIDR = ({root, name}: Reading): ServiceCIDR => {
	const spec = readChild(root, 'spec')
	const networks = readTexts(spec, 'cidrs').map((text, index) => {
		const prefix = parsePrefix(text)
		if (!prefix) {
			throw new DecodeError(`${pathOf(spec, 'cidrs')}[${index}]`, `${JSON.stringify(text)} is not a CIDR`)
		}
		return prefix
	})
	return {name, networks}
}
