import {expect} from 'chai'
import {readExpected} from '../../e2e/matrix/expected.ts'
import {Matrix, type Measured} from '../../e2e/matrix/matrix.ts'
import {createMatrixTopology} from '../../e2e/matrix/matrix-topology.ts'
import {describeWrong, printMatrix} from '../../e2e/matrix/print.ts'
import {applyNode, flagsFor} from '../../e2e/matrix/settings.ts'
import type {ServedTopology} from '../../e2e/scenario/served-topology.ts'

const ROWS = readExpected().filter(({setting}) => setting !== '')

describe('where does it go with other settings?', function () {
	this.timeout(300_000)
	let served: ServedTopology
	let matrix: Matrix

	before(async () => {
		served = await createMatrixTopology('settings')
		matrix = new Matrix(served.topology, ROWS)
		await matrix.apply(served.objects)
	})

	after(() => served?.destroy())

	for (const [setting, rows] of Map.groupBy(ROWS, row => row.setting)) {
		it(`as documented: ${setting}`, async () => {
			await served.kubeLvs.stop()
			await applyNode(served.objects, served.topology.node('n1'), setting)
			await served.kubeLvs.start(...flagsFor(setting))
			const measured: readonly Measured[] = await matrix.measure(rows, ['tcp'])
			process.stdout.write(`\n${printMatrix(rows, measured)}\n\n`)
			expect(measured.length).to.be.above(rows.length)
			expect(describeWrong(measured)).to.deep.equal([])
		})
	}

	it('had VIPs that were routes, as the first of them says', async () => {
		const node = served.topology.node('n1')
		const ip = async (...args: readonly string[]) => (await served.topology.exec(node, 'ip', args)).stdout
		expect(await ip('-o', 'addr', 'show', 'dev', 'kube-ipvs0', 'scope', 'global')).to.equal('')
		expect(await ip('route', 'show', 'table', 'local', 'dev', 'kube-ipvs0')).to.contain('local 10.96.0.')
	})
})
