import {FOUNDATION, type Operation, type OperationKind} from '../plan/operation.ts'
import {type Apply, applyAndAmend} from './amend.ts'
import {Dependencies} from './dependencies.ts'
import type {Kernel} from './kernel.ts'
import {KernelError} from './kernel-error.ts'
import type {MessageResult} from './netlink/batch.ts'
import {errnoName} from './netlink/netlink-error.ts'
import {SettingRefused} from './sysctl/setting-refused.ts'

/** What became of one operation; no error means that the kernel is now as the operation says. */
export interface Outcome {
	readonly operation: Operation
	readonly error?: KernelError
}

export interface FailedOutcome extends Outcome {
	readonly error: KernelError
}

export const isFailed = (outcome: Outcome): outcome is FailedOutcome => outcome.error !== undefined

/**
 * Applies a plan in its order. One failure does not hold up the others, unless they stand on it (`Dependencies`). The
 * outcomes are in the order of the plan. A kernel setting that this process may not write has none.
 */
export const applyPlan = async (
	kernel: Kernel,
	plan: readonly Operation[],
	dependencies = new Dependencies(),
): Promise<readonly Outcome[]> => {
	const outcomes: (readonly Outcome[])[] = []
	for (const run of runsOf(plan)) {
		const results = (await applyPossible(kernel, run, dependencies)).filter(({error}) => error?.code !== WITHHELD)
		for (const {operation, error} of results) {
			if (error) {
				dependencies.fail(operation)
			}
		}
		outcomes.push(results)
	}
	return outcomes.flat()
}

const applyPossible = async (kernel: Kernel, run: Run, dependencies: Dependencies): Promise<readonly Outcome[]> => {
	const possible = run.filter(operation => dependencies.areMet(operation))
	const done = await applyRun(kernel, possible)
	if (done.length === run.length) {
		return done
	}
	const results = done.values()
	return run.map(
		operation =>
			(dependencies.areMet(operation) ? results.next().value : undefined) ??
			failure(operation, 'SKIPPED', 'skipped, because what it stands on failed'),
	)
}

type Subsystem = 'sysctl' | 'addresses' | 'ipset' | 'iptables' | 'ipvs' | 'conntrack'

const SUBSYSTEMS: Readonly<Record<OperationKind, Subsystem>> = {
	'set-sysctl': 'sysctl',
	'create-device': 'addresses',
	'bind-vip': 'addresses',
	'unbind-vip': 'addresses',
	'delete-device': 'addresses',
	'create-steering': 'addresses',
	'delete-steering': 'addresses',
	'create-set': 'ipset',
	'replace-set': 'ipset',
	'add-set-entry': 'ipset',
	'delete-set-entry': 'ipset',
	'destroy-set': 'ipset',
	'release-sets': 'iptables',
	'restore-rules': 'iptables',
	'take-over-rules': 'iptables',
	'remove-leftovers': 'iptables',
	'remove-rules': 'iptables',
	'add-virtual-server': 'ipvs',
	'update-virtual-server': 'ipvs',
	'delete-virtual-server': 'ipvs',
	'add-real-server': 'ipvs',
	'update-real-server': 'ipvs',
	'drain-real-server': 'ipvs',
	'delete-real-server': 'ipvs',
	'delete-flows': 'conntrack',
}

type Run = readonly Operation[]

/** Neighbours of one subsystem are applied together; the foundation is kept apart from what stands on it. */
const runsOf = (plan: readonly Operation[]): readonly Run[] => {
	const runs: Operation[][] = []
	for (const operation of plan) {
		const run = runs.at(-1)
		if (run?.[0] && isTogether(run[0].kind, operation.kind)) {
			run.push(operation)
		} else {
			runs.push([operation])
		}
	}
	return runs
}

const isTogether = (a: OperationKind, b: OperationKind): boolean =>
	SUBSYSTEMS[a] === SUBSYSTEMS[b] && FOUNDATION.has(a) === FOUNDATION.has(b)

type Result = MessageResult | Error | undefined

const WITHHELD = 'WITHHELD'

const applyRun = async (kernel: Kernel, run: Run): Promise<readonly Outcome[]> => {
	const [first] = run
	if (!first) {
		return []
	}
	// The operations of a run are of the kinds of its subsystem, by the table above.
	const client = kernel[SUBSYSTEMS[first.kind]] as {apply: Apply<Result>}
	try {
		const results = await applyAndAmend(operations => client.apply(operations), run)
		return run.map((operation, at) => outcomeOf(operation, results[at]))
	} catch (error) {
		const detail = error instanceof Error ? error.message : String(error)
		return run.map(operation => failure(operation, codeOf(error), detail))
	}
}

const outcomeOf = (operation: Operation, result: Result): Outcome => {
	if (result === 'lost') {
		return failure(operation, 'LOST', 'the answer of the kernel got lost')
	}
	if (result instanceof SettingRefused) {
		return failure(operation, WITHHELD)
	}
	if (result instanceof Error) {
		return failure(operation, codeOf(result), result.message)
	}
	const code = result ? errnoName(result) : undefined
	return code === undefined || isDone(operation.kind, code) ? {operation} : failure(operation, code)
}

/** Verbs are idempotent here and nowhere else: to add what is there and to delete what is not is a success. */
const isDone = (kind: OperationKind, code: string): boolean => {
	if (kind.startsWith('add-') || kind.startsWith('create-') || kind === 'bind-vip') {
		return code === 'EEXIST'
	}
	if (kind.startsWith('delete-') || kind === 'unbind-vip') {
		return code === 'ENOENT' || code === 'ESRCH' || code === 'EADDRNOTAVAIL' || code === 'ENODEV'
	}
	return false
}

const failure = (operation: Operation, code: string, detail?: string): Outcome => ({
	operation,
	error: new KernelError(operation, code, detail),
})

const codeOf = (error: unknown): string =>
	error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'UNKNOWN'
