import {expect} from 'chai'
import {row} from '../row.ts'

/** Rules that match a set are idle while it is empty; those of groups, while no set gives packets their mark. */
const ALWAYS = /^(?!.*(--match-set|--map-set|--mark 0x3800000))/

row('E1', 'a node without Services has empty sets and the unconditional rules', async world => {
	world.given()
	await world.settled()
	const sets = [...world.kernel.ipset.sets].filter(([name]) => !/^KUBE-(6-)?LVS-/.test(name))
	expect(sets).to.have.length(34)
	expect(sets.filter(([, {entries}]) => entries.size > 0)).to.deep.equal([])
	for (const [family, loopback] of [
		['ipv4', '127.0.0.0/8'],
		['ipv6', '::1/128'],
	] as const) {
		const rules = (table: string, chain: string) => world.rules(table, chain, family).filter(rule => ALWAYS.test(rule))
		expect(rules('nat', 'KUBE-SERVICES')).to.deep.equal([
			`-s ${loopback} -j RETURN`,
			'-m addrtype --dst-type LOCAL -j KUBE-NODE-PORT',
		])
		expect(rules('nat', 'KUBE-LOAD-BALANCER')).to.deep.equal(['-j KUBE-MARK-MASQ'])
		expect(rules('nat', 'KUBE-NODE-PORT')).to.deep.equal([])
		expect(rules('nat', 'KUBE-MARK-MASQ')).to.deep.equal(['-j MARK --set-xmark 0x4000/0x4000'])
		// A rule of our own comes before these.
		expect(rules('nat', 'KUBE-POSTROUTING').slice(-3)).to.deep.equal([
			'-m mark ! --mark 0x4000/0x4000 -j RETURN',
			'-j MARK --set-xmark 0x4000/0x0',
			'-m comment --comment "kubernetes service traffic requiring SNAT" -j MASQUERADE --random-fully',
		])
		expect(rules('filter', 'KUBE-FORWARD')).to.deep.equal([
			'-m comment --comment "kubernetes forwarding rules" -m mark --mark 0x4000/0x4000 -j ACCEPT',
			'-m comment --comment "kubernetes forwarding conntrack rule" -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
		])
		expect(rules('filter', 'KUBE-SOURCE-RANGES-FIREWALL')).to.deep.equal(['-j DROP'])
		expect(world.rules('filter', 'KUBE-IPVS-FILTER', family)).to.have.length(7)
	}
})
