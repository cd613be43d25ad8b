import {readFileSync, writeFileSync} from 'node:fs'
import {fileURLToPath} from 'node:url'
import {parseConfig} from '../../src/config/parse.ts'
import {rulesetOf} from '../../src/desired/iptables.ts'
import type {Family} from '../../src/net/address.ts'
import {parsePrefix} from '../../src/net/prefix.ts'
import type {Ruleset} from '../../src/state/iptables.ts'
import {MODERN_NODE} from '../../src/state/node-facts.ts'

/** Every way in which the configuration bears on the rules; the title names the file of golden text. */
export const RULESETS: Readonly<Record<string, string>> = {
	'no-cluster-cidr': '',
	'cluster-cidr': 'clusterCIDR: [10.244.0.0/16, "fd00:244::/56"]',
	'node-cidr': 'detectLocalMode: NodeCIDR',
	'bridge-interface': 'detectLocalMode: BridgeInterface\nbridgeInterface: cni0',
	'interface-name-prefix': 'detectLocalMode: InterfaceNamePrefix\ninterfaceNamePrefix: veth',
	'masquerade-all': 'masqueradeAll: true\nclusterCIDR: [10.244.0.0/16]',
	'masquerade-bit': 'masqueradeBit: 31',
}

/** This node's own pods, for NodeCIDR. */
const POD_CIDRS = ['10.244.1.0/24', 'fd00:244:0:1::/64'].map(text => {
	const prefix = parsePrefix(text)
	if (!prefix) {
		throw new Error(`${text}: no network`)
	}
	return prefix
})

export const rulesetNamed = (title: string, family: Family): Ruleset =>
	rulesetOf(parseConfig(RULESETS[title] ?? ''), POD_CIDRS, family, MODERN_NODE)

/** The golden text of this name; with UPDATE_GOLDEN=1 in the environment it becomes `text` first. */
export const golden = (name: string, text?: string): string => {
	const file = fileURLToPath(new URL(`golden/${name}.txt`, import.meta.url))
	if (text !== undefined && process.env.UPDATE_GOLDEN === '1') {
		writeFileSync(file, text)
	}
	return readFileSync(file, 'utf8')
}
