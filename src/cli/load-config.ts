import {readFile} from 'node:fs/promises'
import {hostname} from 'node:os'
import type {Command} from 'commander'
import type {Config} from '../config/fields.ts'
import {ConfigError, parseConfig} from '../config/parse.ts'
import {Failure} from './failure.ts'
import {flagsOf} from './flags.ts'

/** The configuration of a command, from its file and its flags. */
export const loadConfig = async (command: Command): Promise<Config> => {
	const path: string | undefined = command.getOptionValue('config')
	try {
		const config = parseConfig(path ? await readFile(path, 'utf8') : '', flagsOf(command))
		return {...config, nodeName: (config.nodeName || hostname()).trim().toLowerCase()}
	} catch (error) {
		if (error instanceof ConfigError || (error instanceof Error && 'code' in error)) {
			throw new Failure(error.message)
		}
		throw error
	}
}
