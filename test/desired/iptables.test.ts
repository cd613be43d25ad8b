import {expect} from 'chai'
import {DEFAULT_CONFIG} from '../../src/config/fields.ts'
import {fixedState, NO_NETWORKS} from '../../src/desired/fixed.ts'
import {renderRestore} from '../../src/kernel/iptables/render.ts'
import {FAMILIES} from '../../src/net/address.ts'
import {SET_DEFINITIONS, SET_ROLES} from '../../src/state/ipset.ts'
import type {Ruleset} from '../../src/state/iptables.ts'
import {MODERN_NODE} from '../../src/state/node-facts.ts'
import {golden, RULESETS, rulesetNamed} from './rulesets.ts'

/** Rules and jumps of one family. No number of Services adds one. */
const RULES = 61
const JUMPS = 12

const textOf = (ruleset: Ruleset): string => renderRestore(ruleset, ruleset.jumps)

/** Where local pods can be told, two rules more mark what they send. */
const hasLocalPods = (chains: Ruleset['chains']): boolean =>
	chains.some(({name, rules}) => name === 'KUBE-LVS-PREROUTING' && rules.some(rule => rule.includes('LVS-INSIDE')))

const setsOf = (ruleset: Ruleset): ReadonlySet<string> =>
	new Set([...textOf(ruleset).matchAll(/--(?:match|map)-set (\S+)/g)].map(match => match[1] ?? ''))

describe('the fixed rules', () => {
	for (const family of FAMILIES) {
		for (const title of Object.keys(RULESETS)) {
			it(`are the golden text: ${title}-${family}`, () => {
				const text = textOf(rulesetNamed(title, family))
				expect(text).to.equal(golden(`${title}-${family}`, text))
			})
		}

		it(`have a fixed number for ${family}, two less where local pods cannot be told`, () => {
			for (const title of Object.keys(RULESETS)) {
				const {chains, jumps} = rulesetNamed(title, family)
				expect(
					chains.reduce((sum, {rules}) => sum + rules.length, 0),
					title,
				).to.equal(hasLocalPods(chains) ? RULES : RULES - 2)
				expect(jumps.length).to.equal(JUMPS)
			}
		})

		it(`name every set of ${family}, and no set that is not there`, () => {
			const own = [...SET_DEFINITIONS.values()].filter(definition => definition.family === family)
			const named = setsOf(rulesetNamed('cluster-cidr', family))
			expect([...named].every(name => own.some(definition => definition.name === name))).to.equal(true)
			expect(own.filter(({name}) => !named.has(name))).to.deep.equal([])
		})

		it(`jump for ${family} to chains that are there`, () => {
			const {chains, jumps} = rulesetNamed('cluster-cidr', family)
			const rules = [...chains.flatMap(chain => chain.rules.map(rule => ({table: chain.table, rule}))), ...jumps]
			for (const {table, rule} of rules) {
				const target = / ?-j (KUBE\S+)/.exec(rule)?.[1]
				if (target !== undefined) {
					expect(
						chains.some(chain => chain.table === table && chain.name === target),
						rule,
					).to.equal(true)
				}
			}
		})
	}

	it('masquerade with random ports where iptables knows how, and without where it does not', () => {
		const texts = [true, false].map(hasRandomFully =>
			fixedState(DEFAULT_CONFIG, NO_NETWORKS, {...MODERN_NODE, hasRandomFully}).rulesets.map(textOf),
		)
		const [known = [], unknown = []] = texts
		expect(known.every(text => text.split(' --random-fully').length === 4)).to.equal(true)
		expect(known.map(text => text.replaceAll(' --random-fully', ''))).to.deep.equal(unknown)
	})

	it('have the same chains for both families', () => {
		const names = FAMILIES.map(family => rulesetNamed('cluster-cidr', family).chains.map(({name}) => name))
		expect(names[0]).to.deep.equal(names[1])
	})

	it('are there for the families that the node serves', () => {
		const {rulesets, sets} = fixedState(DEFAULT_CONFIG, NO_NETWORKS, {...MODERN_NODE, families: ['ipv6']})
		expect(rulesets.map(({family}) => family)).to.deep.equal(['ipv6'])
		expect([...sets.keys()].every(name => name.startsWith('KUBE-6-'))).to.equal(true)
		expect(sets.size).to.equal(SET_ROLES.length)
	})
})
