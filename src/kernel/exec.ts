import {randomUUID} from 'node:crypto'
import {execa, type ResultPromise} from 'execa'
import type {ExecDoor, ExecResult} from './doors.ts'

/** Environment variables beside those of this process. */
export type Variables = Readonly<Record<string, string>>

/** Exit code of a program that took too long, as timeout(1) has it. */
const TIMED_OUT = 124
const TIMEOUT_MILLISECONDS = 60_000

/**
 * Runs programs from a shell that is started once and waits: to start one from here, the kernel would copy the page
 * tables of this process, and copy or at least touch every page that is written after that. One program at a time. A
 * missing one has the exit code 127, as shells have it.
 */
export const createExec = (timeout = TIMEOUT_MILLISECONDS, variables: Variables = {}): ExecDoor => {
	let shell: Shell | undefined
	let turn: Promise<unknown> = Promise.resolve()
	return {
		run: (program, args, stdin = '') => {
			const result = turn.then(() => {
				shell = shell?.isAlive ? shell : new Shell(variables)
				return shell.run([program, ...args], stdin, timeout)
			})
			turn = result.catch(() => undefined)
			return result
		},
	}
}

/** Ends when this process does, because its input ends then. */
class Shell {
	readonly #process: ResultPromise<ReturnType<typeof optionsWith>>
	/** No program knows it, so that none can print it. */
	readonly #mark = `end-${randomUUID()}`
	readonly #streams = {stdout: '', stderr: ''}
	#onOutput: () => void = () => undefined
	#isAlive = true
	#cause = ''

	constructor(variables: Variables) {
		this.#process = execa('sh', ['-s'], optionsWith(variables))
		const {stdout, stderr, stdin} = this.#process
		for (const [name, stream] of Object.entries({stdout, stderr}) as ['stdout' | 'stderr', typeof stdout][]) {
			stream.setEncoding('utf8').on('data', (text: string) => {
				this.#streams[name] += text
				this.#onOutput()
			})
		}
		// It says the same as the end of the process.
		stdin.on('error', () => undefined)
		void this.#process.then(({shortMessage = 'sh has ended'}) => {
			this.#isAlive = false
			this.#cause = shortMessage
			this.#onOutput()
		})
		this.#hold(false)
	}

	get isAlive(): boolean {
		return this.#isAlive
	}

	async run(words: readonly string[], stdin: string, timeout: number): Promise<ExecResult> {
		this.#hold(true)
		let isLate = false
		const timer = setTimeout(() => {
			isLate = true
			this.#kill()
		}, timeout)
		this.#process.stdin.write(this.#render(words, stdin))
		const result = await new Promise<ExecResult>(resolve => {
			this.#onOutput = () => {
				const result = this.#take() ?? (this.#isAlive ? undefined : this.#broken(isLate))
				result && resolve(result)
			}
			this.#onOutput()
		})
		clearTimeout(timer)
		this.#onOutput = () => undefined
		this.#hold(false)
		return result
	}

	/** Both streams end in a line with the mark, after which nothing more comes; that of stdout has the exit code. */
	#render(words: readonly string[], stdin: string): string {
		const command = words.map(quoted).join(' ')
		// Not as a here-document: dash loses some bytes there that are no ASCII.
		const fed = stdin === '' ? `${command} </dev/null` : `printf '${escaped(stdin)}' 2>/dev/null | ${command}`
		return `${fed}\nprintf '\\n%s %s\\n' ${this.#mark} "$?"; printf '\\n%s\\n' ${this.#mark} >&2\n`
	}

	#take(): ExecResult | undefined {
		const {stdout, stderr} = this.#streams
		const end = `\n${this.#mark}`
		const [outAt, errAt] = [stdout.lastIndexOf(end), stderr.lastIndexOf(end)]
		if (outAt < 0 || errAt < 0 || !stdout.endsWith('\n') || !stderr.endsWith('\n')) {
			return undefined
		}
		this.#streams.stdout = ''
		this.#streams.stderr = ''
		const exitCode = Number(stdout.slice(outAt + end.length))
		return {exitCode, stdout: stdout.slice(0, outAt), stderr: stderr.slice(0, errAt)}
	}

	#broken(isLate: boolean): ExecResult {
		const {stdout, stderr} = this.#streams
		return {exitCode: isLate ? TIMED_OUT : 1, stdout, stderr: stderr || this.#cause}
	}

	/** With the program that it runs. */
	#kill(): void {
		try {
			process.kill(-(this.#process.pid ?? 0), 'SIGKILL')
		} catch {
			// It has ended meanwhile.
		}
	}

	/** While it has nothing to do it does not keep this process from ending. */
	#hold(isHeld: boolean): void {
		const {nodeChildProcess, stdin, stdout, stderr} = this.#process
		for (const handle of [nodeChildProcess, stdin, stdout, stderr] as readonly {ref?(): void; unref?(): void}[]) {
			isHeld ? handle.ref?.() : handle.unref?.()
		}
	}
}

const optionsWith = (variables: Variables) =>
	({
		reject: false,
		buffer: false,
		stdin: 'pipe',
		// A signal to us lets the sync under way end, and with it its programs; so it has a group of its own.
		cleanup: false,
		detached: true,
		// Whatever the node's locale is, the words that are looked for stay English.
		env: {...variables, LC_ALL: 'C'},
	}) as const

/**
 * As the format of printf(1): whatever may mean something there or to the shell, a dash that would begin an option, and
 * each byte beyond ASCII, in octal.
 */
const escaped = (text: string): string =>
	Buffer.from(text)
		.toString('latin1')
		.replaceAll(/^-|[^ -~]|[%'\\]/g, byte => `\\${byte.charCodeAt(0).toString(8).padStart(3, '0')}`)

const quoted = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`
