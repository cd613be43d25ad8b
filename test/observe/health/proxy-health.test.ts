import {expect} from 'chai'
import {ProxyHealth} from '../../../src/observe/health/proxy-health.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND

/** Started at time 0, audits every 30 seconds. */
const start = (): ProxyHealth => {
	const health = new ProxyHealth(30 * SECOND)
	health.started(['ipv4', 'ipv6'], 0)
	return health
}

const healthOf = (health: ProxyHealth, now: number): Readonly<Record<string, boolean>> =>
	Object.fromEntries([...health.report(now).families].map(([family, {isHealthy}]) => [family, isHealthy]))

describe('the health of the proxy', () => {
	it('is good while nothing is asked for, for however long', () => {
		expect(start().report(10 * MINUTE).isHealthy).to.equal(true)
	})

	it('is bad from the moment that the oldest request has waited for two audit intervals', () => {
		const health = start()
		health.requested(['ipv6'], 5 * SECOND)
		health.requested(['ipv6'], 50 * SECOND)
		expect(health.report(65 * SECOND - 1).isHealthy).to.equal(true)
		expect(health.report(65 * SECOND).isHealthy).to.equal(false)
		expect(healthOf(health, 65 * SECOND)).to.deep.equal({ipv4: true, ipv6: false})
	})

	it('is told with the times of a clock that was set meanwhile', () => {
		const health = start()
		health.succeeded('ipv4', 50 * SECOND, 50 * SECOND)
		const {families} = health.report(60 * SECOND, 10 * MINUTE + 60 * SECOND)
		expect(families.get('ipv4')?.lastUpdated).to.equal(10 * MINUTE + 50 * SECOND)
	})

	it('gets well by a successful sync of the late family only', () => {
		const health = start()
		health.requested(['ipv4', 'ipv6'], 0)
		health.succeeded('ipv4', 70 * SECOND, 70 * SECOND)
		expect(healthOf(health, 70 * SECOND)).to.deep.equal({ipv4: true, ipv6: false})
		health.succeeded('ipv6', 71 * SECOND, 71 * SECOND)
		expect(health.report(71 * SECOND).isHealthy).to.equal(true)
		expect(health.report(10 * MINUTE).isHealthy).to.equal(true)
	})

	it('waits no more for what was asked in the very moment in which a sync took all in', () => {
		const health = start()
		health.requested(['ipv4'], 10 * SECOND)
		health.succeeded('ipv4', 10 * SECOND, 11 * SECOND)
		expect(health.report(10 * MINUTE).isHealthy).to.equal(true)
	})

	it('still waits for what was asked while a sync was under way', () => {
		const health = start()
		health.requested(['ipv4'], 0)
		health.requested(['ipv4'], 20 * SECOND)
		health.succeeded('ipv4', 10 * SECOND, 30 * SECOND)
		expect(health.report(10 * SECOND + MINUTE - 1).isHealthy).to.equal(true)
		expect(health.report(20 * SECOND + MINUTE).isHealthy).to.equal(false)
	})

	it('still waits for what was asked after a sync had begun, from that time on', () => {
		const health = start()
		health.requested(['ipv4'], 20 * SECOND)
		health.succeeded('ipv4', 10 * SECOND, 30 * SECOND)
		expect(health.report(20 * SECOND + MINUTE - 1).isHealthy).to.equal(true)
		expect(health.report(20 * SECOND + MINUTE).isHealthy).to.equal(false)
	})

	it('knows nothing of a family that the node does not have', () => {
		const health = new ProxyHealth(30 * SECOND)
		health.started(['ipv4'], 0)
		health.requested(['ipv4', 'ipv6'], 0)
		health.succeeded('ipv4', 1, 1)
		health.succeeded('ipv6', 1, 1)
		expect(healthOf(health, 10 * MINUTE)).to.deep.equal({ipv4: true})
	})
})

describe('the readiness of the proxy', () => {
	const notReady = (health: ProxyHealth, now: number) => health.report(now).notReady

	it('says that it has not started', () => {
		expect(notReady(new ProxyHealth(1), 0)).to.deep.equal(['not started yet'])
	})

	it('comes with the first successful sync of every family', () => {
		const health = start()
		health.succeeded('ipv4', 0, 1)
		expect(notReady(health, 1)).to.deep.equal(['ipv6: no sync was successful yet'])
		health.succeeded('ipv6', 0, 2)
		expect(notReady(health, 2)).to.deep.equal([])
	})

	it('goes when the last successful sync is more than three audit intervals old, even if nothing was asked for', () => {
		const health = start()
		health.succeeded('ipv4', 0, 0)
		health.succeeded('ipv6', 0, 10 * SECOND)
		expect(notReady(health, 90 * SECOND)).to.deep.equal([])
		expect(notReady(health, 95 * SECOND)).to.deep.equal(['ipv4: the last successful sync was 95 seconds ago'])
		health.succeeded('ipv4', 96 * SECOND, 96 * SECOND)
		expect(notReady(health, 97 * SECOND)).to.deep.equal([])
	})
})
