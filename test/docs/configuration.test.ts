import {readFileSync} from 'node:fs'
import {expect} from 'chai'
import {EXAMPLE, renderConfiguration} from '../../docs/generate-configuration.ts'
import {CONFIG_SCHEMA} from '../../src/config/fields.ts'
import {parseConfig} from '../../src/config/parse.ts'

describe('docs/configuration.md', () => {
	it('is up to date; otherwise run node docs/generate-configuration.ts', () => {
		const page = readFileSync(new URL('../../docs/configuration.md', import.meta.url), 'utf8')
		expect(page).to.equal(renderConfiguration())
	})

	it('says of each field what it means', () => {
		const silent = Object.entries(CONFIG_SCHEMA.shape)
			.filter(([field]) => field !== 'apiVersion' && field !== 'kind')
			.filter(([, shape]) => !shape.description)
		expect(silent).to.deep.equal([])
	})

	it('shows an example that is valid', () => {
		expect(parseConfig(EXAMPLE)).to.include({scheduler: 'wlc', auditInterval: 60_000})
	})
})
