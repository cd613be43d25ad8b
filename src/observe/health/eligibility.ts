import type {Node} from '../../model/node.ts'

/** The cluster autoscaler sets it before it deletes a node. */
const TO_BE_DELETED = 'ToBeDeletedByClusterAutoscaler'

/** Whether load balancers may send new connections here. A node that is about to go drains first. */
export const isEligible = (node: Node | undefined): boolean =>
	node !== undefined && !node.deleting && !node.taints.includes(TO_BE_DELETED)
