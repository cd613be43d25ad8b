import {readFileSync} from 'node:fs'
import {parse, parseAllDocuments} from 'yaml'
import type {KubernetesObject} from './schemas.ts'

/** The objects of a YAML stream. */
export const parseObjects = (text: string): readonly KubernetesObject[] =>
	parseAllDocuments(text)
		.map(document => document.toJS() as KubernetesObject | null)
		.filter(object => object !== null)

/** The only object of a kind, dashboards aside; throws when there is none, or more than one. */
export const only = <Kind extends KubernetesObject>(objects: readonly KubernetesObject[], kind: string): Kind => {
	const found = objects.filter(object => object.kind === kind && !object.metadata.name.endsWith('-dashboard'))
	if (found.length !== 1) {
		throw new Error(`${found.length} objects of kind ${kind}`)
	}
	return found[0] as Kind
}

export const API_SERVERS = {apiServers: ['https://192.0.2.10:6443']}

/** Every value of the chart, each other than its default. */
export const EVERYTHING: Readonly<Record<string, unknown>> = parse(
	readFileSync(new URL('everything.yaml', import.meta.url), 'utf8'),
)

/** A cluster with the Prometheus operator. */
export const MONITORED = ['monitoring.coreos.com/v1']
