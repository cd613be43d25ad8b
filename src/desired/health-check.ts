import {isLocal} from '../model/chosen-endpoints.ts'
import {isExternallyLocal, type Service} from '../model/service.ts'
import type {Family} from '../net/address.ts'
import {setName} from '../state/ipset.ts'
import type {HealthCheck, SetMember} from '../state/service-state.ts'
import type {PortContext} from './port-context.ts'

/** Only load balancers of Services with externalTrafficPolicy Local ask (kube-proxy healthcheck/service_health.go). */
export const healthCheckOf = (
	service: Service,
	family: Family,
	ports: readonly PortContext[],
): HealthCheck | undefined => {
	const {namespace, name, uid, type, healthCheckNodePort: port} = service
	if (type !== 'LoadBalancer' || !isExternallyLocal(service) || port === 0) {
		return undefined
	}
	const ready = ports
		.filter(context => context.family === family)
		.flatMap(({endpoints, node}) => endpoints.filter(endpoint => endpoint.ready && isLocal(endpoint, node.name)))
	return {family, port, namespace, name, uid, localEndpoints: new Set(ready.map(({address}) => address)).size}
}

/** The port is let through to the server that answers on it. */
export const healthCheckMembers = (checks: readonly HealthCheck[]): readonly SetMember[] =>
	checks.map(({family, port}) => ({set: setName('HEALTH-CHECK-NODE-PORT', family), entry: String(port)}))
