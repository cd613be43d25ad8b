import type {HealthCheck} from '../../state/service-state.ts'
import {type Answer, jsonAnswer} from '../http/answer.ts'

/**
 * What a load balancer is told that asks whether this node has endpoints of a Service (kube-proxy
 * healthcheck/service_health.go). The weight lets it send more to a node with more endpoints.
 */
export const answerHealthCheck = ({namespace, name, localEndpoints}: HealthCheck, isProxyHealthy: boolean): Answer => {
	const {status, headers, body} = jsonAnswer(
		localEndpoints > 0 && isProxyHealthy ? 200 : 503,
		{service: {namespace, name}, localEndpoints, serviceProxyHealthy: isProxyHealthy},
		'\t',
	)
	return {status, headers: {...headers, 'X-Load-Balancing-Endpoint-Weight': String(localEndpoints)}, body}
}
