import {expect} from 'chai'
import type {Problem} from '../../../src/model/problem.ts'
import {HealthCheckPorts} from '../../../src/observe/health/health-check-ports.ts'
import type {HealthCheck} from '../../../src/state/service-state.ts'
import {address} from '../../state/build.ts'
import {FakeServers} from '../../support/fake-servers.ts'

const check = (settings: Partial<HealthCheck> = {}): HealthCheck => ({
	family: 'ipv4',
	port: 32000,
	namespace: 'ns',
	name: 's',
	uid: 'u',
	localEndpoints: 2,
	...settings,
})

const ANY = {ipv4: [address('0.0.0.0')], ipv6: [address('::')]}

const start = () => {
	const servers = new FakeServers()
	const problems = new Map<string, readonly Problem[]>()
	const proxy = {isHealthy: true}
	const ports = new HealthCheckPorts({
		open: servers.open,
		isProxyHealthy: () => proxy.isHealthy,
		report: (service, found) => (found.length > 0 ? problems.set(service, found) : problems.delete(service)),
	})
	ports.setAddresses(ANY)
	return {ports, servers, problems, proxy}
}

describe('health-check node ports', () => {
	it('listen on every address of each family of the Service, IPv6 apart from IPv4', async () => {
		const {ports, servers} = start()
		ports.replace('ns/s', [check(), check({family: 'ipv6'})])
		await ports.settle()
		expect(servers.addresses).to.deep.equal(['0.0.0.0:32000', '[::]:32000 ipv6'])
	})

	it('say how many endpoints are here, on any path', async () => {
		const {ports, servers} = start()
		ports.replace('ns/s', [check()])
		await ports.settle()
		expect(await servers.ask('0.0.0.0:32000', '/any')).to.deep.equal({
			status: 200,
			headers: {
				'Content-Type': 'application/json',
				'X-Content-Type-Options': 'nosniff',
				'X-Load-Balancing-Endpoint-Weight': '2',
			},
			body: [
				'{',
				'\t"service": {',
				'\t\t"namespace": "ns",',
				'\t\t"name": "s"',
				'\t},',
				'\t"localEndpoints": 2,',
				'\t"serviceProxyHealthy": true',
				'}',
			].join('\n'),
		})
	})

	it('refuse when there are no endpoints here, and when the proxy is late', async () => {
		const {ports, servers, proxy} = start()
		ports.replace('ns/s', [check()])
		await ports.settle()
		proxy.isHealthy = false
		const late = await servers.ask('0.0.0.0:32000')
		expect(late?.status).to.equal(503)
		expect(JSON.parse(late?.body ?? '')).to.include({localEndpoints: 2, serviceProxyHealthy: false})
		proxy.isHealthy = true
		ports.replace('ns/s', [check({localEndpoints: 0})])
		await ports.settle()
		const empty = await servers.ask('0.0.0.0:32000')
		expect(empty?.status).to.equal(503)
		expect(empty?.headers['X-Load-Balancing-Endpoint-Weight']).to.equal('0')
	})

	it('say nothing new before the sync has brought it to the kernel', async () => {
		const {ports, servers} = start()
		ports.replace('ns/s', [check({localEndpoints: 1})])
		expect(servers.calls).to.deep.equal([])
		await ports.settle()
		ports.replace('ns/s', [check({localEndpoints: 5})])
		expect((await servers.ask('0.0.0.0:32000'))?.headers['X-Load-Balancing-Endpoint-Weight']).to.equal('1')
	})

	it('keep their server when only the number changes', async () => {
		const {ports, servers} = start()
		ports.replace('ns/s', [check({localEndpoints: 1})])
		await ports.settle()
		ports.replace('ns/s', [check({localEndpoints: 3})])
		await ports.settle()
		expect(servers.calls).to.deep.equal(['open 0.0.0.0:32000'])
	})

	it('move with the port of their Service', async () => {
		const {ports, servers} = start()
		ports.replace('ns/s', [check()])
		await ports.settle()
		ports.replace('ns/s', [check({port: 32001})])
		await ports.settle()
		expect(servers.calls).to.deep.equal(['open 0.0.0.0:32000', 'close 0.0.0.0:32000', 'open 0.0.0.0:32001'])
	})

	it('come back to a port that their Service has had before, and has left with all its checks', async () => {
		const {ports, servers} = start()
		for (const checks of [[check()], [check({port: 32001})], [check()], [], [check()]]) {
			ports.replace('ns/s', checks)
			await ports.settle()
			expect(servers.addresses).to.deep.equal(checks.map(({port}) => `0.0.0.0:${port}`))
		}
	})

	it('answer over each family for its own endpoints', async () => {
		const {ports, servers} = start()
		ports.replace('ns/s', [check({localEndpoints: 1}), check({family: 'ipv6', localEndpoints: 3})])
		await ports.settle()
		const weightAt = async (where: string) => (await servers.ask(where))?.headers['X-Load-Balancing-Endpoint-Weight']
		expect(await weightAt('0.0.0.0:32000')).to.equal('1')
		expect(await weightAt('[::]:32000 ipv6')).to.equal('3')
	})

	it('pass from one Service to another within one sync, whichever came first', async () => {
		for (const isReversed of [false, true]) {
			const {ports, servers, problems} = start()
			ports.replace('ns/s', [check()])
			await ports.settle()
			const steps = [() => ports.replace('ns/t', [check({name: 't'})]), () => ports.replace('ns/s', [])]
			for (const step of isReversed ? steps.reverse() : steps) {
				step()
			}
			await ports.settle()
			expect([...problems]).to.deep.equal([])
			expect((await servers.ask('0.0.0.0:32000'))?.body).to.include('"name": "t"')
		}
	})

	it('close when their Service goes', async () => {
		const {ports, servers} = start()
		ports.replace('ns/s', [check(), check({family: 'ipv6'})])
		await ports.settle()
		ports.replace('ns/s', [])
		await ports.settle()
		expect(servers.addresses).to.deep.equal([])
	})

	it('that cannot be opened are a problem of their Service alone, until they can', async () => {
		const {ports, servers, problems} = start()
		servers.taken.add('0.0.0.0:32000')
		ports.replace('ns/s', [check()])
		ports.replace('ns/t', [check({name: 't', port: 32001})])
		await ports.settle()
		expect(servers.addresses).to.deep.equal(['0.0.0.0:32001'])
		expect(problems.get('ns/s')).to.deep.equal([
			{
				object: {kind: 'Service', namespace: 'ns', name: 's', uid: 'u'},
				field: 'spec.healthCheckNodePort',
				reason: 'FailedToStartServiceHealthcheck',
				message: 'cannot listen on 0.0.0.0:32000: EADDRINUSE; tried again with each sync',
				isOfNode: true,
			},
		])
		expect([...problems.keys()]).to.deep.equal(['ns/s'])
		servers.taken.clear()
		await ports.settle()
		expect(servers.addresses).to.deep.equal(['0.0.0.0:32000', '0.0.0.0:32001'])
		expect([...problems]).to.deep.equal([])
	})

	it('follow the addresses of the node', async () => {
		const {ports, servers} = start()
		ports.setAddresses({ipv4: [address('192.0.2.10')], ipv6: []})
		ports.replace('ns/s', [check(), check({family: 'ipv6'})])
		await ports.settle()
		expect(servers.addresses).to.deep.equal(['192.0.2.10:32000'])
		ports.setAddresses({ipv4: [address('192.0.2.10'), address('192.0.2.11')], ipv6: [address('2001:db8::10')]})
		await ports.settle()
		ports.setAddresses({ipv4: [address('192.0.2.11')], ipv6: [address('2001:db8::10')]})
		await ports.settle()
		expect(servers.addresses).to.deep.equal(['192.0.2.11:32000', '[2001:db8::10]:32000 ipv6'])
	})

	it('cost nothing in a sync that does not concern them', async () => {
		const {ports, servers} = start()
		for (let at = 0; at < 100; at++) {
			ports.replace(`ns/s${at}`, [check({name: `s${at}`, port: 30_000 + at})])
		}
		await ports.settle()
		servers.calls.length = 0
		ports.replace('ns/s7', [check({name: 's7', port: 31_000})])
		ports.replace('ns/other', [])
		await ports.settle()
		await ports.settle()
		expect(servers.calls).to.deep.equal(['close 0.0.0.0:30007', 'open 0.0.0.0:31000'])
	})

	it('are all closed at the end, even one that is just being opened', async () => {
		const {ports, servers} = start()
		ports.replace('ns/s', [check()])
		await ports.settle()
		ports.replace('ns/t', [check({name: 't', port: 32001})])
		const settled = ports.settle()
		ports.close()
		await settled
		expect(servers.addresses).to.deep.equal([])
	})
})
