import {type ObjectChange, type ObjectKey, type ObjectKind, objectKey} from '../model/object.ts'
import {projectEndpointSlice} from './project-endpoint-slice.ts'
import {projectNode} from './project-node.ts'
import {projectService} from './project-service.ts'
import {projectServiceCIDR} from './project-service-cidr.ts'

/** One object as JSON to a change; throws a DecodeError. */
export const decodeChange = (kind: ObjectKind, json: unknown): ObjectChange => {
	switch (kind) {
		case 'Service': {
			const object = projectService(json)
			return {kind, key: objectKey(object.namespace, object.name), object}
		}
		case 'EndpointSlice': {
			const object = projectEndpointSlice(json)
			return {kind, key: objectKey(object.namespace, object.name), object}
		}
		case 'Node': {
			const object = projectNode(json)
			return {kind, key: object.name, object}
		}
		case 'ServiceCIDR': {
			const object = projectServiceCIDR(json)
			return {kind, key: object.name, object}
		}
		default:
			throw kind satisfies never
	}
}

/** The object is gone. */
export const goneChange = (kind: ObjectKind, key: ObjectKey): ObjectChange => ({kind, key, object: undefined})
