import {compile} from '../../e2e/kernel/compile.ts'
import type {Namespace} from '../namespace.ts'

const SOURCE = new URL('time-command.c', import.meta.url)

/** The seconds that a program takes, from its start to its end, with this file as its input; rejects when it fails. */
export const runTimed = async (
	namespace: Namespace,
	input: string,
	program: string,
	args: readonly string[],
): Promise<number> => {
	const output = await namespace.run(await compile(SOURCE), [input, program, ...args])
	return (JSON.parse(output) as {readonly seconds: number}).seconds
}
