import {formatObject} from '../plan/format-operation.ts'
import type {Operation, OperationKind} from '../plan/operation.ts'

/** One operation that the kernel refused; `add-virtual-server tcp 10.96.0.1:80 rr: EPERM`. */
export class KernelError extends Error {
	override readonly name = 'KernelError'
	readonly operation: OperationKind
	readonly object: string
	/** `EPERM`, `HASH_FULL`, `EXIT 2`, `LOST` where the answer got lost, `SKIPPED` where something that it stands on failed. */
	readonly code: string

	constructor(operation: Operation, code: string, detail?: string) {
		super(`${operation.kind} ${formatObject(operation)}: ${detail ?? code}`)
		this.operation = operation.kind
		this.object = formatObject(operation)
		this.code = code
	}
}
