import {expect} from 'chai'
import {detectVariant} from '../../../src/kernel/iptables/variant.ts'
import {FakeKernel} from '../../support/fake-kernel/fake-kernel.ts'

const chain = (name: string, rules = 0): string =>
	`*nat\n:${name} - [0:0]\n${`-A ${name} -j RETURN\n`.repeat(rules)}COMMIT\n`

interface Case {
	readonly title: string
	readonly nft?: string
	readonly legacy?: string
	readonly expected: 'nft' | 'legacy'
}

const CASES: readonly Case[] = [
	{title: 'nft on a fresh node', expected: 'nft'},
	{title: 'legacy where it has the hint of the kubelet', legacy: chain('KUBE-KUBELET-CANARY'), expected: 'legacy'},
	{
		title: 'nft where it has the hint, whatever rules legacy has',
		nft: chain('KUBE-IPTABLES-HINT'),
		legacy: chain('THEIRS', 5),
		expected: 'nft',
	},
	{title: 'the one with more rules', nft: chain('A', 1), legacy: chain('B', 2), expected: 'legacy'},
	{title: 'nft when both have as many rules', nft: chain('A', 2), legacy: chain('B', 2), expected: 'nft'},
]

describe('the variant of iptables', () => {
	for (const {title, nft, legacy, expected} of CASES) {
		it(`is ${title}`, async () => {
			const kernel = new FakeKernel({variant: 'nft'})
			kernel.iptables.load('ipv4', nft ?? '', 'nft')
			kernel.iptables.load('ipv4', legacy ?? '', 'legacy')
			expect(await detectVariant(kernel.doors)).to.equal(expected)
		})
	}

	it('is legacy where the kernel has no nf_tables', async () => {
		expect(await detectVariant(new FakeKernel({variant: 'legacy'}).doors)).to.equal('legacy')
	})

	const withFailing = (program: string, exitCode: number) => {
		const {doors} = new FakeKernel({variant: 'nft'})
		const run: typeof doors.exec.run = async (name, ...rest) =>
			name === program ? {exitCode, stdout: '', stderr: 'no luck'} : doors.exec.run(name, ...rest)
		return {...doors, exec: {...doors.exec, run}}
	}

	for (const program of ['iptables-nft-save', 'iptables-legacy-save']) {
		it(`is not guessed where ${program} fails`, async () => {
			const error = await detectVariant(withFailing(program, 1)).catch(error => error)
			expect(error).to.have.property('message').that.contains(`${program}: no luck`)
		})

		it(`has no rules where there is no ${program}`, async () => {
			expect(await detectVariant(withFailing(program, 127))).to.equal('nft')
		})
	}
})
