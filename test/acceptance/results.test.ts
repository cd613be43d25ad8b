import {expect} from 'chai'
import {passedRows} from './results.ts'

const OUTPUT = `
  the plan
    ✔ says that row A3 is there
  ✔ row A1: headless
  ✔ row A1, one call in ten failing: headless (12ms)
  ✔ row A10: annotations only
  1) row A2: external name
  ✔ row A2, one call in ten failing: external name
  - row A4: one family
  group
    ✔ row B1: two slices

  5 passing (1s)
  1 failing

  1) row A2: external name:
`

describe('the results of the acceptance rows', () => {
	it('are those rows of which every test passed', () => {
		expect([...passedRows(OUTPUT)]).to.deep.equal(['A1', 'A10', 'B1'])
	})
})
