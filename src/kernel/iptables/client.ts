import {FAMILIES, type Family} from '../../net/address.ts'
import type {Operation} from '../../plan/operation.ts'
import {copiesOf, type Ruleset, removableChains, type SavedTables} from '../../state/iptables.ts'
import type {ActualState} from '../../state/node-state.ts'
import {CommandError} from '../command-error.ts'
import type {Doors} from '../doors.ts'
import {parseSave} from './parse.ts'
import {renderRemoval, renderRestore} from './render.ts'
import {detectVariant, type Variant} from './variant.ts'

export type IptablesOperation = Extract<
	Operation,
	{readonly kind: 'release-sets' | 'restore-rules' | 'take-over-rules' | 'remove-leftovers' | 'remove-rules'}
>

/** Chains and rules, through one iptables-restore or iptables-save for each family. */
export class IptablesClient {
	readonly #doors: Doors
	#variant: Promise<Variant> | undefined

	constructor(doors: Doors, variant?: Variant) {
		this.#doors = doors
		this.#variant = variant && Promise.resolve(variant)
	}

	/** Which of the two back ends the node uses. */
	variant(): Promise<Variant> {
		this.#variant ??= detectVariant(this.#doors).catch(error => {
			this.#variant = undefined
			throw error
		})
		return this.#variant
	}

	async read(families: readonly Family[] = FAMILIES): Promise<Pick<ActualState, 'tables'>> {
		const tables = new Map<Family, SavedTables>()
		for (const family of families) {
			tables.set(family, parseSave(await this.#run(family, 'save', [])))
		}
		return {tables}
	}

	/** In the order given; each result is undefined for success. One restore is all or nothing. */
	async apply(operations: readonly IptablesOperation[]): Promise<readonly (CommandError | undefined)[]> {
		const results: (CommandError | undefined)[] = []
		for (const operation of operations) {
			results.push(await this.#applyOne(operation))
		}
		return results
	}

	async #applyOne(operation: IptablesOperation): Promise<CommandError | undefined> {
		const {family} = operation.ruleset
		try {
			const text =
				operation.kind === 'remove-rules' || operation.kind === 'remove-leftovers'
					? await this.#renderRemoval(operation.ruleset)
					: renderRestore(operation.ruleset, 'missing' in operation ? operation.missing : [])
			await this.#run(family, 'restore', ['--noflush', '-w', '5'], text)
			return undefined
		} catch (error) {
			if (error instanceof CommandError) {
				return error
			}
			throw error
		}
	}

	/**
	 * What there is of it is removed: deleting what is missing would fail the whole restore. So would deleting a chain
	 * that a rule of somebody else leads to, as CNI plugins do with KUBE-MARK-MASQ: such a chain stays as it is, and so
	 * do those that it leads to itself.
	 */
	async #renderRemoval(ruleset: Ruleset): Promise<string> {
		const saved = parseSave(await this.#run(ruleset.family, 'save', []))
		return renderRemoval(
			ruleset.jumps.flatMap(jump => copiesOf(saved, jump)),
			removableChains(saved, ruleset),
		)
	}

	async #run(family: Family, tool: 'save' | 'restore', args: readonly string[], stdin?: string): Promise<string> {
		const program = `${family === 'ipv4' ? 'iptables' : 'ip6tables'}-${await this.variant()}-${tool}`
		const {exitCode, stdout, stderr} = await this.#doors.exec.run(program, args, stdin)
		if (exitCode !== 0) {
			throw new CommandError(program, exitCode, stderr)
		}
		return stdout
	}
}
