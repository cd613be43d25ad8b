import {expect} from 'chai'
import {readExpected} from '../../e2e/matrix/expected.ts'
import {Matrix, type Measured} from '../../e2e/matrix/matrix.ts'
import {createMatrixTopology} from '../../e2e/matrix/matrix-topology.ts'
import {describeWrong, printMatrix} from '../../e2e/matrix/print.ts'
import {flagsFor} from '../../e2e/matrix/settings.ts'
import type {ServedTopology} from '../../e2e/scenario/served-topology.ts'

const ROWS = readExpected().filter(({setting}) => setting === '')

describe('where does it go?', function () {
	this.timeout(300_000)
	let served: ServedTopology
	let measured: readonly Measured[]

	before(async () => {
		served = await createMatrixTopology('matrix')
		const matrix = new Matrix(served.topology, ROWS)
		await matrix.apply(served.objects)
		await served.kubeLvs.start(...flagsFor(''))
		measured = await matrix.measure(ROWS)
		process.stdout.write(`\n${printMatrix(ROWS, measured)}\n\n`)
	})

	after(() => served?.destroy())

	for (const row of ROWS) {
		it(`as documented: ${row.address}, policy ${row.policy}, endpoints ${row.endpoints}`, () => {
			const cells = measured.filter(cell => cell.row === row)
			expect(cells.length).to.be.above(0)
			expect(describeWrong(cells)).to.deep.equal([])
		})
	}
})
