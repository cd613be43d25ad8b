import {mkdtemp, readFile, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {expect} from 'chai'
import {pino} from 'pino'
import {openSource} from '../../src/cli/open-source.ts'
import {systemClock} from '../../src/clock.ts'
import type {Config} from '../../src/config/fields.ts'
import {createLogObserver} from '../../src/observe/log-observer.ts'
import {QUICK_CONFIG, runController} from '../controller/run-controller.ts'
import {sampleNode, sampleService, sampleServiceCIDR, sampleSlice} from '../kubernetes/samples.ts'
import {type PolicyRule, type Role, readRole, rightsOf} from '../support/api-server/role.ts'
import {type ApiServer, startApiServer} from '../support/api-server/start-api-server.ts'
import {eventually} from '../support/eventually.ts'
import {FakeKernel} from '../support/fake-kernel/fake-kernel.ts'
import {RecordingObserver} from '../support/recording-observer.ts'

/** What the chart makes. */
const MANIFESTS = new URL('../../manifests/kube-lvs.yaml', import.meta.url)

const OBJECTS = [
	sampleNode('n1'),
	sampleServiceCIDR('kubernetes', '10.96.0.0/16'),
	sampleService('web', {externalIPs: ['203.0.113.1']}),
	sampleSlice('web-1', ['10.244.0.5', '10.244.0.6']),
]

/** Asks for an address that an older Service has: an Event. */
const LATE = sampleService(
	'late',
	{clusterIP: '10.96.0.2', clusterIPs: ['10.96.0.2'], externalIPs: ['203.0.113.1']},
	{creationTimestamp: '2099-01-01T00:00:00Z'},
)

describe('kube-lvs at an API server that enforces the role of the chart', () => {
	let role: Role
	let server: ApiServer
	let fake: FakeKernel
	let warnings: string[]
	let ends: (() => Promise<unknown>)[]

	before(async () => {
		role = readRole(await readFile(MANIFESTS, 'utf8'))
	})

	beforeEach(() => {
		ends = []
		warnings = []
	})

	afterEach(async () => {
		for (const end of ends.reverse()) {
			await end()
		}
	})

	/** All of the program but for the kernel: `openSource`, the controller, the log and the Events. */
	const start = async (allowed: Role, settings: Partial<Config> = {}) => {
		server = await startApiServer({objects: OBJECTS, role: allowed})
		const folder = await mkdtemp(join(tmpdir(), 'kube-lvs-rights-'))
		const kubeconfig = join(folder, 'kubeconfig')
		await writeFile(kubeconfig, JSON.stringify(server.kubeConfig()))
		const write = (line: string) => {
			const {level, msg} = JSON.parse(line)
			level >= 40 && warnings.push(msg)
		}
		const log = pino({level: 'info'}, {write})
		const config = {...QUICK_CONFIG, kubeconfig, ...settings}
		const {source, events, close} = await openSource(config, log)
		fake = new FakeKernel()
		const recording = new RecordingObserver()
		const running = runController(fake, {...recording, ...createLogObserver(log, events, systemClock)}, config)
		const signal = new AbortController()
		const reading = source.run(running.controller, signal.signal)
		ends.push(
			() => rm(folder, {recursive: true}),
			() => server.close(),
			() => running.stop(),
			async () => close(),
			() => reading,
			async () => signal.abort(),
		)
	}

	const isServed = (ip: string) => fake.dump().some(line => line.includes(`${ip}:80`))
	const untilServed = (ip: string) => eventually(() => expect(isServed(ip), warnings.join('\n')).to.equal(true))
	const used = () => [...new Set(server.requests.map(({right}) => right))].sort()
	const without = (resource: string): Role => ({
		...role,
		clusterRules: role.clusterRules.filter(({resources = []}: PolicyRule) => !resources.includes(resource)),
	})

	for (const watchAllNodes of [true, false]) {
		it(`uses every right of it and no other, with watchAllNodes ${watchAllNodes}`, async () => {
			await start(role, {watchAllNodes})
			await untilServed('203.0.113.1')
			const lists = () => server.requests.filter(({verb}) => verb === 'list').length
			const before = lists()
			await eventually(() => expect(server.openWatches()).to.equal(4))
			server.fault({fault: 'error-event', code: 410})
			await eventually(() => expect(lists()).to.be.least(before + 4))
			server.put(LATE)
			await untilServed('10.96.0.2')
			await eventually(() => expect(server.events().map(({reason}) => reason)).to.include('AddressInUse'))
			expect(used()).to.deep.equal([...rightsOf(role)].sort())
			expect(warnings.filter(message => message.includes('forbidden'))).to.deep.equal([])
		})
	}

	it('does without ServiceCIDRs where the right is missing, and says which', async () => {
		await start(without('servicecidrs'))
		await untilServed('203.0.113.1')
		expect(warnings).to.deep.equal([
			`list ServiceCIDR: 403: servicecidrs.networking.k8s.io is forbidden: User "${role.user}" cannot list resource ` +
				'"servicecidrs" in API group "networking.k8s.io" at the cluster scope; done without it',
		])
	})

	it('does without Events where the right is missing, and says which', async () => {
		await start(without('events'))
		server.put(LATE)
		await untilServed('10.96.0.2')
		const refused = () => warnings.filter(message => message.includes('403'))
		await eventually(() =>
			expect(refused()).to.deep.equal([
				`an Event was not written: 403: events.events.k8s.io is forbidden: User "${role.user}" cannot create resource ` +
					'"events" in API group "events.k8s.io" in the namespace "default"',
			]),
		)
	})

	it('changes nothing where it cannot do without, and says which right is missing', async () => {
		await start(without('endpointslices'))
		await eventually(() => expect(warnings.join('\n')).to.include('cannot list resource "endpointslices"'))
		await eventually(() => expect(server.openWatches()).to.equal(3))
		expect(fake.dump()).to.deep.equal(new FakeKernel().dump())
	})
})
