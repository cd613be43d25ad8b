import {expect} from 'chai'
import {createProgram} from '../../src/cli/program.ts'

describe('the commands', () => {
	const COMMANDS = createProgram().commands

	/** The one has a log, the other speaks the format of ipvsadm. */
	const WITHOUT_OUTPUT = ['run', 'save']

	for (const command of COMMANDS.filter(command => !WITHOUT_OUTPUT.includes(command.name()))) {
		it(`${command.name()} prints a table, JSON or YAML`, () => {
			const output = command.options.find(({long}) => long === '--output')
			expect(output).to.include({short: '-o', defaultValue: 'table'})
			expect(output?.argChoices).to.deep.equal(['table', 'json', 'yaml'])
		})
	}

	for (const command of COMMANDS) {
		it(`${command.name()} explains its own flags behind those of the configuration`, () => {
			const [, configuration = '', own = ''] = command.helpInformation().split(/^Configuration.*:$|^Options:$/m)
			const flagsIn = (text: string) => [...text.matchAll(/^ +(?:-\w, )?(--[\w-]+)/gm)].map(([, flag]) => flag)
			expect(flagsIn(configuration)).to.include.members(['--config', '--scheduler'])
			expect(flagsIn(own)).to.include('--help').and.to.not.include('--scheduler')
		})
	}
})
