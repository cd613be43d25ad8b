import {readFileSync, writeFileSync} from 'node:fs'
import {fileURLToPath} from 'node:url'
import {expect} from 'chai'
import {formatExplanation} from '../../src/explain/format.ts'
import {endpoint, node, port, service, slice, slicePort, TERMINATING} from '../acceptance/objects.ts'
import {World} from '../acceptance/world.ts'

interface Situation {
	readonly name: string
	/** Brings `ns/s` into it. */
	readonly make: (world: World) => Promise<void>
}

const annotated = (annotations: Readonly<Record<string, string>>) => ({
	annotations: Object.fromEntries(Object.entries(annotations).map(([name, value]) => [`kube-lvs.io/${name}`, value])),
})

const SITUATIONS: readonly Situation[] = [
	{
		name: 'cluster-ip',
		make: async world => {
			world.given(
				service({clusterIPs: ['10.96.0.10', 'fd00:96::a']}),
				slice(['10.244.1.5', endpoint('10.244.2.5', {ready: false})]),
			)
			await world.settled()
		},
	},
	{
		name: 'local-load-balancer',
		make: async world => {
			world.given(
				service(
					{
						type: 'LoadBalancer',
						externalTrafficPolicy: 'Local',
						loadBalancerSourceRanges: ['198.51.100.0/24'],
						ports: [port({nodePort: 30_080})],
					},
					{ingress: [{ip: '203.0.113.5'}]},
				),
				slice([endpoint('10.244.1.5', {zone: 'za'}), endpoint('10.244.2.5', {zone: 'zb'})]),
			)
			await world.settled()
		},
	},
	{
		name: 'rollout',
		make: async world => {
			const slow = service({}, annotated({'slow-start': '30s', 'drain-deadline': '5m'}))
			const old = ['10.244.1.5', '10.244.2.5', '10.244.2.6']
			world.given(slow, slice(old))
			await world.settled()
			world.kernel.ipvs.setConnections('tcp 10.96.0.10:80', '10.244.2.5:8080', 3)
			world.kernel.ipvs.setConnections('tcp 10.96.0.10:80', '10.244.2.6:8080', 1)
			world.change(slice(['10.244.1.5', endpoint('10.244.2.5', TERMINATING), '10.244.2.7']))
			await world.advance(12_500)
		},
	},
	{
		name: 'zone-hints',
		make: async world => {
			world.given(
				service(),
				slice([
					endpoint('10.244.1.5', {zone: 'za', zones: ['za']}),
					endpoint('10.244.2.5', {zone: 'zb', zones: ['zb']}),
					endpoint('10.244.2.6', {zone: 'zc', zones: ['zb', 'zc']}),
				]),
			)
			await world.settled()
		},
	},
	{
		name: 'weights-and-limits',
		make: async world => {
			world.given(
				node(),
				node({name: 'n2', addresses: ['192.0.2.20'], ...annotated({weight: '4'})}),
				service(
					{},
					annotated({
						weights: 'zone=za 3, 10.244.1.6 0',
						'upper-threshold': '1000',
						'lower-threshold': '800',
						'persistence-timeout': '5m',
						'persistence-prefix-ipv4': '24',
					}),
				),
				slice([
					endpoint('10.244.1.5', {zone: 'za'}),
					endpoint('10.244.1.6', {zone: 'zb'}),
					endpoint('10.244.2.5', {zone: 'zb'}),
					endpoint('10.244.3.5', {zone: 'zb', nodeName: 'n3'}),
				]),
			)
			await world.settled()
		},
	},
	{
		name: 'group',
		make: async world => {
			const ports = [port({name: 'http'}), port({name: 'https', port: 443})]
			const slicePorts = [slicePort({name: 'http', port: 80}), slicePort({name: 'https', port: 443})]
			world.given(
				service(
					{type: 'LoadBalancer', externalTrafficPolicy: 'Local', sessionAffinity: 'ClientIP', ports},
					{ingress: [{ip: '203.0.113.5'}], ...annotated({'group-ports': 'true', 'port-range': 'udp:10000-10999'})},
				),
				slice(['10.244.1.5', '10.244.2.5'], {ports: slicePorts}),
				slice(['10.244.1.6'], {name: 's-2', ports: slicePorts.slice(0, 1)}),
			)
			await world.settled()
		},
	},
	{
		name: 'tunnel',
		make: async world => {
			world.given(
				service({externalIPs: ['203.0.113.9']}, annotated({'forwarding-method': 'tunnel', 'tunnel-type': 'gue'})),
				slice(['10.244.1.5', '10.244.2.5'], {ports: [slicePort({port: 80})]}),
			)
			await world.settled()
		},
	},
	{
		name: 'problems',
		make: async world => {
			world.given(
				service(
					{clusterIP: '10.96.0.11', externalIPs: ['203.0.113.7']},
					{name: 'elder', creationTimestamp: '2020-01-01T00:00:00Z'},
				),
				service(
					{externalIPs: ['203.0.113.7', '198.51.100.6', '192.0.2.20', '127.0.0.1', '2001:db8:f::1']},
					annotated({
						scheduler: 'fastest',
						'persistence-prefix-ipv4': '24',
						wieghts: 'zone=za 3',
						'drain-deadline': '2h',
					}),
				),
				slice(),
				slice(['10.244.2.9'], {service: 'elder', name: 'elder-1'}),
				service({clusterIP: '10.96.0.1'}, {namespace: 'default', name: 'kubernetes'}),
				slice(['198.51.100.6'], {namespace: 'default', service: 'kubernetes', name: 'kubernetes'}),
				node(),
				node({name: 'n2', addresses: ['192.0.2.20']}),
			)
			await world.settled()
		},
	},
]

/** `UPDATE_GOLDEN=1` writes what is printed now; look at the difference before you keep it. */
const goldenOf = (name: string, text: string): string => {
	const path = fileURLToPath(new URL(`golden/${name}.txt`, import.meta.url))
	if (process.env.UPDATE_GOLDEN) {
		writeFileSync(path, text)
	}
	return readFileSync(path, 'utf8')
}

describe('what is explained of a Service', () => {
	for (const {name, make} of SITUATIONS) {
		it(`${name}`, async () => {
			const world = new World({config: {drainInterval: '1s'}}, undefined)
			await make(world)
			const explanation = world.controller.explain('ns/s')
			const text = `${explanation ? formatExplanation(explanation).join('\n') : 'nothing'}\n`
			await world.stop()
			expect(text).to.equal(goldenOf(name, text))
		})
	}
})
