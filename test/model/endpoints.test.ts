import {expect} from 'chai'
import type {EndpointSlice} from '../../src/model/endpoint-slice.ts'
import {endpointsOf} from '../../src/model/endpoints.ts'
import type {Family} from '../../src/net/address.ts'
import {address} from '../state/build.ts'
import {endpoint, servicePort, slice} from './build.ts'

interface Case {
	readonly title: string
	readonly slices: readonly EndpointSlice[]
	readonly family?: Family
	readonly expected: readonly string[]
}

const [A, B] = ['10.244.1.5', '10.244.2.5'] as const
const leaving = endpoint(A, {terminating: true, ready: false})

const CASES: readonly Case[] = [
	{
		title: 'B1: are the union over all slices',
		slices: [slice('a', [A]), slice('b', [B])],
		expected: [`${A}:8080`, `${B}:8080`],
	},
	{
		title: 'B2: are those of one family; a slice of names has none',
		slices: [
			slice('a', [A]),
			slice('b', [endpoint('fd00:244:1::5')], {family: 'ipv6'}),
			slice('c', [B], {family: undefined}),
		],
		expected: [`${A}:8080`],
	},
	{
		title: 'are those of the other family',
		slices: [slice('a', [A]), slice('b', [endpoint('fd00:244:1::5')], {family: 'ipv6'})],
		family: 'ipv6',
		expected: ['fd00:244:1::5:8080'],
	},
	{
		title: 'B5: are two where one pod serves the port under two numbers',
		slices: [slice('a', [A]), slice('b', [A], {ports: [{name: 'p', protocol: 'tcp', port: 9090}]})],
		expected: [`${A}:8080`, `${A}:9090`],
	},
	{
		title: 'B6: are not terminating where any of three of the same address is not',
		slices: [slice('a', [leaving, endpoint(A), leaving])],
		expected: [`${A}:8080`],
	},
	{
		title: 'B14: are none where the port has another name',
		slices: [slice('a', [A], {ports: [{name: 'q', protocol: 'tcp', port: 8080}]})],
		expected: [],
	},
	{
		title: 'are none where the port has another protocol',
		slices: [slice('a', [A], {ports: [{name: 'p', protocol: 'udp', port: 8080}]})],
		expected: [],
	},
	{title: 'are none without ports', slices: [slice('a', [A], {ports: []})], expected: []},
	{title: 'are none without slices', slices: [], expected: []},
]

describe('endpoints of a service port', () => {
	for (const {title, slices, family = 'ipv4', expected} of CASES) {
		it(title, () => {
			const found = endpointsOf(slices, servicePort(), family)
			expect(found.map(({address, port}) => `${address}:${port}`)).to.deep.equal(expected)
		})
	}

	it('B6: keep the conditions of the one that is not terminating, in whatever order they come', () => {
		const staying = endpoint(A, {zoneHints: ['za']})
		for (const order of [
			[leaving, staying],
			[staying, leaving],
		]) {
			const given = slice('a', order)
			const [found] = endpointsOf([given], servicePort(), 'ipv4')
			expect(found).to.deep.equal({...staying, port: 8080, key: `${A}:8080`, slice: given})
		}
	})

	it('are the same on every node: the first slice by name decides, not the first that came', () => {
		const first = slice('a', [endpoint(A, {zoneHints: ['za']})])
		const second = slice('b', [endpoint(A, {zoneHints: ['zb']})])
		for (const slices of [
			[first, second],
			[second, first],
		]) {
			const [found] = endpointsOf(slices, servicePort(), 'ipv4')
			expect([found?.zoneHints, found?.slice]).to.deep.equal([['za'], first])
		}
	})

	it('keep those that are not ready, for others to judge', () => {
		const waiting = endpoint(A, {ready: false, serving: false})
		const given = slice('a', [waiting])
		expect(endpointsOf([given], servicePort(), 'ipv4')).to.deep.equal([
			{...waiting, port: 8080, key: `${A}:8080`, slice: given},
		])
		expect(waiting.address).to.equal(address(A))
	})
})
