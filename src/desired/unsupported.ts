import type {Problem} from '../model/problem.ts'
import type {Service} from '../model/service.ts'

/** What a Service asks for and does not get yet; better said than found out by an accident. */
export const unsupportedIn = (service: Service): readonly Problem[] => {
	const {namespace, name, uid} = service
	const problem = (field: string, message: string): Problem => ({
		object: {kind: 'Service', namespace, name, uid},
		field,
		reason: 'NotSupported',
		message,
	})
	return [
		...(service.externalTrafficPolicy === 'Local' && service.type !== 'ClusterIP'
			? [problem('spec.externalTrafficPolicy', 'Local is not supported yet; treated as Cluster')]
			: []),
		...(service.internalTrafficPolicy === 'Local'
			? [problem('spec.internalTrafficPolicy', 'Local is not supported yet; treated as Cluster')]
			: []),
		...(service.loadBalancerSourceRanges.length > 0 && service.loadBalancerIPs.length > 0
			? [problem('spec.loadBalancerSourceRanges', 'not supported yet; everybody is let in')]
			: []),
	]
}
