import {expect} from 'chai'
import fc from 'fast-check'
import {shortNumber} from '../../../src/cli/top/short-number.ts'
import {sparkLine} from '../../../src/cli/top/spark-line.ts'

describe('a short number', () => {
	const CASES: readonly (readonly [number, string])[] = [
		[0, '0'],
		[0.04, '0'],
		[0.05, '0.1'],
		[1, '1'],
		[1.25, '1.3'],
		[99.94, '99.9'],
		[99.96, '100'],
		[999, '999'],
		[999.4, '999'],
		[999.5, '1.0k'],
		[1000, '1k'],
		[1234, '1.2k'],
		[99_949, '99.9k'],
		[123_456, '123k'],
		[999_499, '999k'],
		[999_500, '1.0M'],
		[2 ** 53, '9.0P'],
	]
	for (const [value, text] of CASES) {
		it(`of ${value} is ${text}`, () => {
			expect(shortNumber(value)).to.equal(text)
		})
	}

	it('has at most five characters, and is off by less than 5 %', () => {
		const UNITS = ['', 'k', 'M', 'G', 'T', 'P', 'E']
		fc.assert(
			fc.property(fc.double({min: 1, max: 1e20, noNaN: true}), value => {
				const text = shortNumber(value)
				expect(text)
					.to.match(/^\d+(\.\d)?[kMGTPE]?$/)
					.and.to.have.length.at.most(5)
				const [, number, unit = ''] = /^([\d.]+)(\D?)$/.exec(text) ?? []
				expect(Number(number) * 1000 ** UNITS.indexOf(unit)).to.be.closeTo(value, value * 0.05)
			}),
		)
	})
})

describe('a spark line', () => {
	const CASES: readonly (readonly [readonly number[], number, string])[] = [
		[[], 8, ''],
		[[0, 0], 8, '  '],
		[[1, 2, 3, 4, 5, 6, 7, 8], 8, '▁▂▃▄▅▆▇█'],
		[[0, 0.001, 100], 8, ' ▁█'],
		[[5, 5], 8, '██'],
		[[8, 1, 2], 2, '▄█'],
		[[1, 2], 0, ''],
	]
	for (const [values, width, line] of CASES) {
		it(`of ${JSON.stringify(values)} in ${width} characters is "${line}"`, () => {
			expect(sparkLine(values, width)).to.equal(line)
		})
	}

	it('has a character for each value that there is room for, and its highest bar for the largest', () => {
		fc.assert(
			fc.property(fc.array(fc.double({min: 0, noNaN: true, noDefaultInfinity: true})), fc.nat(20), (values, width) => {
				const line = sparkLine(values, width)
				const shown = width === 0 ? [] : values.slice(-width)
				expect([...line]).to.have.length(shown.length)
				expect(line.includes('█')).to.equal(Math.max(...shown, 0) > 0)
			}),
		)
	})
})
