import type {KubernetesObject} from '../../scenario/objects.ts'

const FIRST_NUMBER = 10

/** The Services of an API server, which gives each its addresses. */
export class Services {
	readonly #objects = new Map<string, KubernetesObject>()
	#next = FIRST_NUMBER

	/** As it is stored: addresses and status stay through changes. */
	put(object: KubernetesObject): KubernetesObject {
		const {name} = object.metadata
		const before = this.#objects.get(name)
		const {type = 'ClusterIP', ...spec} = object.spec as {readonly type?: string; readonly clusterIP?: string}
		const addresses =
			type === 'ExternalName' || spec.clusterIP === 'None' ? {} : (addressesOf(before) ?? allocate(this.#next++))
		const stored = {
			...object,
			spec: {...spec, type, ...addresses},
			status: object.status ?? before?.status ?? {loadBalancer: {}},
		}
		this.#objects.set(name, stored)
		return stored
	}

	get(name: string): KubernetesObject {
		const found = this.#objects.get(name)
		if (!found) {
			throw new Error(`no Service ${name}`)
		}
		return found
	}

	delete(name: string): void {
		this.#objects.delete(name)
	}

	all(): readonly KubernetesObject[] {
		return [...this.#objects.values()]
	}
}

const addressesOf = (service: KubernetesObject | undefined) => {
	const {clusterIP, clusterIPs, ipFamilies} = (service?.spec ?? {}) as Partial<ReturnType<typeof allocate>>
	return clusterIP && clusterIPs && ipFamilies && clusterIP !== 'None' ? {clusterIP, clusterIPs, ipFamilies} : undefined
}

const allocate = (number: number) => {
	const clusterIP = `10.96.0.${number}`
	return {clusterIP, clusterIPs: [clusterIP, `fd00:96::${number.toString(16)}`], ipFamilies: ['IPv4', 'IPv6']}
}
