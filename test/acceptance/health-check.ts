import {DUAL_STACK, type KubernetesObject, port, service} from './objects.ts'
import type {World} from './world.ts'

/** A load balancer that asks at `healthCheckNodePort` which nodes have endpoints of `ns/s`. */
export const balanced = (healthCheckNodePort: number, spec: object = {}): KubernetesObject =>
	service(
		{
			type: 'LoadBalancer',
			externalTrafficPolicy: 'Local',
			healthCheckNodePort,
			ports: [port({nodePort: 30080})],
			...spec,
		},
		{ingress: [{ip: '203.0.113.5'}]},
	)

export const dualStack = (healthCheckNodePort: number): KubernetesObject => balanced(healthCheckNodePort, DUAL_STACK)

export interface HealthCheckReply {
	readonly status: number | undefined
	readonly weight: string | undefined
	readonly body: unknown
}

/** What the load balancer is told. */
export const askHealthCheck = async (world: World, address: string): Promise<HealthCheckReply> => {
	const answer = await world.http.ask(address)
	return {
		status: answer?.status,
		weight: answer?.headers['X-Load-Balancing-Endpoint-Weight'],
		body: JSON.parse(answer?.body ?? 'null'),
	}
}
