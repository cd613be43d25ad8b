import {expect} from 'chai'
import {answerHealth} from '../../../src/observe/health/health-answers.ts'
import type {HealthReport} from '../../../src/observe/health/proxy-health.ts'

const UPDATED = Date.UTC(2026, 0, 1, 12, 0, 0)
const NOW = UPDATED + 90_000
const AT_UPDATE = '2026-01-01T12:00:00.000Z'
const AT_NOW = '2026-01-01T12:01:30.000Z'

const report = (isHealthy: boolean, notReady: readonly string[] = []): HealthReport => ({
	isHealthy,
	families: new Map([
		['ipv4', {isHealthy: true, lastUpdated: UPDATED - 1000}],
		['ipv6', {isHealthy, lastUpdated: UPDATED}],
	]),
	notReady,
})

const ask = (path: string, state: HealthReport, isEligible = true) => {
	const answer = answerHealth(path, state, isEligible, NOW)
	return {...answer, body: JSON.parse(answer?.body ?? 'null')}
}

const status = (isHealthy: boolean) => ({
	IPv4: {lastUpdated: '2026-01-01T11:59:59.000Z', healthy: true},
	IPv6: {lastUpdated: AT_UPDATE, healthy: isHealthy},
})

describe('the answers of the health server', () => {
	it('are those of kube-proxy for a healthy proxy on a node that stays', () => {
		expect(ask('/healthz', report(true))).to.deep.equal({
			status: 200,
			headers: {'Content-Type': 'application/json', 'X-Content-Type-Options': 'nosniff'},
			body: {lastUpdated: AT_NOW, currentTime: AT_NOW, nodeEligible: true, healthy: true, status: status(true)},
		})
		expect(ask('/livez', report(true)).body).to.deep.equal({
			...{lastUpdated: AT_NOW, currentTime: AT_NOW, healthy: true, status: status(true)},
		})
	})

	it('have the fields in the order of kube-proxy', () => {
		const text = answerHealth('/healthz', report(true), true, NOW)?.body ?? ''
		expect(Object.keys(JSON.parse(text))).to.deep.equal([
			...['lastUpdated', 'currentTime', 'nodeEligible', 'healthy', 'status'],
		])
	})

	it('are 503 with the time of the latest update for a proxy that is late', () => {
		for (const path of ['/healthz', '/livez']) {
			const {status: code, body} = ask(path, report(false))
			expect(code, path).to.equal(503)
			expect(body, path).to.deep.include({lastUpdated: AT_UPDATE, healthy: false, status: status(false)})
		}
	})

	it('let only /healthz fail for a node that is about to go', () => {
		const {status: code, body} = ask('/healthz', report(true), false)
		expect(code).to.equal(503)
		expect(body).to.include({healthy: true, nodeEligible: false})
		expect(ask('/livez', report(true), false).status).to.equal(200)
		expect(ask('/livez', report(true), false).body).to.not.have.property('nodeEligible')
		expect(ask('/readyz', report(true), false).status).to.equal(200)
	})

	it('have the zero time of Go before anything was updated', () => {
		const nothing: HealthReport = {isHealthy: false, families: new Map(), notReady: []}
		expect(ask('/livez', nothing).body.lastUpdated).to.equal('0001-01-01T00:00:00Z')
	})

	it('say why the proxy is not ready', () => {
		const {status: code, body} = ask('/readyz', report(true, ['ipv6: no sync was successful yet']))
		expect(code).to.equal(503)
		expect(body).to.include({ready: false, currentTime: AT_NOW})
		expect(body.reasons).to.deep.equal(['ipv6: no sync was successful yet'])
		expect(ask('/readyz', report(false)).status).to.equal(200)
	})

	it('are none for other paths', () => {
		expect(answerHealth('/', report(true), true, NOW)).to.equal(undefined)
	})
})
