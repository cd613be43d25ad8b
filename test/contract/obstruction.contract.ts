import {expect} from 'chai'
import {applyPlan} from '../../src/kernel/apply.ts'
import {type Kernel, openKernel, readKernel} from '../../src/kernel/kernel.ts'
import {FIXED, planWhole, wanted} from '../plan/build.ts'
import {describeContract, type OpenDoors} from './bench.ts'

const SET = 'KUBE-CLUSTER-IP'
const ENTRY = '10.96.0.10,tcp:80'
/** Milliseconds: a real kernel is asked for everything several times. */
const TIMEOUT = 300_000
const want = wanted({members: {[SET]: [ENTRY], 'KUBE-6-CLUSTER-IP': ['fd00:96::a,tcp:80']}})

/** A set of our name that is not as ours, whoever made it: kernels swap only sets of one type and family. */
export const describeObstructionContract = (name: string, open: OpenDoors): void =>
	describeContract(`a set in the way on ${name}`, open, bench => {
		const sync = async (kernel: Kernel) => {
			const plan = planWhole(want, await readKernel(kernel, FIXED.sysctls))
			const outcomes = await applyPlan(kernel, plan)
			return outcomes.flatMap(({error}) => (error ? [error.message] : []))
		}
		const restore = (...lines: readonly string[]) => bench().loadSets(lines)
		const isInPlace = async (kernel: Kernel) => {
			const {sets, tables} = await readKernel(kernel, [])
			expect(sets.get(SET)).to.deep.equal({definition: FIXED.sets.get(SET), entries: new Set([ENTRY])})
			expect(
				tables
					.get('ipv4')
					?.get('nat')
					?.get('KUBE-SERVICES')
					?.some(rule => rule.includes(SET)),
			).to.equal(true)
		}

		for (const made of [
			'hash:net family inet',
			'hash:ip,port family inet maxelem 1024',
			'hash:ip,port family inet skbinfo',
		]) {
			it(`is replaced: ${made}, and the chains of ours that name it stand again`, async () => {
				const kernel = openKernel(bench().doors)
				await restore(`create ${SET} ${made}`)
				const rules = FIXED.rulesets.filter(({family}) => family === 'ipv4')
				const others = [...FIXED.sets.values()].filter(({name, family}) => family === 'ipv4' && name !== SET)
				await kernel.ipset.apply(others.map(definition => ({kind: 'create-set', definition})))
				const restored = rules.map(ruleset => ({kind: 'restore-rules', ruleset, missing: ruleset.jumps}) as const)
				expect(await kernel.iptables.apply(restored)).to.deep.equal([undefined])
				expect(await sync(kernel)).to.deep.equal([])
				await isInPlace(kernel)
				expect(planWhole(want, await readKernel(kernel, FIXED.sysctls))).to.deep.equal([])
			}).timeout(TIMEOUT)
		}

		it('is replaced when it is of the other family, which no rule can name', async () => {
			const kernel = openKernel(bench().doors)
			await restore(`create ${SET} hash:ip,port family inet6`)
			expect(await sync(kernel)).to.deep.equal([])
			await isInPlace(kernel)
		}).timeout(TIMEOUT)

		it('that somebody else uses is named with its type, and the other family is served', async () => {
			const kernel = openKernel(bench().doors)
			await restore(`create ${SET} hash:net`)
			const variant = await kernel.iptables.variant()
			const foreign = ['*nat', ':THEIRS - [0:0]', `-A THEIRS -m set --match-set ${SET} dst -j RETURN`, 'COMMIT', '']
			const program = `iptables-${variant}-restore`
			await bench().doors.exec.run(program, ['--noflush', '-w', '5'], foreign.join('\n'))
			const errors = await sync(kernel)
			expect(errors[0]).to.match(/replace-set KUBE-CLUSTER-IP hash:ip,port in place of hash:net.* in use/)
			const {sets, tables} = await readKernel(kernel, [])
			expect([...(sets.get('KUBE-6-CLUSTER-IP')?.entries ?? [])]).to.deep.equal(['fd00:96::a,tcp:80'])
			expect(tables.get('ipv6')?.get('nat')?.has('KUBE-SERVICES')).to.equal(true)

			const removal = ['*nat', ':THEIRS - [0:0]', '-X THEIRS', 'COMMIT', '']
			await bench().doors.exec.run(program, ['--noflush', '-w', '5'], removal.join('\n'))
			expect(await sync(kernel), 'once nobody uses it').to.deep.equal([])
			await isInPlace(kernel)
		}).timeout(TIMEOUT)
	})
