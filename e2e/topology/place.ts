import type {ExecOptions, ExecResult, Process} from './topology.ts'

/** Somewhere that programs run: a host of a topology, a pod, a container. */
export interface Place {
	readonly name: string
	/** Runs a command to its end; throws when it fails, unless `reject` is false. */
	readonly exec: (command: string, args?: readonly string[], options?: ExecOptions) => Promise<ExecResult>
	/** Starts a long-running command. */
	readonly spawn: (command: string, args?: readonly string[]) => Process
}
