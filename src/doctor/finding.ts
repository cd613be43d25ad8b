import {applyPlan} from '../kernel/apply.ts'
import type {Kernel} from '../kernel/kernel.ts'
import type {Operation} from '../plan/operation.ts'

/** Something that kube-lvs uses, and whether it is there. */
export interface Finding {
	/** `IPVS scheduler wrr`. */
	readonly what: string
	/** Without what is required, the node serves no Service. */
	readonly need: 'required' | 'optional'
	/** `not tried`: it could only have been with rights that this process does not have. */
	readonly state: 'ok' | 'missing' | 'not tried'
	/** What the kernel or a program said; empty where there is nothing to say. */
	readonly detail: string
	/** What is lost without it. */
	readonly without: string
	/** What to do about it. */
	readonly remedy: string
}

/** Something that kube-lvs uses. */
export type Subject = Pick<Finding, 'what' | 'need' | 'without' | 'remedy'>

/** It is there if `trouble` is undefined. */
export const found = (subject: Subject, trouble: string | undefined): Finding => ({
	what: subject.what,
	need: subject.need,
	state: trouble === undefined ? 'ok' : 'missing',
	detail: trouble ?? '',
	without: subject.without,
	remedy: subject.remedy,
})

export const notTried = (subject: Subject): Finding => ({...found(subject, undefined), state: 'not tried'})

/** A way to learn whether it is there, in a network namespace that is nobody's. */
export interface Trial {
	readonly subject: Subject
	/** Resolves with the trouble, undefined for none. */
	readonly run: (kernel: Kernel) => Promise<string | undefined>
}

/** Resolves with the code of the first operation that failed. */
export const tryOperations = async (kernel: Kernel, operations: readonly Operation[]): Promise<string | undefined> =>
	(await applyPlan(kernel, operations)).find(({error}) => error)?.error?.code

/** Where the kernel was built without it, or nobody has loaded it. Several modules have blanks between them. */
export const loadModule = (module: string, option: string): string =>
	`modprobe ${module.includes(' ') ? '-a ' : ''}${module}; if there is none, a kernel with ${option}`

/** Nothing that is required is missing. */
export const canServe = (findings: readonly Finding[]): boolean =>
	!findings.some(({need, state}) => need === 'required' && state === 'missing')
