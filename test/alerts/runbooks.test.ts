import {readFileSync} from 'node:fs'
import {expect} from 'chai'
import {createProgram} from '../../src/cli/program.ts'
import {RULES} from './rules.ts'

const PAGE = readFileSync(new URL('../../docs/runbooks.md', import.meta.url), 'utf8')
const [, ...SECTIONS] = PAGE.split(/^## /m)
const OF_ALERTS = SECTIONS.filter(section => section.startsWith('KubeLvs'))

const titleOf = (section: string): string => section.slice(0, section.indexOf('\n'))

describe('docs/runbooks.md', () => {
	it('has a section for each alert, and no other, in the order of the rules', () => {
		expect(OF_ALERTS.map(titleOf)).to.deep.equal(RULES.map(({alert}) => alert))
	})

	it('is what each alert leads to', () => {
		for (const {alert, annotations} of RULES) {
			expect(annotations.runbook_url).to.equal(`docs/runbooks.md#${alert.toLowerCase()}`)
		}
	})

	it('says of each what it means, what users notice, where to look and how to mend it', () => {
		for (const section of OF_ALERTS) {
			const parts = [...section.matchAll(/^\*\*(\w+)/gm)].map(match => match[1])
			expect(parts, titleOf(section)).to.deep.equal(['Means', 'Users', 'Look', 'Mend'])
		}
	})

	it('names commands that exist, and leads to sections that exist', () => {
		const commands = [...PAGE.matchAll(/(?:`kube-lvs|-- kube-lvs|kubectl lvs (?:--node NODE|--all-nodes)) (\w+)/g)].map(
			match => match[1],
		)
		expect(createProgram().commands.map(command => command.name())).to.include.members(commands)
		const links = [...PAGE.matchAll(/\]\(#([\w-]+)\)/g)].map(match => match[1])
		expect(SECTIONS.map(section => titleOf(section).toLowerCase())).to.include.members(links)
	})
})
