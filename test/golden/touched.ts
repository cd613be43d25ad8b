import type {Operation} from '../../src/plan/operation.ts'

/** How the line of state.txt begins that an operation changes; undefined where no line stands for it alone. */
export const lineStart = (operation: Operation): string | undefined => {
	switch (operation.kind) {
		case 'add-virtual-server':
		case 'update-virtual-server':
		case 'delete-virtual-server':
			return `vs ${operation.server.key} `
		case 'add-real-server':
		case 'update-real-server':
		case 'drain-real-server':
		case 'delete-real-server':
			return `rs ${operation.server.key} -> ${operation.realServer.key} `
		case 'bind-vip':
		case 'unbind-vip':
			return `vip ${operation.address} `
		case 'add-set-entry':
		case 'delete-set-entry':
			return `set ${operation.definition.name} ${operation.entry} `
		case 'create-set':
		case 'replace-set':
			return `setdef ${operation.definition.name} `
		case 'delete-device':
			return 'vip '
		default:
			return undefined
	}
}
