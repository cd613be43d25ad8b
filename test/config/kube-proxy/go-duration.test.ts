import {expect} from 'chai'
import {parseGoDuration} from '../../../src/config/kube-proxy/go-duration.ts'

const CASES: readonly (readonly [text: string, milliseconds: number | undefined])[] = [
	['0', 0],
	['0s', 0],
	['1h30m0s', 5_400_000],
	['1.5h', 5_400_000],
	['.5s', 500],
	['2.s', 2000],
	['500us', 0.5],
	['500µs', 0.5],
	['1000000ns', 1],
	['-30s', -30_000],
	['+1ms', 1],
	['', undefined],
	['30', undefined],
	['.s', undefined],
	['1d', undefined],
	['1 s', undefined],
	['s', undefined],
]

describe('durations of Go', () => {
	for (const [text, milliseconds] of CASES) {
		it(`${JSON.stringify(text)} ${milliseconds === undefined ? 'is none' : `takes ${milliseconds} ms`}`, () => {
			expect(parseGoDuration(text)).to.equal(milliseconds)
		})
	}
})
