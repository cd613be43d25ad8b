import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {execa} from 'execa'
import {stringify} from 'yaml'

/** What promtool has against a file of rules; empty when it is content. */
export const checkRules = (content: object): Promise<string> => run('check', content)

/** What promtool has against the results of rules in their tests; empty when it is content. */
export const testRules = (content: object): Promise<string> => run('test', content)

const run = async (verb: 'check' | 'test', content: object): Promise<string> => {
	const folder = mkdtempSync(join(tmpdir(), 'promtool-'))
	try {
		const file = join(folder, 'file.yaml')
		writeFileSync(file, stringify(content))
		const {exitCode, all} = await execa('promtool', [verb, 'rules', file], {all: true, reject: false})
		return exitCode === 0 ? '' : all || 'promtool has failed'
	} finally {
		rmSync(folder, {recursive: true})
	}
}
