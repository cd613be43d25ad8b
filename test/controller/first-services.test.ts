import {expect} from 'chai'
import {port, service, slice} from '../acceptance/objects.ts'
import {World} from '../acceptance/world.ts'

const web = (number: number) => service({clusterIP: `10.96.1.${number}`}, {name: `web-${number}`})
const API = service(
	{clusterIP: '10.96.0.1', ports: [port({name: 'https', port: 443})]},
	{namespace: 'default', name: 'kubernetes'},
)
const DNS = service(
	{clusterIP: '10.96.0.2', ports: [port({name: 'dns', port: 53, protocol: 'UDP'})]},
	{namespace: 'kube-system', name: 'any-name'},
)
/** Of port 53, but of anybody. */
const OTHER = service(
	{clusterIP: '10.96.0.3', ports: [port({name: 'dns', port: 53, protocol: 'UDP'})]},
	{namespace: 'team', name: 'dns'},
)

describe('the first sync', () => {
	/** ClusterIPs, in the order in which they are served. */
	const served = async () => {
		const world = new World({}, undefined)
		world.given(...Array.from({length: 20}, (_, at) => web(at + 1)), OTHER, DNS, API, slice())
		await world.settled()
		await world.stop()
		return (world.observer.syncs[0]?.outcomes ?? []).flatMap(({operation}) =>
			operation.kind === 'bind-vip' ? [operation.address as string] : [],
		)
	}

	it('begins with the API servers and DNS, and leaves out no other', async () => {
		const vips = await served()
		expect(vips.slice(0, 2)).to.have.members(['10.96.0.1', '10.96.0.2'])
		expect(vips).to.have.length(23)
	})
})
