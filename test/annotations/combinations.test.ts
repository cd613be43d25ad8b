import {expect} from 'chai'
import {COMBINATIONS} from '../../src/annotations/combinations.ts'
import {annotationName, type ServiceSettings} from '../../src/annotations/fields.ts'
import {annotationPolicies} from '../../src/annotations/policy.ts'
import {readServiceSettings} from '../../src/annotations/read.ts'
import {service} from '../model/build.ts'
import {admit} from '../support/admission.ts'
import {COMBINATION_ROWS, type CombinationRow} from './combinations.ts'

const named = ({annotations}: CombinationRow): Readonly<Record<string, string>> =>
	Object.fromEntries(Object.entries(annotations).map(([setting, text]) => [annotationName(setting), text]))

const read = (row: CombinationRow) =>
	readServiceSettings(
		service({annotations: new Map(Object.entries(named(row))), affinitySeconds: row.hasAffinity && 10_800}),
	)

const [POLICY] = annotationPolicies()

/** What the API server says, by the settings that it is about. */
const refusals = (row: CombinationRow): readonly string[] => {
	const spec = row.hasAffinity ? {sessionAffinity: 'ClientIP'} : {}
	return POLICY ? admit(POLICY, {metadata: {annotations: named(row)}, spec}) : expect.fail('no policy')
}

const titleOf = (row: CombinationRow): string =>
	`${JSON.stringify(row.annotations)}${row.hasAffinity ? ' with sessionAffinity' : ''}`

describe('annotations that need another one', () => {
	for (const row of COMBINATION_ROWS) {
		it(`${titleOf(row)}: ${row.ignored.length === 0 ? 'all count' : `without ${row.ignored.join(', ')}`}`, () => {
			const {settings, problems} = read(row)
			const counted = Object.keys(settings).filter(key => settings[key as keyof ServiceSettings] !== undefined)
			const asked = Object.keys(row.annotations) as readonly (keyof ServiceSettings)[]
			expect(counted).to.have.members(asked.filter(setting => !row.ignored.includes(setting)))
			expect(problems.map(({field, reason}) => `${reason} ${field}`)).to.have.members(
				row.ignored.map(setting => `AnnotationIgnored metadata.annotations[${annotationName(setting)}]`),
			)
		})

		it(`${titleOf(row)}: the API server ${row.ignored.length === 0 ? 'takes them' : 'refuses them'}`, () => {
			const about = new Set(refusals(row).map(message => message.split(':')[0]))
			const ignored = row.ignored.map(annotationName)
			expect([...about].filter(name => !ignored.includes(name ?? ''))).to.deep.equal([])
			expect(about.size > 0).to.equal(ignored.length > 0)
		})
	}

	it('are in a table that has each rule met and not met', () => {
		for (const {setting, needs} of COMBINATIONS) {
			const rows = COMBINATION_ROWS.filter(({annotations}) => annotations[setting] !== undefined)
			const isMet = rows.map(row => !read(row).problems.some(({message}) => message.endsWith(`it needs ${needs}`)))
			expect(new Set(isMet), needs).to.deep.equal(new Set([true, false]))
		}
	})
})
