import type {IpvsOperation} from '../../plan/operation.ts'
import type {Encoded} from '../netlink/template.ts'
import * as k from './constants.ts'
import type {IpvsEncoder} from './encode.ts'

export const encodeOperation = (encoder: IpvsEncoder, operation: IpvsOperation): Encoded => {
	switch (operation.kind) {
		case 'add-virtual-server':
			return encoder.service(k.IPVS_CMD_NEW_SERVICE, operation.server)
		case 'update-virtual-server':
			return encoder.service(k.IPVS_CMD_SET_SERVICE, operation.server)
		case 'delete-virtual-server':
			return encoder.service(k.IPVS_CMD_DEL_SERVICE, operation.server)
		case 'add-real-server':
			return encoder.dest(k.IPVS_CMD_NEW_DEST, operation.server, operation.realServer)
		case 'update-real-server':
		case 'drain-real-server':
			return encoder.dest(k.IPVS_CMD_SET_DEST, operation.server, operation.realServer)
		case 'delete-real-server':
			return encoder.dest(k.IPVS_CMD_DEL_DEST, operation.server, operation.realServer)
		default:
			return operation satisfies never
	}
}
