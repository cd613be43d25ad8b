import type {Operation} from '../../plan/operation.ts'
import {SET_DEFINITIONS} from '../../state/ipset.ts'
import type {ActualState} from '../../state/node-state.ts'
import {CommandError} from '../command-error.ts'
import type {Doors} from '../doors.ts'
import {parseSave} from './parse.ts'
import {renderRestore} from './render.ts'

export type IpsetOperation = Extract<
	Operation,
	{readonly kind: 'create-set' | 'replace-set' | 'destroy-set' | 'add-set-entry' | 'delete-set-entry'}
>

/** Sets, through one `ipset restore` or `ipset save` for any number of them. */
export class IpsetClient {
	readonly #doors: Doors

	constructor(doors: Doors) {
		this.#doors = doors
	}

	/**
	 * All sets of the namespace, foreign ones included. Where ipset cannot show them all, because the kernel knows a newer
	 * form of a set of somebody else, only those of our names.
	 */
	async read(): Promise<Pick<ActualState, 'sets'>> {
		const {exitCode, stdout, stderr} = await this.#doors.exec.run('ipset', ['save'])
		const text = exitCode === 0 ? stdout : await this.#saveOurs()
		if (text === undefined) {
			throw new CommandError('ipset save', exitCode, stderr)
		}
		return {sets: parseSave(text)}
	}

	/** Undefined when that does not work either. */
	async #saveOurs(): Promise<string | undefined> {
		const {exec} = this.#doors
		const {exitCode, stdout} = await exec.run('ipset', ['list', '-n'])
		const saved: string[] = []
		for (const name of stdout.split('\n').filter(name => SET_DEFINITIONS.has(name))) {
			const result = await exec.run('ipset', ['save', name])
			if (result.exitCode !== 0) {
				return undefined
			}
			saved.push(result.stdout)
		}
		return exitCode === 0 ? saved.join('') : undefined
	}

	/**
	 * In the order given; each result is undefined for success. `-exist` makes adding what is there and deleting what is
	 * not a success. ipset stops at the line that fails, whose number it names, and forgets some of the lines before it:
	 * so that operation has failed, and a further run does all the others again. Where no line is named, or when too many
	 * have failed to go on, all that is left has failed alike.
	 */
	async apply(operations: readonly IpsetOperation[]): Promise<readonly (CommandError | undefined)[]> {
		const failures = new Map<IpsetOperation, CommandError>()
		for (;;) {
			const rest = operations.filter(operation => !failures.has(operation))
			const failure = rest.length > 0 ? await this.#restore(rest) : undefined
			if (!failure) {
				return operations.map(operation => failures.get(operation))
			}
			const {culprit, error} = failure
			if (culprit === undefined || failures.size === MAX_FAILURES) {
				return operations.map(operation => failures.get(operation) ?? error)
			}
			failures.set(culprit, error)
		}
	}

	/** Undefined for success. */
	async #restore(
		operations: readonly IpsetOperation[],
	): Promise<{culprit: IpsetOperation | undefined; error: CommandError} | undefined> {
		const rendered = renderRestore(operations)
		const {exitCode, stderr} = await this.#doors.exec.run('ipset', ['restore', '-exist'], `${rendered.join('\n')}\n`)
		return exitCode === 0
			? undefined
			: {culprit: operations[failedAt(rendered, stderr)], error: new CommandError('ipset restore', exitCode, stderr)}
	}
}

/** Each costs a process that does everything again. */
const MAX_FAILURES = 20

/** Which operation the line belongs to that ipset complains about; -1 where it names none. */
const failedAt = (rendered: readonly string[], stderr: string): number => {
	const line = Number(/error in line (\d+)/i.exec(stderr)?.[1] ?? Number.POSITIVE_INFINITY)
	let lines = 0
	return rendered.findIndex(text => {
		lines += text.split('\n').length
		return lines >= line
	})
}
