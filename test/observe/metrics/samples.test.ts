import {expect} from 'chai'
import type {Sampled} from '../../../src/observe/metrics/definitions/traffic.ts'
import {renderSamples} from '../../../src/observe/metrics/samples.ts'

interface Row {
	readonly name: string
	readonly size: number
}

const metric = (name: string, factor: number): Sampled<Row> => ({
	name,
	type: 'gauge',
	help: `Size times ${factor}`,
	unit: '1',
	labels: {name: 'its name'},
	measure: ({size}) => size * factor,
})

const METRICS = [metric('one', 1), metric('two', 2)]

const render = (...rows: readonly Row[]): readonly string[] => [...renderSamples(METRICS, rows, ({name}) => ({name}))]

describe('samples that are rendered as they are sent', () => {
	it('stand together by metric, with its type and help', () => {
		expect(render({name: 'a', size: 3}, {name: 'b', size: 4}).join('')).to.equal(
			[
				...['# HELP one Size times 1', '# TYPE one gauge', 'one{name="a"} 3', 'one{name="b"} 4', ''],
				...['# HELP two Size times 2', '# TYPE two gauge', 'two{name="a"} 6', 'two{name="b"} 8', '', ''],
			].join('\n'),
		)
	})

	it('have no braces without labels', () => {
		expect([...renderSamples(METRICS.slice(0, 1), [{name: '', size: 1}], () => ({}))].join('')).to.include('\none 1\n')
	})

	it('have their labels escaped', () => {
		expect(render({name: 'a"b\\c\nd', size: 1}).join('')).to.include('one{name="a\\"b\\\\c\\nd"} 1')
	})

	it('come in pieces, however many there are', () => {
		const pieces = render(...Array.from({length: 1200}, (_, size) => ({name: String(size), size})))
		expect(pieces).to.have.lengthOf(6)
		expect(pieces.join('').match(/^one\{/gm)).to.have.lengthOf(1200)
	})
})
