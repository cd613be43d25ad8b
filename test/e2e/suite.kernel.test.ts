import {mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {expect} from 'chai'
import {bundle, PROGRAM} from '../../bundle/bundle.ts'
import {namespaces} from '../../e2e/suite/namespaces/provider.ts'
import {describeSuite} from '../../e2e/suite/suite.ts'

let folder: string | undefined

after(() => folder && rm(folder, {recursive: true}))

// From the sources first, and then as what is shipped.
const provider = namespaces(async build => {
	if (build === 'first') {
		return undefined
	}
	folder = await mkdtemp(join(tmpdir(), 'kube-lvs-bundle-'))
	await bundle(folder)
	return [join(folder, PROGRAM)]
})

describeSuite(provider)

describe('the API server of these clusters', () => {
	it('was asked for all that the chart grants, and for nothing else', () => {
		const {granted, used} = provider.rights()
		expect(used).to.deep.equal(granted)
	})
})
