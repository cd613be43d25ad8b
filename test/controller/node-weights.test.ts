import {expect} from 'chai'
import {DEFAULT_CONFIG} from '../../src/config/fields.ts'
import {NodeModel} from '../../src/controller/node-model.ts'
import {readManifestEntry} from '../../src/kubernetes/manifest-entry.ts'
import {objectKey} from '../../src/model/object.ts'
import {formatProblem} from '../../src/model/problem.ts'
import {MODERN_NODE} from '../../src/state/node-facts.ts'
import {type KubernetesObject, node, service, slice} from '../acceptance/objects.ts'
import {World} from '../acceptance/world.ts'

const SERVER = 'tcp 10.96.0.10:80'
const other = (weight?: string) => node({name: 'n2', addresses: ['192.0.2.20'], annotations: annotations(weight)})
const own = (weight?: string) => node({annotations: annotations(weight)})
const annotations = (weight?: string) => (weight === undefined ? {} : {'kube-lvs.io/weight': weight})

describe('the weight of a Node', () => {
	const NOWHERE = {hostAddresses: new Set<never>(), gateways: new Set<never>()}

	/** A model with a Service on each node, one on both, and a function that changes it and tells what it compiled. */
	const startModel = () => {
		const model = new NodeModel({...DEFAULT_CONFIG, nodeName: 'n1'}, MODERN_NODE)
		const change = (object: KubernetesObject) => {
			const entry = readManifestEntry({json: object, line: 1}, 'test')
			return entry?.type === 'object' && model.change(entry.change)
		}
		const pods = {here: ['10.244.1.5'], there: ['10.244.2.5'], both: ['10.244.1.6', '10.244.2.6']}
		for (const [at, [name, addresses]] of Object.entries(pods).entries()) {
			change(service({clusterIP: `10.96.0.${at + 1}`}, {name}))
			change(slice(addresses, {service: name, name: `${name}-1`}))
		}
		change(own())
		change(other())
		model.update(NOWHERE)
		const compiledBy = (object: KubernetesObject) => {
			const isOther = change(object)
			return isOther ? [...model.update(NOWHERE).compiled].sort() : undefined
		}
		return {model, compiledBy}
	}
	const keys = (...names: readonly string[]) => names.map(name => objectKey('ns', name)).sort()

	it('compiles the Services with endpoints there when it changes, and no other', () => {
		const {compiledBy} = startModel()
		expect(compiledBy(other('3'))).to.deep.equal(keys('there', 'both'))
		expect(compiledBy(own('3'))).to.deep.equal(keys('here', 'both'))
		expect(compiledBy(other())).to.deep.equal(keys('there', 'both'))
	})

	it('costs nothing when something else of the Node changes', () => {
		const {compiledBy} = startModel()
		expect(compiledBy(other('3'))).to.not.deep.equal([])
		const heartbeat = {...other('3'), status: {...(other().status as object), conditions: [{type: 'Ready'}]}}
		expect(compiledBy(heartbeat)).to.equal(undefined)
		expect(compiledBy({...other('3'), spec: {podCIDRs: ['10.244.9.0/24']}})).to.equal(undefined)
	})

	it('is a problem of this Node where it is wrong; that of another Node is told of there', () => {
		const {model, compiledBy} = startModel()
		const problems = () => ['n1', 'n2', 'ns/both'].flatMap(key => model.problemsOf(key)).map(formatProblem)
		expect([compiledBy(own('-1')), compiledBy(other('x'))]).to.deep.equal([[], []])
		expect(problems()).to.deep.equal([
			'Node n1: metadata.annotations[kube-lvs.io/weight]: "-1" is not allowed: expected an integer from 0 to 65535; ' +
				'the default stands (InvalidAnnotation)',
		])
		compiledBy(own('1'))
		expect(problems()).to.deep.equal([])
	})

	it('is that of the real servers there, changed in place', async () => {
		const world = new World({}, undefined)
		world.given(own(), other(), service(), slice())
		await world.settled()
		world.kernel.ipvs.setConnections(SERVER, '10.244.2.5:8080', 3)
		const before = world.observer.syncs.length
		world.change(other('4'))
		await world.advance(500)
		expect(world.realServers(SERVER)).to.deep.equal({'10.244.1.5:8080': 1, '10.244.2.5:8080': 4})
		expect(world.servers()[SERVER]?.scheduler).to.equal('wrr')
		const operations = world.observer.syncs
			.slice(before)
			.flatMap(({outcomes}) => outcomes.map(({operation}) => operation.kind))
		expect(operations).to.have.members(['update-virtual-server', 'update-real-server'])
		world.change(own('0'))
		await world.settled()
		expect(world.realServers(SERVER)).to.deep.equal({'10.244.1.5:8080': 0, '10.244.2.5:8080': 4})
		await world.stop()
	})

	it('is told of by this node alone where it is wrong, until it is right', async () => {
		const world = new World({}, undefined)
		world.given(own('65536'), other('x'), service(), slice())
		await world.settled()
		expect(world.problems()).to.have.lengthOf(1)
		world.change(own('65535'))
		await world.settled()
		expect(world.problems()).to.deep.equal([])
		await world.stop()
	})
})
