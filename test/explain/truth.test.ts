import {expect} from 'chai'
import fc from 'fast-check'
import type {AddressExplanation, EndpointExplanation} from '../../src/explain/explanation.ts'
import {node} from '../acceptance/objects.ts'
import {World} from '../acceptance/world.ts'
import {type AnyChange, anyChange} from '../controller/arbitrary-objects.ts'

/** The real servers with their weights that an explanation tells of one virtual server. */
const toldOf = ({policy}: AddressExplanation, endpoints: readonly EndpointExplanation[]) =>
	Object.fromEntries(
		endpoints.flatMap(endpoint => {
			const place = policy === 'Local' ? endpoint.local : endpoint.cluster
			return place?.weight ? [[endpoint.address, place.weight.now]] : []
		}),
	)

interface Told {
	readonly server: string
	readonly realServers: Readonly<Record<string, number | undefined>>
}

/** Of every virtual server of one Service that listens on an address. */
const toldOfAll = (world: World, service: string): readonly Told[] => {
	const explanation = world.controller.explain(service)
	const ports = explanation?.ports.items ?? []
	return ports.flatMap(({addresses, endpoints}) =>
		addresses.items.flatMap(address =>
			address.server && !address.server.key.startsWith('firewall-mark')
				? [{server: address.server.key, realServers: toldOf(address, endpoints.items)}]
				: [],
		),
	)
}

const compare = async (changes: readonly AnyChange[]): Promise<number> => {
	const world = new World({}, undefined)
	world.given(node())
	for (const {object, isGone} of changes) {
		isGone ? world.remove(object) : world.change(object)
	}
	await world.settled()
	const services = new Set(changes.map(({object: {metadata}}) => `${metadata.namespace}/${metadata.name}`))
	const all = [...services].flatMap(service => toldOfAll(world, service))
	// Two ports of a Service with one node port, which no API server takes: the first one is served.
	const told = all.filter(({server}, at) => all.findIndex(other => other.server === server) === at)
	const kernel = told.map(({server}) => ({server, realServers: world.realServers(server)}))
	await world.stop()
	expect(kernel).to.deep.equal(told)
	return told.length
}

describe('an explanation', function () {
	this.timeout(120_000)

	it('tells the virtual servers, real servers and weights that the kernel has, of any objects', async () => {
		let compared = 0
		await fc.assert(
			fc.asyncProperty(fc.array(anyChange, {maxLength: 25, size: 'max'}), async changes => {
				compared += await compare(changes)
			}),
			{numRuns: 60},
		)
		expect(compared).to.be.above(50)
	})
})
