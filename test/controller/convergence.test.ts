import {expect} from 'chai'
import fc from 'fast-check'
import type {EndpointSlice} from '../../src/model/endpoint-slice.ts'
import {type ObjectChange, objectKey} from '../../src/model/object.ts'
import type {Service} from '../../src/model/service.ts'
import type {Address} from '../../src/net/address.ts'
import {service as makeService, servicePort} from '../model/build.ts'
import {FakeKernel} from '../support/fake-kernel/fake-kernel.ts'
import {RecordingObserver} from '../support/recording-observer.ts'
import {freshDump, QUICK_CONFIG, runController, untilCalm, untilQuiet} from './run-controller.ts'

/** What may happen; a small world, so that things meet. */
type Step =
	| {readonly kind: 'change'; readonly change: ObjectChange}
	| {readonly kind: 'pause'}
	| {readonly kind: 'refusal'; readonly errno: 'ENOMEM' | 'EPERM' | 'EBUSY'}
	| {readonly kind: 'lost-reply'}
	| {readonly kind: 'failing-program'; readonly program: string}
	| {readonly kind: 'restart'}

const addresses = (...texts: string[]): Address[] => texts as Address[]

const service = fc
	.record({
		index: fc.nat(3),
		createdAt: fc.nat(2),
		externalIPs: fc.uniqueArray(
			fc.constantFrom(...addresses('203.0.113.1', '203.0.113.2', '2001:db8:f::1', '192.0.2.10')),
		),
		loadBalancerIPs: fc.uniqueArray(fc.constantFrom(...addresses('203.0.113.2', '203.0.113.3'))),
		nodePort: fc.constantFrom(0, 30001, 30002),
		affinitySeconds: fc.constantFrom(undefined, undefined, 600),
		protocol: fc.constantFrom('tcp' as const, 'udp' as const, 'sctp' as const),
		isHeadless: fc.nat(9).map(number => number === 0),
	})
	.map(({index, nodePort, protocol, isHeadless, ...rest}): Service => {
		const clusterIPs = isHeadless ? [] : addresses(`10.96.0.${index}`, `fd00:96::${index + 1}`)
		const ports = [servicePort({protocol, nodePort})]
		return makeService({...rest, name: `s${index}`, type: 'LoadBalancer', clusterIPs, ports})
	})

const slice = fc
	.record({
		index: fc.nat(3),
		service: fc.nat(3),
		isIPv6: fc.boolean(),
		protocol: fc.constantFrom('tcp' as const, 'udp' as const, 'sctp' as const),
		pods: fc.uniqueArray(
			fc.record({number: fc.integer({min: 1, max: 4}), ready: fc.boolean(), isLocal: fc.boolean()}),
			{
				selector: ({number}) => number,
			},
		),
	})
	.map(
		({index, service, isIPv6, protocol, pods}): EndpointSlice => ({
			namespace: 'ns',
			name: `slice${index}`,
			serviceName: `s${service}`,
			family: isIPv6 ? 'ipv6' : 'ipv4',
			ports: [{name: 'p', protocol, port: 8080}],
			endpoints: pods.map(({number, ready, isLocal}) => ({
				address: (isIPv6 ? `fd00:244::${number}` : `10.244.0.${number}`) as Address,
				nodeName: isLocal ? 'n1' : 'n2',
				ready,
				serving: ready,
				terminating: false,
				zoneHints: [],
				nodeHints: [],
			})),
			triggeredAt: undefined,
			problems: [],
		}),
	)

const change: fc.Arbitrary<ObjectChange> = fc.oneof(
	service.map((object): ObjectChange => ({kind: 'Service', key: objectKey('ns', object.name), object})),
	slice.map((object): ObjectChange => ({kind: 'EndpointSlice', key: objectKey('ns', object.name), object})),
	fc.nat(3).map((index): ObjectChange => ({kind: 'Service', key: `ns/s${index}`, object: undefined})),
	fc.nat(3).map((index): ObjectChange => ({kind: 'EndpointSlice', key: `ns/slice${index}`, object: undefined})),
)

const step: fc.Arbitrary<Step> = fc.oneof(
	{weight: 12, arbitrary: change.map((change): Step => ({kind: 'change', change}))},
	{weight: 4, arbitrary: fc.constant<Step>({kind: 'pause'})},
	{weight: 1, arbitrary: fc.constantFrom('ENOMEM', 'EPERM', 'EBUSY').map((errno): Step => ({kind: 'refusal', errno}))},
	{weight: 1, arbitrary: fc.constant<Step>({kind: 'lost-reply'})},
	{
		weight: 1,
		arbitrary: fc
			.constantFrom('ipset', 'iptables-nft-restore')
			.map((program): Step => ({kind: 'failing-program', program})),
	},
	{weight: 1, arbitrary: fc.constant<Step>({kind: 'restart'})},
)

/** The latest state of every object that was told of. */
const latest = (steps: readonly Step[]): ReadonlyMap<string, ObjectChange> => {
	const objects = new Map<string, ObjectChange>()
	for (const step of steps) {
		if (step.kind === 'change') {
			objects.set(`${step.change.kind} ${step.change.key}`, step.change)
		}
	}
	return objects
}

const wait = (milliseconds: number) => new Promise(resolve => setTimeout(resolve, milliseconds))

const play = async (fake: FakeKernel, steps: readonly Step[]): Promise<readonly string[]> => {
	const observer = new RecordingObserver()
	let running = runController(fake, observer)
	running.allSynced()
	for (const [at, step] of steps.entries()) {
		switch (step.kind) {
			case 'change':
				running.controller.change(step.change)
				break
			case 'pause':
				await wait(3)
				break
			case 'refusal':
				fake.failNext({kind: 'errno', errno: step.errno})
				break
			case 'lost-reply':
				fake.loseReplies()
				break
			case 'failing-program':
				fake.failNext({kind: 'exec', program: step.program, exitCode: 1, stderr: 'no luck'})
				break
			case 'restart':
				await running.stop()
				running = runController(fake, observer)
				for (const change of latest(steps.slice(0, at)).values()) {
					running.controller.change(change)
				}
				running.allSynced()
				break
			default:
				step satisfies never
		}
	}
	fake.faults.clear()
	await untilCalm(observer)
	await running.stop()
	return fake.dump()
}

describe('the state of the kernel', function () {
	this.timeout(120_000)

	it('after any order of changes, failures and restarts is that of a fresh start with the last objects', async () => {
		await fc.assert(
			fc.asyncProperty(fc.array(step, {maxLength: 40, size: 'max'}), async steps => {
				const reached = await play(new FakeKernel(), steps)
				const expected = await freshDump(new FakeKernel(), latest(steps).values())
				expect(reached).to.deep.equal(expected)
			}),
			{numRuns: 60},
		)
	})

	it('is the same when changes alone lead to it, without any audit after the first', async () => {
		const peaceful = fc.array(
			fc.tuple(change, fc.boolean()).map(([change, isSynced]) => ({change, isSynced})),
			{minLength: 5, maxLength: 40, size: 'max'},
		)
		await fc.assert(
			fc.asyncProperty(peaceful, async steps => {
				const fake = new FakeKernel()
				const observer = new RecordingObserver()
				const {controller, allSynced, stop} = runController(fake, observer, {...QUICK_CONFIG, auditInterval: 3_600_000})
				allSynced()
				await observer.untilSyncs(1)
				for (const {change, isSynced} of steps) {
					controller.change(change)
					// No sync follows what changes nothing.
					await (isSynced ? Promise.race([observer.untilSyncs(observer.syncs.length + 1), wait(10)]) : undefined)
				}
				await untilQuiet(observer)
				await stop()
				expect(observer.syncs.map(({kind}) => kind)).to.not.include('audit')
				const objects = latest(steps.map(({change}) => ({kind: 'change', change})))
				expect(fake.dump()).to.deep.equal(await freshDump(new FakeKernel(), objects.values()))
			}),
			{numRuns: 60},
		)
	})
})
