import {Command, Option} from 'commander'
import packageJson from '../../package.json' with {type: 'json'}
import type {Config} from '../config/fields.ts'
import {createLog} from '../observe/log.ts'
import {cleanup} from './cleanup.ts'
import {explain} from './explain.ts'
import {addConfigFlags} from './flags.ts'
import {loadConfig} from './load-config.ts'
import type {OutputFormat} from './output.ts'
import {plan} from './plan.ts'
import {run} from './run.ts'
import {status} from './status.ts'
import {takeover} from './takeover.ts'
import type {ConfigFile} from './watch-config.ts'

/** All commands. */
export const createProgram = (): Command => {
	const program = new Command('kube-lvs')
		.description('Kubernetes service proxy for IPVS, the load balancer of the Linux kernel')
		.version(packageJson.version)
	add(program, 'run', 'serve Services on this node until stopped', run)
	addWithOutput(
		add(program, 'plan', 'print what would change and change nothing; exit code 2 when there is a difference', plan),
	)
	addWithOutput(
		add(program, 'status', 'print virtual and real servers, VIPs and sets of this node, and what is foreign', status),
	)
	const explaining = add(
		program,
		'explain',
		'print what became of one Service on this node, endpoint by endpoint, and why',
		(config, format) => explain(config, format, explaining.args[0] ?? ''),
	)
	addWithOutput(explaining).argument('<service>', 'namespace/name')
	const takingOver = add(
		program,
		'takeover',
		'say step by step how the first sync of `run` takes this node over from kube-proxy',
		(config, format) => takeover(config, format, takingOver.opts().dryRun === true),
	)
	addWithOutput(takingOver).option('--dry-run', 'change nothing; needed, because taking over is what `run` does')
	add(program, 'cleanup', 'remove all that kube-lvs has made on this node, and nothing else', cleanup)
	return program
}

/** Resolves with the exit code. */
type Action = (config: Config, format: OutputFormat, files: readonly ConfigFile[]) => Promise<number>

const add = (program: Command, name: string, description: string, action: Action): Command => {
	const command = program.command(name).description(description)
	addConfigFlags(command).action(async () => {
		const {output = 'table'} = command.opts<{readonly output?: OutputFormat}>()
		const {config, notes, files} = await loadConfig(command)
		for (const note of notes) {
			say(name, config, note)
		}
		process.exitCode = await action(config, output, files)
	})
	return command
}

/** What a command says beside its output: `run` has a log. */
const say = (name: string, {logLevel}: Config, note: string): void => {
	if (name === 'run') {
		createLog(logLevel, 1).warn(note)
	} else {
		process.stderr.write(`${note}\n`)
	}
}

const addWithOutput = (command: Command): Command =>
	command.addOption(
		new Option('-o, --output <format>', 'form of the output').choices(['table', 'json']).default('table'),
	)
