import {readFileSync} from 'node:fs'
import {expect} from 'chai'
import {withKubeProxyFields} from '../../docs/generate-kube-proxy-fields.ts'
import {KUBE_PROXY_FIELDS} from '../../src/config/kube-proxy/fields.ts'

describe('docs/move-from-kube-proxy.md', () => {
	const page = readFileSync(new URL('../../docs/move-from-kube-proxy.md', import.meta.url), 'utf8')

	it('is up to date; otherwise run node docs/generate-kube-proxy-fields.ts', () => {
		expect(withKubeProxyFields(page)).to.equal(page)
	})

	it('tells what becomes of each field', () => {
		const rows = page.split('\n').filter(line => /^\| `[^`]+` \| .+ \| (sets|no effect: ).+ \|$/.test(line))
		expect(rows.length).to.equal(KUBE_PROXY_FIELDS.length)
	})

	it('is not made without its marks', () => {
		expect(() => withKubeProxyFields('# Moving')).to.throw('lacks')
	})
})
