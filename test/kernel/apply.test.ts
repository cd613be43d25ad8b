import {expect} from 'chai'
import {applyPlan} from '../../src/kernel/apply.ts'
import {openKernel, readKernel} from '../../src/kernel/kernel.ts'
import type {Operation} from '../../src/plan/operation.ts'
import {SET_DEFINITIONS} from '../../src/state/ipset.ts'
import {address, realServer, virtualServer} from '../state/build.ts'
import {FakeKernel} from '../support/fake-kernel/fake-kernel.ts'

const server = virtualServer('tcp 10.96.0.10:80')
const other = virtualServer('tcp 10.96.0.11:80')
const addServer: Operation = {kind: 'add-virtual-server', server}
const bind: Operation = {kind: 'bind-vip', address: address('10.96.0.10'), binding: 'address'}

const apply = async (kernel: FakeKernel, ...plan: readonly Operation[]) =>
	(await applyPlan(openKernel(kernel.doors), plan)).map(({error}) => error?.message)

describe('applying a plan', () => {
	it('takes what is there already, or is gone already, as done', async () => {
		const kernel = new FakeKernel()
		const removal: Operation[] = [
			{kind: 'delete-real-server', server, realServer: realServer('10.244.1.5:80')},
			{kind: 'delete-virtual-server', server},
			{kind: 'unbind-vip', address: address('10.96.0.10'), binding: 'address'},
			{kind: 'unbind-vip', address: address('10.96.0.10'), binding: 'route'},
		]
		expect(await apply(kernel, {kind: 'create-device'}, addServer, bind)).to.deep.equal([
			undefined,
			undefined,
			undefined,
		])
		expect(await apply(kernel, {kind: 'create-device'}, addServer, bind)).to.deep.equal([
			undefined,
			undefined,
			undefined,
		])
		expect(await apply(kernel, ...removal)).to.deep.equal(removal.map(() => undefined))
		expect(await apply(kernel, ...removal)).to.deep.equal(removal.map(() => undefined))
	})

	it('gives what is there already, and was added by somebody else, the settings that were asked for', async () => {
		const kernel = new FakeKernel()
		const target = realServer('10.244.1.5:80')
		kernel.ipvs.load({...server, scheduler: 'lc'}, [{...target, weight: 7, forwarding: 'tunnel'}])
		const plan: readonly Operation[] = [
			addServer,
			{kind: 'add-real-server', server, realServer: realServer('10.244.1.4:80')},
			{kind: 'add-real-server', server, realServer: target},
		]
		expect(await apply(kernel, ...plan)).to.deep.equal([undefined, undefined, undefined])
		const present = kernel.ipvs.servers.get(server.key)
		expect(present?.server).to.deep.equal(server)
		expect(present?.realServers.get(target.key)?.realServer).to.deep.equal(target)
	})

	it('says what the kernel says when that does not succeed', async () => {
		const kernel = new FakeKernel()
		kernel.ipvs.load(server)
		kernel.failNext({kind: 'errno', command: 'set-service', errno: 'ENOMEM'})
		expect(await apply(kernel, addServer)).to.deep.equal(['add-virtual-server tcp 10.96.0.10:80 rr: ENOMEM'])
	})

	it('does not take a change of what is not there as done', async () => {
		expect(await apply(new FakeKernel(), {kind: 'update-virtual-server', server})).to.deep.equal([
			'update-virtual-server tcp 10.96.0.10:80 rr: ESRCH',
		])
	})

	it('names operation, object and errno of a failure, and goes on', async () => {
		const kernel = new FakeKernel()
		kernel.failNext({kind: 'errno', command: 'new-service', errno: 'EPERM'})
		expect(await apply(kernel, addServer, {kind: 'add-virtual-server', server: other})).to.deep.equal([
			'add-virtual-server tcp 10.96.0.10:80 rr: EPERM',
			undefined,
		])
		expect([...kernel.ipvs.servers.keys()]).to.deep.equal([other.key])
	})

	it('skips all that stands on a kernel setting, device, set or rule that failed', async () => {
		const kernel = new FakeKernel()
		kernel.failNext({kind: 'errno', command: 'new-link', errno: 'ENOMEM'})
		expect(await apply(kernel, {kind: 'create-device'}, addServer, bind)).to.deep.equal([
			'create-device kube-ipvs0: ENOMEM',
			'add-virtual-server tcp 10.96.0.10:80 rr: skipped, because what it stands on failed',
			'bind-vip 10.96.0.10 (address): skipped, because what it stands on failed',
		])
		expect(kernel.changes.size).to.equal(0)
	})

	it('counts a kernel setting that this process may not write as neither done nor failed, and remembers it', async () => {
		for (const code of ['EROFS', 'EACCES', 'EPERM']) {
			const fake = new FakeKernel()
			const path = 'net/ipv4/ip_forward'
			const kernel = openKernel(fake.doors)
			const plan: Operation[] = [{kind: 'set-sysctl', sysctl: {path, value: '1', why: ''}}, addServer]
			fake.failNext({kind: 'write', path: `/proc/sys/${path}`, code})
			expect((await applyPlan(kernel, plan)).map(({operation, error}) => [operation.kind, error])).to.deep.equal([
				['add-virtual-server', undefined],
			])
			expect(kernel.sysctl.refused).to.have.lengthOf(1)
			await kernel.sysctl.read([path])
			expect(kernel.sysctl.refused[0]).to.deep.include({code, sysctl: {path, value: '1', why: ''}})
			fake.files.texts.set(`/proc/sys/${path}`, '1\n')
			await kernel.sysctl.read([path])
			expect(kernel.sysctl.refused).to.deep.equal([])
		}
	})

	it('takes a kernel setting that is not there for a failure', async () => {
		const sysctl = {path: 'net/ipv4/nosuch', value: '1', why: ''}
		expect(await apply(new FakeKernel(), {kind: 'set-sysctl', sysctl})).to.have.lengthOf(1)
	})

	it('says of operations whose answer was lost that it is not known what became of them', async () => {
		const kernel = new FakeKernel()
		await readKernel(openKernel(kernel.doors), [])
		const client = openKernel(kernel.doors)
		await client.ipvs.read()
		kernel.loseReplies()
		const outcomes = await applyPlan(client, [addServer, {kind: 'add-virtual-server', server: other}])
		expect(outcomes.map(({error}) => error?.code)).to.deep.equal(['LOST', 'LOST'])
		expect([...kernel.ipvs.servers.keys()]).to.deep.equal([server.key])
	})

	it('turns a subsystem that is missing altogether into failures', async () => {
		const kernel = new FakeKernel()
		kernel.ipvs.isLoaded = false
		expect(await apply(kernel, addServer)).to.deep.equal(['add-virtual-server tcp 10.96.0.10:80 rr: ENOENT'])
		kernel.failNext({kind: 'write', path: '/proc/sys/net/ipv4/ip_forward', code: 'EINVAL'})
		const [setting] = await apply(kernel, {
			kind: 'set-sysctl',
			sysctl: {path: 'net/ipv4/ip_forward', value: '1', why: 'no packet reaches a pod'},
		})
		expect(setting).to.match(/^set-sysctl net\/ipv4\/ip_forward = 1 .*: EINVAL/)
	})
})

describe('a plan of two hundred thousand operations', () => {
	it('is applied like any other', async () => {
		const kernel = new FakeKernel()
		const definition = SET_DEFINITIONS.get('KUBE-NODE-PORT-TCP') ?? expect.fail('no set')
		const operations = Array.from({length: 200_000}, (_, at): Operation => {
			return {kind: 'add-set-entry', definition, entry: String(at % 30_000)}
		})
		const outcomes = await applyPlan(openKernel(kernel.doors), [{kind: 'create-set', definition}, ...operations])
		expect(outcomes.filter(({error}) => error).length).to.equal(0)
		expect(outcomes.length).to.equal(200_001)
	})
})
