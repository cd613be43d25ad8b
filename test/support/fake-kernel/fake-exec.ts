import type {ExecDoor, ExecResult} from '../../../src/kernel/doors.ts'
import type {FakeIptables} from './fake-iptables.ts'
import type {Faults} from './faults.ts'

/** One program that was run. */
export interface ProcessRun {
	readonly program: string
	readonly args: readonly string[]
	readonly stdin: string
}

/** Programs, each a function on the state of the fake kernel. */
export class FakeExec implements ExecDoor {
	/** Every run, in order. */
	readonly runs: ProcessRun[] = []
	/** As if they were not installed: exit code 127. */
	readonly missing = new Set<string>()
	/** What `--version` says. */
	readonly versions = {iptables: 'iptables v1.8.9 (nf_tables)'}
	readonly #iptables: FakeIptables
	readonly #faults: Faults

	constructor(iptables: FakeIptables, faults: Faults) {
		this.#iptables = iptables
		this.#faults = faults
	}

	readonly run = async (program: string, args: readonly string[], stdin = ''): Promise<ExecResult> => {
		this.runs.push({program, args, stdin})
		return this.#faults.execFor(program) ?? this.#runNow(program, args, stdin)
	}

	#runNow(program: string, args: readonly string[], stdin: string): ExecResult {
		if (this.missing.has(program)) {
			return NOT_FOUND
		}
		if (args[0] === '--version') {
			return {exitCode: 0, stdout: `${this.versions.iptables}\n`, stderr: ''}
		}
		return program === 'modprobe'
			? {exitCode: 0, stdout: '', stderr: ''}
			: (this.#iptables.run(program, args, stdin) ?? NOT_FOUND)
	}
}

const NOT_FOUND: ExecResult = {exitCode: 127, stdout: '', stderr: ''}
