import {expect} from 'chai'
import {Failure} from '../../../src/cli/failure.ts'
import {watchPodCIDRs} from '../../../src/cli/watch-pod-cidrs.ts'
import type {Config} from '../../../src/config/fields.ts'
import {readManifestEntry} from '../../../src/kubernetes/manifest-entry.ts'
import type {ObjectChange} from '../../../src/model/object.ts'
import {configFrom} from '../kube-proxy-config.ts'
import {type KubernetesObject, node} from '../objects.ts'
import {row} from '../row.ts'

const NODE_CIDR = {...configFrom('detectLocalMode: NodeCIDR'), nodeName: 'n1'}
const [FIRST, SECOND] = [['10.244.1.0/24', 'fd00:244:0:1::/64'], ['10.244.7.0/24']] as const

const changeOf = (object: KubernetesObject): ObjectChange => {
	const entry = readManifestEntry({json: object, line: 1}, 'row')
	return entry?.type === 'object' ? entry.change : expect.fail('no object')
}

/** The failure of a process that sees these, one after the other; undefined where it goes on. */
const failureAfter = async (config: Config, ...objects: readonly KubernetesObject[]): Promise<unknown> => {
	const stop = new AbortController()
	const passedOn: ObjectChange[] = []
	const nothing = () => undefined
	const change = (change: ObjectChange) => passedOn.push(change)
	const controller = {change, synced: nothing, problem: nothing, solved: nothing}
	const {sink, done} = watchPodCIDRs(controller, config, stop.signal)
	const changes = objects.map(changeOf)
	for (const change of changes) {
		sink.change(change)
	}
	expect(passedOn).to.deep.equal(changes)
	stop.abort()
	return done.catch(error => error)
}

row('K10', 'with NodeCIDR, podCIDRs that change end the process with status 1, and it says why', async () => {
	const failure = await failureAfter(NODE_CIDR, node({podCIDRs: FIRST}), node({podCIDRs: SECOND}))
	expect(failure).to.be.instanceOf(Failure)
	expect(failure).to.include({
		exitCode: 1,
		message:
			'podCIDRs of node n1 were 10.244.1.0/24, fd00:244:0:1::/64 and are 10.244.7.0/24; to be started again with them',
	})
	expect(await failureAfter(NODE_CIDR, node({podCIDRs: FIRST}), node())).to.include({exitCode: 1})
})

row('K10', 'nothing else ends it', async () => {
	const first = node({podCIDRs: FIRST})
	expect(await failureAfter(NODE_CIDR, node(), first, node({podCIDRs: FIRST, zone: 'zb'}))).to.equal(undefined)
	expect(await failureAfter(NODE_CIDR, first, node({name: 'n2', podCIDRs: SECOND}))).to.equal(undefined)
	const byClusterCIDR = {...NODE_CIDR, detectLocalMode: 'ClusterCIDR'} as const
	expect(await failureAfter(byClusterCIDR, first, node({podCIDRs: SECOND}))).to.equal(undefined)
})

row(
	'K10',
	'podCIDRs that are only now assigned count at once',
	{config: {detectLocalMode: 'NodeCIDR'}},
	async world => {
		world.given()
		await world.settled()
		const localRule = () => world.rules('nat', 'KUBE-SERVICES').filter(rule => rule.startsWith('! -s'))
		expect(localRule()).to.deep.equal([])
		world.change(node({podCIDRs: FIRST}))
		await world.settled()
		expect(localRule()).to.have.length(1)
		expect(localRule()[0]).to.match(/^! -s 10\.244\.1\.0\/24 /)
	},
)
