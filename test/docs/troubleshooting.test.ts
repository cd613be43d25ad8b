import {globSync, readFileSync} from 'node:fs'
import {expect} from 'chai'

const ROOT = new URL('../../', import.meta.url)
const read = (path: string): string => readFileSync(new URL(path, ROOT), 'utf8')

/** All that kube-lvs can say stands somewhere here. */
const SOURCES = globSync('src/**/*.ts', {cwd: ROOT}).map(read).join('\n')

/** What the kubelet and the API server say. */
const OF_OTHERS: readonly string[] = ['Init:Error', 'Init:CrashLoopBackOff', '403', 'cannot list resource']

/** Messages in the first column of tables and in headings. */
const messagesOf = (page: string): readonly string[] =>
	[...page.matchAll(/^(?:\||#+) ([^|\n]+)/gm)].flatMap(([, cell = '']) =>
		[...cell.matchAll(/`([^`]+)`/g)].map(([, message = '']) => message),
	)

/** The parts of a message that are always the same: between `...`, what `explain` puts before a reason, and values (N, 5). */
const fixedPartsOf = (message: string): readonly string[] =>
	message
		.split(/\.\.\.|^none: |^no, |\b[A-Z]{2,}\b|\b[A-Z]\b|(?<![\w.-])\d+(?![\w.-])/)
		.map(part => part.replace(/^[\s:,()]+|[\s:,()]+$/g, ''))
		.filter(part => part.length > 3)

describe('docs/troubleshooting.md', () => {
	it('quotes messages as kube-lvs says them', () => {
		const messages = messagesOf(read('docs/troubleshooting.md'))
		const parts = messages.flatMap(fixedPartsOf).filter(part => !OF_OTHERS.some(other => part.includes(other)))
		expect(parts.length).to.be.greaterThan(20)
		expect(parts.filter(part => !SOURCES.includes(part))).to.deep.equal([])
	})
})
