import {mkdir, mkdtemp, readFile, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {delimiter, join} from 'node:path'

/** One call of a program. */
export interface RecordedCall {
	readonly program: string
	readonly args: readonly string[]
	/** Nothing where it was not told to read any. */
	readonly stdin: string
}

/** What a program prints to calls whose line, program first, fits. */
export type RecordedAnswer = readonly [fits: string, output: string]

/** Programs on the PATH that write down how they are called, and answer as real ones have been recorded to. */
export class RecordedTools {
	readonly #folder: string
	readonly #path = process.env.PATH

	private constructor(folder: string) {
		this.#folder = folder
	}

	static async install(programs: readonly string[], answers: readonly RecordedAnswer[]): Promise<RecordedTools> {
		const folder = await mkdtemp(join(tmpdir(), 'kube-lvs-recorded-'))
		const tools = new RecordedTools(folder)
		await mkdir(join(folder, 'bin'))
		await writeFile(join(folder, 'calls'), '')
		await Promise.all([
			...programs.map(program => writeFile(join(folder, 'bin', program), scriptIn(folder), {mode: 0o755})),
			writeFile(join(folder, 'answers'), answers.map(([fits, output]) => `${fits}\n${output}`).join(END)),
		])
		process.env.PATH = [join(folder, 'bin'), process.env.PATH].join(delimiter)
		return tools
	}

	async calls(): Promise<readonly RecordedCall[]> {
		const text = await readFile(join(this.#folder, 'calls'), 'utf8')
		return text
			.split(END)
			.slice(0, -1)
			.map(call => {
				const [words = '', stdin = ''] = call.split(INPUT)
				const [program = '', ...args] = words.split(WORD)
				return {program, args, stdin}
			})
	}

	async remove(): Promise<void> {
		process.env.PATH = this.#path
		await rm(this.#folder, {recursive: true})
	}
}

const [WORD, INPUT, END] = ['\x1f', '\x1e', '\x1d']

const scriptIn = (folder: string): string => `#!/usr/bin/perl
use strict;
use warnings;
my ($program) = $0 =~ m{([^/]+)$};
my $is_asked = grep { $_ eq '-' || $_ eq '--stdin' || $_ eq '--interactive' } @ARGV;
my $input = $is_asked ? do { local $/; <STDIN> } // '' : '';
open(my $calls, '>>', '${folder}/calls') or die $!;
syswrite($calls, join("\\x1f", $program, @ARGV) . "\\x1e$input\\x1d");
open(my $answers, '<', '${folder}/answers') or die $!;
for my $answer (split /\\x1d/, do { local $/; <$answers> } // '') {
	my ($fits, $output) = split /\\n/, $answer, 2;
	next if index("$program @ARGV", $fits) != 0;
	print $output;
	exit 0;
}
`
