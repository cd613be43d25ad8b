import {FAMILIES, type Family, familyOf} from '../net/address.ts'
import {SET_DEFINITIONS} from '../state/ipset.ts'
import {listenFamily} from '../state/ipvs.ts'
import type {Operation} from './operation.ts'

/** The families that an operation is for; both for what knows no family. */
export const familiesOf = (operation: Operation): readonly Family[] => {
	switch (operation.kind) {
		case 'create-set':
		case 'replace-set':
		case 'add-set-entry':
		case 'delete-set-entry':
			return [operation.definition.family]
		case 'release-sets':
		case 'restore-rules':
		case 'take-over-rules':
		case 'remove-leftovers':
		case 'remove-rules':
			return [operation.ruleset.family]
		case 'add-virtual-server':
		case 'update-virtual-server':
		case 'delete-virtual-server':
		case 'add-real-server':
		case 'update-real-server':
		case 'drain-real-server':
		case 'delete-real-server':
			return [listenFamily(operation.server.listen)]
		case 'bind-vip':
		case 'unbind-vip':
			return [familyOf(operation.address)]
		case 'create-steering':
		case 'delete-steering':
			return [operation.part.family]
		case 'delete-flows':
			return [familyOf(operation.flow.vip)]
		case 'destroy-set':
			return [SET_DEFINITIONS.get(operation.name)?.family ?? 'ipv4']
		default:
			return FAMILIES
	}
}
