import type {Registry} from 'prom-client'
import type {Config} from '../../config/fields.ts'
import {formatPrefix, type Prefix} from '../../net/prefix.ts'
import {type Answerer, jsonAnswer, textAnswer} from '../http/answer.ts'

/** What `metricsBindAddress` serves. */
export const metricsAnswerer =
	(registry: Registry, config: Config): Answerer =>
	async path => {
		switch (path) {
			case '/metrics':
				return textAnswer(await registry.metrics(), registry.contentType)
			case '/healthz':
				return textAnswer('ok')
			case '/proxyMode':
				return textAnswer('ipvs')
			case '/configz':
				return jsonAnswer(200, formatConfig(config))
			default:
				return undefined
		}
	}

/** The configuration in effect; networks as they are written, durations in milliseconds. */
const formatConfig = (config: Config): unknown =>
	JSON.parse(JSON.stringify(config, (_, value) => (isPrefix(value) ? formatPrefix(value) : value)))

const isPrefix = (value: unknown): value is Prefix =>
	typeof value === 'object' && value !== null && 'length' in value && 'address' in value
