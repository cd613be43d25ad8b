import type {ExecResult} from '../../../src/kernel/doors.ts'
import type {Family} from '../../../src/net/address.ts'
import {RestoreTrouble, restoreTables} from './iptables-restore.ts'
import {copyTable, type FakeTables, renderTables, setsIn} from './iptables-tables.ts'

export type Variant = 'legacy' | 'nft'

/** `iptables-nft-save` taken apart. */
const PROGRAM = /^(ip6?tables)-(legacy|nft)(?:-(save|restore))?$/

/**
 * The programs of both back ends for both families. `variant` is the one that the node uses: with `legacy` the kernel
 * has no nf_tables at all, with `nft` legacy works as well, and has tables of its own.
 */
export class FakeIptables {
	readonly variant: Variant
	readonly #hasSet: (name: string) => boolean
	readonly #tables: Readonly<Record<`${Family} ${Variant}`, FakeTables>> = {
		'ipv4 legacy': new Map(),
		'ipv6 legacy': new Map(),
		'ipv4 nft': new Map(),
		'ipv6 nft': new Map(),
	}

	constructor(variant: Variant, hasSet: (name: string) => boolean) {
		this.variant = variant
		this.#hasSet = hasSet
	}

	/** Tables by name, with their chains by name. */
	tables(family: Family, variant: Variant = this.variant): FakeTables {
		return this.#tables[`${family} ${variant}`]
	}

	rules(family: Family, table: string, chain: string): readonly string[] {
		return this.tables(family).get(table)?.get(chain)?.rules ?? []
	}

	isSetUsed(name: string): boolean {
		return Object.values(this.#tables).some(tables => setsIn(tables).has(name))
	}

	/** Restores this text as some other program would. */
	load(family: Family, text: string, variant: Variant = this.variant): void {
		restoreTables(this.tables(family, variant), text, this.#hasSet)
	}

	/** Undefined for a program that is none of iptables. */
	run(program: string, args: readonly string[], stdin = ''): ExecResult | undefined {
		const [, base, variant, tool] = PROGRAM.exec(program) ?? []
		if (!base || !variant) {
			return undefined
		}
		if (variant === 'nft' && this.variant === 'legacy') {
			return failed(program, 'TABLE_ADD failed (Operation not supported): table nat', 1)
		}
		const tables = this.tables(base === 'iptables' ? 'ipv4' : 'ipv6', variant as Variant)
		switch (tool) {
			case 'save':
				return ok(renderTables(tables))
			case 'restore':
				return this.#restore(program, tables, args, stdin)
			default:
				return args.includes('-S') ? ok('-P POSTROUTING ACCEPT\n') : failed(program, 'no command specified', 2)
		}
	}

	#restore(program: string, tables: FakeTables, args: readonly string[], stdin: string): ExecResult {
		if (!args.includes('--noflush')) {
			return failed(program, 'a restore without --noflush would empty the tables of everybody', 2)
		}
		const target: FakeTables = args.includes('--test')
			? new Map([...tables].map(([name, table]) => [name, copyTable(table)]))
			: tables
		try {
			restoreTables(target, stdin, this.#hasSet)
			return ok('')
		} catch (error) {
			if (error instanceof RestoreTrouble) {
				return failed(program, error.message, error.exitCode)
			}
			throw error
		}
	}
}

const ok = (stdout: string): ExecResult => ({exitCode: 0, stdout, stderr: ''})

const failed = (program: string, words: string, exitCode: number): ExecResult => ({
	exitCode,
	stdout: '',
	stderr: `${program} v1.8.9: ${words}\n`,
})
