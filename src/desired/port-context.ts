import type {ServiceSettings} from '../annotations/fields.ts'
import type {Config} from '../config/fields.ts'
import type {PortEndpoint} from '../model/endpoints.ts'
import type {NodeContext} from '../model/node-context.ts'
import type {Service, ServicePort} from '../model/service.ts'
import type {Family} from '../net/address.ts'
import type {Weights} from './weights.ts'

/** One service port in one family, with all that bears on it. */
export interface PortContext {
	readonly service: Service
	/** What its annotations say. */
	readonly settings: ServiceSettings
	readonly port: ServicePort
	readonly family: Family
	readonly endpoints: readonly PortEndpoint[]
	/** Of all its endpoints. */
	readonly weights: Weights
	/** It stands for all ports of the Service: the real servers have port 0. */
	readonly isGroup?: true
	readonly node: NodeContext
	readonly config: Config
}
