import {expect} from 'chai'
import {pino} from 'pino'
import {systemClock} from '../../src/clock.ts'
import {parseConfig} from '../../src/config/parse.ts'
import {createObservation} from '../../src/observe/create-observation.ts'
import {noEvents} from '../../src/observe/event-sink.ts'
import {freePort} from './http/free-port.ts'
import {NO_READINGS, NO_TRAFFIC} from './metrics/readings.ts'

/** Closes what a test has opened, whatever became of it: an open server would keep mocha from ending. */
const open: (() => void)[] = []

const start = async (fields: Readonly<Record<string, unknown>>, signal = new AbortController().signal) => {
	const lines: string[] = []
	const config = parseConfig('', {nodeName: 'n1', source: 'manifests', clusterCIDR: ['10.244.0.0/16'], ...fields})
	const log = pino({level: 'debug'}, {write: (line: string) => void lines.push(JSON.parse(line).msg)})
	const {observer, listen} = createObservation({
		...{config, families: ['ipv4'], clock: systemClock, log, events: noEvents, isEnding: () => signal.aborted},
		traffic: NO_TRAFFIC,
		readings: () => ({...NO_READINGS, pending: () => ({services: 3, endpointSlices: 7})}),
	})
	const listenUntilClosed = async () => {
		const close = await listen()
		open.push(close)
		return close
	}
	return {observer, listen: listenUntilClosed, lines}
}

const ask = async (port: number, path: string) => {
	const response = await fetch(`http://127.0.0.1:${port}${path}`)
	return {status: response.status, text: await response.text(), type: response.headers.get('content-type')}
}

describe('what a running kube-lvs tells', () => {
	afterEach(() => {
		for (const close of open.splice(0)) {
			close()
		}
	})

	it('is that it is not ready any more while it is ending, but alive and balancing', async () => {
		const port = await freePort()
		const ending = new AbortController()
		const {observer, listen} = await start(
			{healthzBindAddress: `127.0.0.1:${port}`, metricsBindAddress: ''},
			ending.signal,
		)
		await listen()
		observer.synced({kind: 'first', done: new Map(), failures: [], milliseconds: 1, services: 0})
		expect(await ask(port, '/readyz')).to.include({status: 200})
		ending.abort()
		const {status, text} = await ask(port, '/readyz')
		expect({status, reasons: JSON.parse(text).reasons}).to.deep.equal({status: 503, reasons: ['it is ending']})
		expect(await ask(port, '/livez')).to.include({status: 200})
		expect(await ask(port, '/healthz')).to.include({status: 200})
	})

	it('is health on one port, metrics and configuration on another', async () => {
		const [health, metrics] = [await freePort(), await freePort()]
		const {observer, listen} = await start({
			healthzBindAddress: `127.0.0.1:${health}`,
			metricsBindAddress: `127.0.0.1:${metrics}`,
		})
		const close = await listen()
		expect(await ask(health, '/readyz')).to.include({status: 503})
		observer.synced({kind: 'first', done: new Map(), failures: [], milliseconds: 1, services: 0})
		expect(await ask(health, '/readyz')).to.include({status: 200})
		expect(await ask(health, '/healthz')).to.include({status: 200, type: 'application/json'})
		expect(await ask(health, '/livez')).to.include({status: 200})
		expect(await ask(metrics, '/healthz')).to.include({status: 200, text: 'ok'})
		expect(await ask(metrics, '/proxyMode')).to.include({status: 200, text: 'ipvs'})
		const configz = await ask(metrics, '/configz')
		expect(configz).to.include({status: 200, type: 'application/json'})
		expect(JSON.parse(configz.text)).to.deep.include({
			nodeName: 'n1',
			clusterCIDR: ['10.244.0.0/16'],
			scheduler: 'rr',
		})
		const {text, type} = await ask(metrics, '/metrics')
		expect(type).to.match(/^text\/plain; version=/)
		expect(text).to.include('kubeproxy_proxy_healthz_total{code="200"} 1')
		expect(text).to.include('kubeproxy_proxy_livez_total{code="200"} 1')
		expect(text).to.include('kubeproxy_sync_proxy_rules_endpoint_changes_pending 7')
		expect(text).to.include('process_cpu_seconds_total')
		close()
		expect(await ask(health, '/healthz').catch(() => 'gone')).to.equal('gone')
		expect(await ask(metrics, '/healthz').catch(() => 'gone')).to.equal('gone')
	})

	it('is nothing where both addresses are empty', async () => {
		const {listen, lines} = await start({healthzBindAddress: '', metricsBindAddress: ''})
		const close = await listen()
		close()
		expect(lines).to.deep.equal([])
	})

	it('goes on without the server that cannot be opened, and says so', async () => {
		const port = await freePort()
		const address = `127.0.0.1:${port}`
		const first = await start({healthzBindAddress: address, metricsBindAddress: ''})
		await first.listen()
		const second = await start({healthzBindAddress: address, metricsBindAddress: ''})
		await second.listen()
		expect(second.lines).to.have.lengthOf(1)
		expect(second.lines[0]).to.match(/^healthzBindAddress: cannot listen on .*: EADDRINUSE, .*kube-proxy/)
	})

	it('ends with an error where that is asked for, and leaves no server behind', async () => {
		const [taken, free] = [await freePort(), await freePort()]
		const first = await start({healthzBindAddress: `127.0.0.1:${taken}`, metricsBindAddress: ''})
		await first.listen()
		const second = await start({
			healthzBindAddress: `127.0.0.1:${free}`,
			metricsBindAddress: `127.0.0.1:${taken}`,
			bindAddressHardFail: true,
		})
		const error = await second.listen().catch(error => error)
		expect(error.message).to.include(`metricsBindAddress: cannot listen on 127.0.0.1:${taken}: EADDRINUSE`)
		expect(await ask(free, '/healthz').catch(() => 'gone')).to.equal('gone')
	})
})
