import {expect} from 'chai'
import {type Balanced, BalancedTopology} from '../../e2e/scenario/balanced-topology.ts'
import {podsOf} from '../support/answers.ts'
import {eventually} from '../support/eventually.ts'

const PATIENCE = 60_000

describe('a scheduler that the kernel lacks', function () {
	this.timeout(180_000)
	let balanced: BalancedTopology

	before(async () => {
		balanced = await BalancedTopology.create('lacking', 3, '--audit-interval', '1s')
	})

	after(() => balanced?.destroy())

	const sh = (script: string) =>
		balanced.served.topology.exec(balanced.served.topology.node('n1'), 'sh', ['-c', script], {reject: false})

	const schedulerOf = async ({address, port}: Balanced): Promise<string | undefined> => {
		const {stdout} = await sh(`ipvsadm -Ln -t ${address}:${port}`)
		return new RegExp(`^TCP +${address}:${port} (\\w+)`, 'm').exec(stdout)?.[1]
	}

	const problems = (scheduler: string) =>
		balanced.served.kubeLvs.log.filter(({msg}) => msg.includes(`has no scheduler ${scheduler}`))

	const failures = () => balanced.served.kubeLvs.log.filter(({level}) => level === 'error')

	it('costs a Service nothing but the scheduler', async () => {
		const {exitCode} = await sh('ipvsadm -A -f 77 -s twos && ipvsadm -D -f 77')
		const web = await balanced.serve('twos', {annotations: {scheduler: 'twos'}})
		expect(await schedulerOf(web)).to.equal(exitCode === 0 ? 'twos' : 'rr')
		expect(problems('twos')).to.have.length(exitCode === 0 ? 0 : 1)
		expect(podsOf(await balanced.clients.ask({...web, count: 30}))).to.include.members(['a', 'b', 'c'])
		expect(failures()).to.deep.equal([])
	})

	// On a machine's own kernel the loader of modules is not the tests' to switch off.
	if (process.env.KUBE_LVS_KERNEL === 'uml') {
		it('is taken in place when its module has been loaded, and connections stay', async () => {
			await sh(
				'modprobe -r ip_vs_fo; cp /proc/sys/kernel/modprobe /run/loader; echo /bin/false >/proc/sys/kernel/modprobe',
			)
			const other = await balanced.serve('other')
			const web = await balanced.serve('fo', {annotations: {scheduler: 'fo'}})
			expect(await schedulerOf(web)).to.equal('rr')
			expect(problems('fo')).to.have.length(1)
			const held = await balanced.clients.hold({...web, count: 6}, {...other, count: 3})
			const before = podsOf(held.results)
			expect(new Set(before)).to.deep.equal(new Set(['a', 'b', 'c']))
			await sh('cat /run/loader >/proc/sys/kernel/modprobe; modprobe ip_vs_fo')
			await eventually(async () => expect(await schedulerOf(web)).to.equal('fo'), PATIENCE)
			expect(podsOf(await held.again())).to.deep.equal(before)
			expect(new Set(podsOf(await balanced.clients.ask({...web, count: 20}))).size).to.equal(1)
			expect(await schedulerOf(other)).to.equal('rr')
			expect(failures()).to.deep.equal([])
		})
	}
})
