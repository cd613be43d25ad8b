import type {Operation} from '../../plan/operation.ts'
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

	/** All sets of the namespace, foreign ones included. */
	async read(): Promise<Pick<ActualState, 'sets'>> {
		const {exitCode, stdout, stderr} = await this.#doors.exec.run('ipset', ['save'])
		if (exitCode !== 0) {
			throw new CommandError('ipset save', exitCode, stderr)
		}
		return {sets: parseSave(stdout)}
	}

	/**
	 * In the order given; each result is undefined for success. `-exist` makes adding what is there and deleting what is
	 * not a success. ipset stops at the line that fails, whose number it names: that operation has failed, and a further
	 * run does the rest.
	 */
	async apply(operations: readonly IpsetOperation[]): Promise<readonly (CommandError | undefined)[]> {
		const results: (CommandError | undefined)[] = []
		while (results.length < operations.length) {
			const rest = operations.slice(results.length)
			const rendered = renderRestore(rest)
			const outcome = await this.#doors.exec.run('ipset', ['restore', '-exist'], `${rendered.join('\n')}\n`)
			const failed = outcome.exitCode === 0 ? rest.length : failedAt(rendered, outcome.stderr)
			results.push(...rest.slice(0, failed).map(() => undefined))
			if (failed < rest.length) {
				results.push(new CommandError('ipset restore', outcome.exitCode, outcome.stderr))
			}
			if (outcome.exitCode === MISSING_PROGRAM) {
				return operations.map(() => new CommandError('ipset restore', outcome.exitCode, outcome.stderr))
			}
		}
		return results
	}
}

const MISSING_PROGRAM = 127

/** Which operation the line belongs to that ipset complains about; the first one where it names none. */
const failedAt = (rendered: readonly string[], stderr: string): number => {
	const line = Number(/error in line (\d+)/i.exec(stderr)?.[1] ?? 1)
	let lines = 0
	const at = rendered.findIndex(text => {
		lines += text.split('\n').length
		return lines >= line
	})
	return Math.max(at, 0)
}
