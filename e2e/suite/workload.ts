import {fileURLToPath} from 'node:url'
import type {KubernetesObject} from '../scenario/objects.ts'

export const NAMESPACE = 'demo'

/** Pods echo on this port. */
export const POD_PORT = 8080

/** Seconds in which a pod that is asked to end serves on: longer than a service proxy takes to notice. */
export const GRACE = 8

/** The scripts of the tests stand in pods and nodes under the same path as here. */
export const SCRIPTS = fileURLToPath(new URL('../topology', import.meta.url)).replace(/\/$/, '')

export interface DeploymentSpec {
	readonly name: string
	readonly replicas: number
	/** On this node alone; spread over all if not given. */
	readonly node?: string
	/** Another one replaces all pods. */
	readonly version?: string
}

/** A Deployment whose pods say who they are. Its pods are replaced as many at once as there are. */
export const deployment = ({name, replicas, node, version = '1'}: DeploymentSpec): KubernetesObject => ({
	apiVersion: 'apps/v1',
	kind: 'Deployment',
	metadata: {name, namespace: NAMESPACE},
	spec: {
		replicas,
		selector: {matchLabels: {app: name}},
		strategy: {type: 'RollingUpdate', rollingUpdate: {maxSurge: '100%', maxUnavailable: 0}},
		template: {
			metadata: {labels: {app: name}, annotations: {version}},
			spec: {
				...(node ? {nodeSelector: {'kubernetes.io/hostname': node}} : {topologySpreadConstraints: [evenly(name)]}),
				terminationGracePeriodSeconds: 10 * GRACE,
				containers: [echoContainer()],
				volumes: [{name: 'scripts', hostPath: {path: SCRIPTS}}],
			},
		},
	},
})

/** Over the nodes that take pods, each generation on its own. */
const evenly = (name: string) => ({
	maxSkew: 1,
	topologyKey: 'kubernetes.io/hostname',
	whenUnsatisfiable: 'DoNotSchedule',
	nodeTaintsPolicy: 'Honor',
	labelSelector: {matchLabels: {app: name}},
	matchLabelKeys: ['pod-template-hash'],
})

/** It has Perl, and little else. */
export const IMAGE = 'debian:12-slim'

const echoContainer = () => ({
	name: 'echo',
	image: IMAGE,
	command: ['perl', `${SCRIPTS}/echo.pl`, '$(POD_NAME)', '0.0.0.0,::', String(POD_PORT)],
	env: [{name: 'POD_NAME', valueFrom: {fieldRef: {fieldPath: 'metadata.name'}}}],
	ports: [{containerPort: POD_PORT}],
	readinessProbe: {tcpSocket: {port: POD_PORT}, periodSeconds: 1},
	lifecycle: {preStop: {sleep: {seconds: GRACE}}},
	volumeMounts: [{name: 'scripts', mountPath: SCRIPTS, readOnly: true}],
})

export interface ServiceOptions {
	/** Whose pods serve; the Service's own name if not given. */
	readonly app?: string
	readonly annotations?: Readonly<Record<string, string>>
	readonly nodePort?: number
	/** Fields of `spec` besides, as they are. */
	readonly spec?: Readonly<Record<string, unknown>>
}

/** Where Services listen. */
export const PORT = 80

export const portsOf = (...protocols: readonly ('TCP' | 'UDP')[]) =>
	protocols.map(protocol => ({name: protocol.toLowerCase(), protocol, port: PORT, targetPort: POD_PORT}))

/** A dual-stack Service for TCP and UDP. */
export const service = (name: string, options: ServiceOptions = {}): KubernetesObject => ({
	apiVersion: 'v1',
	kind: 'Service',
	metadata: {name, namespace: NAMESPACE, ...(options.annotations ? {annotations: options.annotations} : {})},
	spec: {
		ipFamilyPolicy: 'RequireDualStack',
		selector: {app: options.app ?? name},
		ports: portsOf('TCP', 'UDP').map(port => (options.nodePort ? {...port, nodePort: options.nodePort} : port)),
		...options.spec,
	},
})
