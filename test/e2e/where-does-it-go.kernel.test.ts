import {expect} from 'chai'
import {readExpected} from '../../e2e/matrix/expected.ts'
import {Matrix, type Measured} from '../../e2e/matrix/matrix.ts'
import {createMatrixTopology, type MatrixTopology} from '../../e2e/matrix/matrix-topology.ts'
import {shownAs} from '../../e2e/matrix/outcome.ts'
import {printMatrix} from '../../e2e/matrix/print.ts'
import {tally} from '../../e2e/topology/answer.ts'

const ROWS = readExpected()

const describeCell = ({row, origin, way, outcome, results}: Measured): string =>
	`from ${origin}, ${way.protocol} over ${way.family}: documented is "${row.cells[origin]}", ` +
	`but it was "${outcome}" (${JSON.stringify(tally(results))})`

describe('where does it go?', function () {
	this.timeout(180_000)
	let served: MatrixTopology
	let measured: readonly Measured[]

	before(async () => {
		served = await createMatrixTopology('matrix')
		const matrix = new Matrix(served.topology, ROWS)
		await matrix.apply(served.objects)
		await served.kubeLvs.start()
		measured = await matrix.measure()
	})

	after(() => served?.destroy())

	for (const row of ROWS) {
		it(`as documented: ${row.address}, policy ${row.policy}, endpoints ${row.endpoints}`, () => {
			const cells = measured.filter(cell => cell.row === row)
			expect(cells.length).to.be.above(0)
			const wrong = cells.filter(
				({origin, way, outcome}) => outcome !== shownAs(row.cells[origin], way.protocol, origin),
			)
			expect(wrong.map(describeCell)).to.deep.equal([])
		})
	}

	it('prints the matrix', () => {
		const text = printMatrix(ROWS, measured)
		process.stdout.write(`\n${text}\n\n`)
		expect(text.split('\n').length).to.be.above(10)
	})
})
