import {expect} from 'chai'
import {systemClock} from '../../src/clock.ts'
import {IpsetClient} from '../../src/kernel/ipset/client.ts'
import {IptablesClient} from '../../src/kernel/iptables/client.ts'
import {openSystemDoors} from '../../src/kernel/system-doors.ts'
import {FAMILIES} from '../../src/net/address.ts'
import {SET_DEFINITIONS} from '../../src/state/ipset.ts'
import {hasChain, hasRule} from '../../src/state/iptables.ts'
import {golden, RULESETS, rulesetNamed} from './rulesets.ts'

describe('the fixed rules on the real kernel', function () {
	this.timeout(300_000)
	const doors = openSystemDoors(systemClock)
	const iptables = new IptablesClient(doors)

	before(async () => {
		if (!process.env.KUBE_LVS_KERNEL) {
			throw new Error('changes the rules of the kernel it runs on: start it with `node e2e/kernel/run.ts`')
		}
		const creations = [...SET_DEFINITIONS.values()].map(definition => ({kind: 'create-set', definition}) as const)
		expect(new Set(await new IpsetClient(doors).apply(creations))).to.deep.equal(new Set([undefined]))
	})

	after(async () => {
		for (const family of FAMILIES) {
			await iptables.apply([{kind: 'remove-rules', ruleset: rulesetNamed('cluster-cidr', family)}])
		}
		await new IpsetClient(doors).apply([...SET_DEFINITIONS.keys()].map(name => ({kind: 'destroy-set', name}) as const))
		doors.netlink.close()
	})

	for (const family of FAMILIES) {
		for (const title of Object.keys(RULESETS)) {
			it(`are understood by iptables-restore: ${title}-${family}`, async () => {
				const program = `${family === 'ipv4' ? 'iptables' : 'ip6tables'}-${await iptables.variant()}-restore`
				const {exitCode, stderr} = await doors.exec.run(program, ['--test', '--noflush'], golden(`${title}-${family}`))
				expect(stderr).to.equal('')
				expect(exitCode).to.equal(0)
			})

			it(`are read back word for word, so that an audit has nothing to mend: ${title}-${family}`, async () => {
				const ruleset = rulesetNamed(title, family)
				expect(await iptables.apply([{kind: 'restore-rules', ruleset, missing: []}])).to.deep.equal([undefined])
				const saved = (await iptables.read([family])).tables.get(family)
				for (const chain of ruleset.chains) {
					expect(saved?.get(chain.table)?.get(chain.name), chain.name).to.deep.equal(chain.rules)
					expect(hasChain(saved, chain)).to.equal(true)
				}
			})
		}

		it(`have jumps that are read back word for word: ${family}`, async () => {
			const ruleset = rulesetNamed('cluster-cidr', family)
			await iptables.apply([{kind: 'restore-rules', ruleset, missing: ruleset.jumps}])
			const saved = (await iptables.read([family])).tables.get(family)
			expect(ruleset.jumps.filter(jump => !hasRule(saved, jump))).to.deep.equal([])
		})
	}
})
