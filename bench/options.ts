import {parseArgs} from 'node:util'
import {MEASUREMENT_NAMES, type MeasurementName} from './measurement-names.ts'
import type {Size} from './objects.ts'

export interface Options {
	readonly sizes: readonly Size[]
	/** How many changes of each kind. */
	readonly changes: number
	readonly churnSeconds: number
	readonly measurements: readonly MeasurementName[]
	/** Where the numbers go, besides the table. */
	readonly json: string | undefined
}

export const USAGE = `usage: npm run bench -- [OPTION...]
  --services N,N,...  how many Services, one after the other (100,1000,1000x250,10000,50000); NxM: with M endpoints each
  --endpoints N       endpoints of each Service where nothing else is said (5)
  --changes N         changes of each kind that are timed (200)
  --churn SECONDS     so long 100 endpoints change each second (0: left out)
  --only NAME,...     these measurements alone
  --skip NAME,...     all but these
  --json FILE         write the numbers there
Measurements: ${MEASUREMENT_NAMES.join(', ')}`

/** Throws with what is wrong, in words for the one who typed it. */
export const parseOptions = (args: readonly string[]): Options => {
	const {values} = parseArgs({
		args: [...args],
		options: {
			services: {type: 'string', default: '100,1000,1000x250,10000,50000'},
			endpoints: {type: 'string', default: '5'},
			changes: {type: 'string', default: '200'},
			churn: {type: 'string', default: '0'},
			only: {type: 'string', default: MEASUREMENT_NAMES.join(',')},
			skip: {type: 'string', default: ''},
			json: {type: 'string'},
		},
	})
	const skipped = namesIn('skip', values.skip)
	const churnSeconds = numberIn('churn', values.churn, 0)
	return {
		sizes: values.services.split(',').map(text => sizeIn(text, values.endpoints)),
		changes: numberIn('changes', values.changes, 1),
		churnSeconds,
		measurements: namesIn('only', values.only).filter(
			name => !skipped.includes(name) && (name !== 'churn' || churnSeconds > 0),
		),
		json: values.json,
	}
}

const sizeIn = (text: string, byDefault: string): Size => {
	const [services = '', endpoints = byDefault, ...rest] = text.split('x')
	if (rest.length > 0) {
		throw new Error(`--services ${text}: must be a number, or two like 1000x250`)
	}
	return {services: numberIn('services', services, 1), endpoints: numberIn('endpoints', endpoints, 1)}
}

const numberIn = (option: string, text: string, least: number): number => {
	const number = Number(text)
	if (!/^\d+$/.test(text) || number < least) {
		throw new Error(`--${option} ${text}: must be a number, at least ${least}`)
	}
	return number
}

const namesIn = (option: string, text: string): readonly MeasurementName[] =>
	text
		.split(',')
		.filter(Boolean)
		.map(word => {
			const name = MEASUREMENT_NAMES.find(known => known === word)
			if (!name) {
				throw new Error(`--${option} ${word}: must be of ${MEASUREMENT_NAMES.join(', ')}`)
			}
			return name
		})
