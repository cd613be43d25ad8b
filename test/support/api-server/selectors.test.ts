import {expect} from 'chai'
import {parseFieldSelector, parseLabelSelector} from './selectors.ts'

const object = {kind: 'Service', metadata: {name: 'web', labels: {app: 'web', tier: ''}}, spec: {clusterIP: '10.0.0.1'}}

describe('selectors of the API server double', () => {
	for (const [selector, expected] of [
		['', true],
		['app', true],
		['!app', false],
		['!other', true],
		['tier', true],
		['app=web', true],
		['app == web,!other', true],
		['app!=web', false],
		['other!=x', true],
		['app in (db, web)', true],
		['app notin (db,web),tier', false],
	] as const) {
		it(`label selector "${selector}" is ${expected}`, () => {
			expect(parseLabelSelector(selector)(object)).to.equal(expected)
		})
	}

	for (const [selector, expected] of [
		['metadata.name=web', true],
		['metadata.name=db', false],
		['spec.clusterIP!=None', true],
		['metadata.name=web,spec.clusterIP=None', false],
	] as const) {
		it(`field selector "${selector}" is ${expected}`, () => {
			expect(parseFieldSelector(selector)(object)).to.equal(expected)
		})
	}
})
