import {nodeObject} from '../scenario/objects.ts'
import type {ObjectsFolder} from '../scenario/objects-folder.ts'
import type {Node} from '../topology/hosts.ts'

const PODS = {clusterCIDR: '10.244.0.0/16,fd00:244::/56'}

/** The flags for a setting of docs/traffic.md: `field: value`, several with commas, or what is missing. */
export const flagsFor = (setting: string): readonly string[] => {
	const changes = setting
		.split(', ')
		.flatMap(text => (text.includes(': ') ? [text.split(': ') as [string, string]] : []))
	const fields = {...(setting === 'no clusterCIDR' ? {} : PODS), ...Object.fromEntries(changes)}
	return Object.entries(fields).flatMap(([field, value]) =>
		value === 'true' ? [flagOf(field)] : [flagOf(field), value],
	)
}

/** `detectLocalMode` is `--detect-local-mode`, `clusterCIDR` is `--cluster-cidr`. */
const flagOf = (field: string): string => `--${field.replace(/([a-z])([A-Z])/g, '$1-$2').toLowerCase()}`

/** The Node as the setting has it. */
export const applyNode = async (objects: ObjectsFolder, node: Node, setting: string): Promise<void> => {
	const object = nodeObject(node)
	await objects.apply(setting === 'no podCIDRs' ? {...object, spec: {}} : object)
}
