/** What is run: argv, folder and environment as the caller has them. */
export interface Job {
	readonly command: readonly string[]
	readonly cwd: string
	readonly env: NodeJS.ProcessEnv
}

/** As a shell gives it: 128 + n for death by signal n. */
export type ExitCode = number

export interface Running {
	readonly exited: Promise<ExitCode>
	/** Ends everything that runs in there, at once; `exited` then gives 128 + the signal's number. */
	readonly kill: (signal: NodeJS.Signals) => void
}

export type Start = (job: Job) => Promise<Running>
