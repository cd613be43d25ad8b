import {readFile} from 'node:fs/promises'
import {fileURLToPath} from 'node:url'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
/** Where the image has it. */
const IMAGE_ROOT = '/opt/kube-lvs/'

export interface Command {
	readonly program: string
	readonly args: readonly string[]
}

/** How the image starts it, with its flags for Node.js, on the files of this repository. */
export const shippedCommand = async (): Promise<Command> => {
	const [program = '', ...args] = entryPointOf(await readFile(`${ROOT}Dockerfile`, 'utf8'))
	return {
		program: program === 'node' ? process.execPath : program,
		args: args.map(arg => (arg.startsWith(IMAGE_ROOT) ? ROOT + arg.slice(IMAGE_ROOT.length) : arg)),
	}
}

export const entryPointOf = (dockerfile: string): readonly string[] => {
	const text = /^ENTRYPOINT (\[.*\])$/m.exec(dockerfile)?.[1]
	if (!text) {
		throw new Error('the Dockerfile has no ENTRYPOINT in JSON')
	}
	return JSON.parse(text)
}
