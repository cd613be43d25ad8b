import {expect} from 'chai'
import {FakeKernel} from '../../support/fake-kernel/fake-kernel.ts'
import {service, slice} from '../objects.ts'
import {begin} from '../open.ts'
import {row} from '../row.ts'

const [OLD, NEW] = await Promise.all(
	['iptables v1.6.1', 'iptables v1.8.9 (nf_tables)'].map(async said => {
		const kernel = new FakeKernel()
		kernel.exec.versions.iptables = said
		return (await begin(kernel)).kernel.facts
	}),
)

const LAST = '-m comment --comment "kubernetes service traffic requiring SNAT" -j MASQUERADE'

row('E6', 'iptables 1.6.1 masquerades without --random-fully', {facts: OLD ?? {}}, async world => {
	world.given(service(), slice())
	await world.settled()
	const rules = world.rules('nat', 'KUBE-POSTROUTING')
	expect(rules.at(-1)).to.equal(LAST)
	expect(rules.join()).not.to.include('--random-fully')
})

row('E6', 'iptables 1.8 masquerades with --random-fully, but for hairpins', {facts: NEW ?? {}}, async world => {
	world.given(service(), slice())
	await world.settled()
	const rules = world.rules('nat', 'KUBE-POSTROUTING')
	expect(rules.at(-1)).to.equal(`${LAST} --random-fully`)
	expect(rules[0]).to.match(/KUBE-LOOP-BACK dst,dst,src -j MASQUERADE$/)
})
