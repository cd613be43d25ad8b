#!/usr/bin/env node
import {Failure} from './cli/failure.ts'
import {createProgram} from './cli/program.ts'

try {
	await createProgram().parseAsync()
} catch (error) {
	process.stderr.write(
		`kube-lvs: ${error instanceof Failure ? error.message : error instanceof Error ? error.stack : error}\n`,
	)
	process.exitCode = error instanceof Failure ? error.exitCode : 1
}
