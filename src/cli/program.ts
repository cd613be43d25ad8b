import {Command, Option} from 'commander'
import packageJson from '../../package.json' with {type: 'json'}
import type {Config} from '../config/fields.ts'
import {createLog} from '../observe/log.ts'
import {cleanup} from './cleanup.ts'
import {connections} from './connections.ts'
import {doctor} from './doctor.ts'
import {explain} from './explain.ts'
import {addConfigFlags} from './flags.ts'
import {type JournalOptions, journal} from './journal.ts'
import {loadConfig} from './load-config.ts'
import {endWithReader, OUTPUT_FORMATS, type OutputFormat} from './output.ts'
import {plan} from './plan.ts'
import {restore} from './restore.ts'
import {run} from './run.ts'
import {save} from './save.ts'
import {status} from './status.ts'
import {takeover} from './takeover.ts'
import {SORTS} from './top/sort.ts'
import {top} from './top.ts'
import type {ConfigFile} from './watch-config.ts'
import {zero} from './zero.ts'

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
	const reading = add(program, 'journal', 'print what was changed in the kernel, when and why', (config, format) =>
		journal(config, format, reading.opts<JournalOptions>()),
	)
	addWithOutput(reading)
		.option('--service <service>', SERVICE_FILTER)
		.option('--since <time>', 'a duration such as 10m, or a time such as 2026-01-31T12:00:00Z')
		.option('-f, --follow', 'print what comes, too, until interrupted')
	const takingOver = add(
		program,
		'takeover',
		'say step by step how the first sync of `run` takes this node over from kube-proxy',
		(config, format) => takeover(config, format, takingOver.opts().dryRun === true),
	)
	addWithOutput(takingOver).option('--dry-run', 'change nothing; needed, because taking over is what `run` does')
	addTop(program)
	addConnections(program)
	addDoctor(program)
	addWithOutput(add(program, 'cleanup', 'remove all that kube-lvs has made on this node, and nothing else', cleanup))
	addIpvsCommands(program)
	return program
}

const addTop = (program: Command): void => {
	const command = add(program, 'top', 'show what goes through each Service and to each endpoint', (config, format) =>
		top(config, format, {...command.opts(), isPlain: command.getOptionValueSource('output') === 'default'}),
	)
	addWithOutput(command)
		.option('--service <service>', SERVICE_FILTER)
		.addOption(new Option('--sort <by>', 'what the rows are sorted by').choices(SORTS).default('rate'))
		.option('--no-endpoints', 'Services only')
		.option('--interval <duration>', 'from one look to the next', '2s')
		.option('--rounds <number>', 'looks; without it a terminal shows them until `q`, and all else gets one')
}

const SERVICE_FILTER = 'of this Service only: namespace/name, or namespace/ for all of a namespace'

const addDoctor = (program: Command): void => {
	const examining = add(
		program,
		'doctor',
		'say of each thing that kube-lvs uses on a node whether it is there; exit code 1 when it could not serve',
		(config, format) => doctor(config, format, examining.opts().prepare === true),
	)
	addWithOutput(examining).option('--prepare', 'load kernel modules and make kernel settings before; needs privileges')
}

const addConnections = (program: Command): void => {
	const command = add(
		program,
		'connections',
		'print the connections that IPVS forwards on this node, with the Service of each',
		(config, format) => connections(config, format, command.opts()),
	)
	addWithOutput(command)
		.option('--service <service>', SERVICE_FILTER)
		.option('--client <address>', 'of this client only: address, address:port or network in CIDR form')
		.option('--endpoint <address>', 'to this endpoint only, written in the same way')
		.option('--state <states>', 'in one of these states only, such as ESTABLISHED,SYN_RECV')
		.addOption(new Option('--protocol <protocol>', 'of this protocol only').choices(['tcp', 'udp', 'sctp']))
}

/** What ipvsadm does as well, without any knowledge of Services but the owners of virtual servers. */
const addIpvsCommands = (program: Command): void => {
	add(program, 'save', 'print all virtual and real servers in the format of `ipvsadm -S -n`', save)
	addWithOutput(
		add(program, 'restore', 'add virtual and real servers from stdin, in the format of `ipvsadm -S -n`', restore),
	)
	const zeroing = add(
		program,
		'zero',
		'set counters of IPVS back to 0: all, or those that are named',
		(config, format) => zero(config, format, zeroing.args),
	)
	addWithOutput(zeroing).argument(
		'[name...]',
		'namespace/name of a Service, or a virtual server, such as tcp 10.96.0.1:443',
	)
}

/** Resolves with the exit code. */
type Action = (config: Config, format: OutputFormat, files: readonly ConfigFile[]) => Promise<number>

const add = (program: Command, name: string, description: string, action: Action): Command => {
	const command = program.command(name).description(description)
	// `run` writes nothing but its log, past this stream.
	if (name !== 'run') {
		command.hook('preAction', endWithReader)
	}
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
	command.addOption(new Option('-o, --output <format>', 'form of the output').choices(OUTPUT_FORMATS).default('table'))
