import {expect} from 'chai'
import {checkFamilies} from '../../src/config/families.ts'
import {parseConfig} from '../../src/config/parse.ts'
import type {Family} from '../../src/net/address.ts'

const PRIMARY = 'nodePortAddresses: [primary]'

const CASES: readonly (readonly [
	text: string,
	families: readonly Family[],
	warnings: readonly RegExp[],
	errors?: RegExp,
])[] = [
	[PRIMARY, ['ipv4', 'ipv6'], []],
	['', ['ipv4', 'ipv6'], [/every ipv4 address/, /every ipv6 address/]],
	['nodePortAddresses: [192.0.2.0/24]', ['ipv4'], []],
	['nodePortAddresses: [192.0.2.0/24]', ['ipv4', 'ipv6'], [/^nodePortAddresses: .*every ipv6 address/]],
	[`${PRIMARY}\nexcludeCIDRs: [fd00::/8]`, ['ipv4'], [/^excludeCIDRs: .*\(ipv4\)/]],
	[`${PRIMARY}\nexcludeCIDRs: [fd00::/8, 10.0.0.0/8]`, ['ipv4'], []],
	[
		`${PRIMARY}\nbindAddress: "2001:db8::1"`,
		['ipv4'],
		[/^bindAddress: /, /^healthzBindAddress: /, /^metricsBindAddress: /],
	],
	[`${PRIMARY}\nhealthzBindAddress: ""\nmetricsBindAddress: "::1"`, ['ipv4'], [/^metricsBindAddress: /]],
	[`${PRIMARY}\nclusterCIDR: [fd00::/8]`, ['ipv4'], [], /^clusterCIDR: /],
	[`${PRIMARY}\nclusterCIDR: [fd00::/8]\ndetectLocalMode: NodeCIDR`, ['ipv4'], []],
	[`${PRIMARY}\nclusterCIDR: [fd00::/8]`, ['ipv4', 'ipv6'], []],
]

describe('the families of a configuration', () => {
	for (const [text, families, warnings, error] of CASES) {
		it(`${text.replaceAll('\n', ', ') || 'nothing'} on a node with ${families.join(' and ')}`, () => {
			const found = checkFamilies(parseConfig(text), families)
			expect(found.warnings.length, found.warnings.join('\n')).to.equal(warnings.length)
			warnings.forEach((warning, index) => {
				expect(found.warnings[index]).to.match(warning)
			})
			expect(found.errors.join()).to.match(error ?? /^$/)
		})
	}
})
