import * as monitoring from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1'
import * as admissionregistration from 'kubernetes-models/admissionregistration.k8s.io/v1'
import * as apps from 'kubernetes-models/apps/v1'
import * as networking from 'kubernetes-models/networking.k8s.io/v1'
import * as rbac from 'kubernetes-models/rbac.authorization.k8s.io/v1'
import * as core from 'kubernetes-models/v1'
import {watchReads} from './watch-reads.ts'

/** An object of Kubernetes as it stands in YAML. */
export interface KubernetesObject {
	readonly apiVersion: string
	readonly kind: string
	readonly metadata: {
		readonly name: string
		readonly namespace?: string
		readonly labels?: Readonly<Record<string, string>>
	}
}

/** The class of a kind. */
interface Model {
	readonly prototype: {readonly validate: (this: object) => void}
}

/** By apiVersion: a class for each kind, which checks against the schema that Kubernetes, or its operator, publishes. */
const MODELS: Readonly<Record<string, object>> = {
	v1: core,
	'admissionregistration.k8s.io/v1': admissionregistration,
	'apps/v1': apps,
	'monitoring.coreos.com/v1': monitoring,
	'networking.k8s.io/v1': networking,
	'rbac.authorization.k8s.io/v1': rbac,
}

/**
 * What is wrong with an object: a wrong type, something missing, a field that does not exist. The schemas let unknown
 * fields pass, as the API server does by default; but no validator ever reads one, so what is not read is not known.
 */
export const problemsOf = (object: KubernetesObject): readonly string[] => {
	const {apiVersion, kind, metadata} = object
	const name = `${kind} ${metadata?.name}`
	const Kind = (MODELS[apiVersion] as Readonly<Record<string, Model>> | undefined)?.[kind]
	if (!Kind) {
		return [`${name}: no schema for ${apiVersion}`]
	}
	const {watched, unread} = watchReads(object)
	try {
		Kind.prototype.validate.call(watched)
	} catch (error) {
		return [`${name}: ${(error as Error).message}`]
	}
	return unread().map(path => `${name}: ${path} does not exist`)
}
