import {readFileSync} from 'node:fs'
import {expect} from 'chai'
import {parse} from 'yaml'
import {TOPICS} from '../../docs/annotation-topics.ts'
import {EXAMPLE, renderAnnotations} from '../../docs/generate-annotations.ts'
import {SERVICE_ANNOTATIONS} from '../../src/annotations/fields.ts'
import {annotationPolicies} from '../../src/annotations/policy.ts'
import {readServiceSettings} from '../../src/annotations/read.ts'
import {projectService} from '../../src/kubernetes/project-service.ts'
import {admit, type Json} from '../support/admission.ts'

describe('docs/annotations.md', () => {
	const page = readFileSync(new URL('../../docs/annotations.md', import.meta.url), 'utf8')

	it('is up to date; otherwise run node docs/generate-annotations.ts', () => {
		expect(page).to.equal(renderAnnotations())
	})

	it('has each annotation of a Service under one topic', () => {
		const settings = TOPICS.flatMap(topic => topic.settings)
		expect([...settings].sort()).to.deep.equal(Object.keys(SERVICE_ANNOTATIONS).sort())
	})

	it('links to headings that it has', () => {
		const headings = [...page.matchAll(/^## (.+)$/gm)].map(([, title = '']) => title.toLowerCase().replaceAll(' ', '-'))
		const links = [...page.matchAll(/\]\(#([^)]+)\)/g)].map(([, anchor = '']) => anchor)
		expect(headings).to.include.members(links)
	})

	it('shows a Service whose annotations are all allowed, here and by the API server', () => {
		const shown = parse(EXAMPLE) as Json & {readonly metadata: object; readonly spec: object}
		const service = {
			...shown,
			metadata: {...shown.metadata, namespace: 'default'},
			spec: {...shown.spec, clusterIP: '10.96.0.10'},
		}
		const {settings, problems} = readServiceSettings(projectService(service))
		expect(problems).to.deep.equal([])
		expect(Object.keys(settings)).to.have.length(7)
		const policies = annotationPolicies().filter(({name}) => name.endsWith('-services'))
		expect(policies.map(policy => admit(policy, service))).to.deep.equal([[]])
	})

	it('shows each example as it would stand in YAML', () => {
		for (const [, line = ''] of page.matchAll(/^\| example \| `(.+)` \|$/gm)) {
			const [[name = '', value] = []] = Object.entries(parse(line) as Readonly<Record<string, unknown>>)
			expect(value, name).to.be.a('string')
		}
	})
})
