import {expect} from 'chai'
import {parseDuration} from '../../src/config/duration.ts'

const CASES: readonly (readonly [text: string, milliseconds: number | undefined])[] = [
	['100ms', 100],
	['30s', 30_000],
	['1m30s', 90_000],
	['1h', 3_600_000],
	['1.5s', 1500],
	['0s', 0],
	['', undefined],
	['30', undefined],
	['s', undefined],
	['-1s', undefined],
	['1 s', undefined],
	['1d', undefined],
]

describe('durations', () => {
	for (const [text, milliseconds] of CASES) {
		it(`${JSON.stringify(text)} ${milliseconds === undefined ? 'is none' : `takes ${milliseconds} ms`}`, () => {
			expect(parseDuration(text)).to.equal(milliseconds)
		})
	}
})
