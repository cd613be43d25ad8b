import {mkdir, mkdtemp, rename, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {expect} from 'chai'
import {stringify} from 'yaml'
import {systemClock} from '../../src/clock.ts'
import {createStandaloneSource} from '../../src/kubernetes/standalone-source.ts'
import {eventually} from '../support/eventually.ts'
import {createRecordingSink} from './recording-sink.ts'
import {sampleNode, sampleService, sampleServiceCIDR, sampleSlice} from './samples.ts'

const yamlOf = (...objects: readonly object[]): string => objects.map(object => stringify(object)).join('---\n')

describe('standalone source', () => {
	let root: string
	let folder: string
	let stop = async () => {}
	const write = (name: string, text: string) => writeFile(join(folder, name), text)
	const start = async (path = folder, pollMilliseconds = 20) => {
		const sink = createRecordingSink()
		const controller = new AbortController()
		const options = {path, clock: systemClock, pollMilliseconds}
		const running = createStandaloneSource(options).run(sink, controller.signal)
		stop = async () => {
			controller.abort()
			await running
		}
		await eventually(() => expect(sink.log.at(-1)).to.equal('synced ServiceCIDR'))
		return sink
	}
	const pause = (milliseconds: number) => new Promise(resolve => setTimeout(resolve, milliseconds))
	beforeEach(async () => {
		root = await mkdtemp(join(tmpdir(), 'kube-lvs-'))
		folder = join(root, 'objects')
		await mkdir(folder)
	})
	afterEach(async () => {
		await stop()
		stop = async () => {}
		await rm(root, {recursive: true, force: true})
	})

	it('reads all files of a folder, then is synced', async () => {
		await write('b.yaml', yamlOf(sampleService('web'), sampleSlice('web-1', ['10.0.0.1'])))
		await write('a.json', JSON.stringify({kind: 'List', apiVersion: 'v1', items: [sampleNode('node-a')]}))
		await write('.hidden.yaml', yamlOf(sampleService('hidden')))
		await write('notes.txt', 'not for us')
		const sink = await start()
		expect(sink.log).to.deep.equal([
			'+Node node-a',
			'+Service default/web',
			'+EndpointSlice default/web-1',
			'synced Service',
			'synced EndpointSlice',
			'synced Node',
			'synced ServiceCIDR',
		])
		expect(sink.problems).to.deep.equal([])
	})

	it('reads one file, and follows it', async () => {
		await write('one.yaml', yamlOf(sampleService('web')))
		const sink = await start(join(folder, 'one.yaml'))
		await write('one.yaml', yamlOf(sampleService('web'), sampleService('db')))
		await eventually(() => expect(sink.keys('Service')).to.deep.equal(['default/db', 'default/web']))
		expect(sink.log.filter(line => line === '+Service default/web')).to.have.length(1)
	})

	it('reads every Node and ServiceCIDR, and not what a selector of the API server would leave out', async () => {
		const labels = {'service.kubernetes.io/service-proxy-name': 'other'}
		const metadata = {name: 'h', namespace: 'default', labels: {'service.kubernetes.io/headless': ''}}
		await write('a.yaml', yamlOf(sampleNode('a'), sampleNode('b'), sampleService('x', {}, {labels})))
		await write('b.yaml', yamlOf(sampleSlice('h', ['10.0.0.1'], {metadata}), sampleServiceCIDR('c', '10.96.0.0/16')))
		const sink = await start()
		expect([...sink.objects.keys()]).to.deep.equal(['Node a', 'Node b', 'ServiceCIDR c'])
	})

	it('fills in what an API server would', async () => {
		const metadata = {name: 'web-1', labels: {'kubernetes.io/service-name': 'web'}}
		await write('a.yaml', yamlOf(sampleSlice('', [], {metadata, ports: [{port: 80}]})))
		const sink = await start()
		expect(sink.objects.get('EndpointSlice default/web-1')).to.deep.include({
			namespace: 'default',
			ports: [{name: '', protocol: 'tcp', port: 80}],
		})
	})

	it('follows files that come, change and go', async () => {
		await write('a.yaml', yamlOf(sampleService('a')))
		const sink = await start()
		await write('b.yaml', yamlOf(sampleService('b')))
		await eventually(() => expect(sink.keys('Service')).to.deep.equal(['default/a', 'default/b']))
		await write('a.yaml', yamlOf(sampleService('a', {externalIPs: ['1.1.1.1']})))
		await eventually(() => expect(sink.objects.get('Service default/a')).to.deep.include({externalIPs: ['1.1.1.1']}))
		await rm(join(folder, 'b.yaml'))
		await eventually(() => expect(sink.keys('Service')).to.deep.equal(['default/a']))
	})

	it('deletes nothing while an editor puts another file in the place of one', async () => {
		await write('a.yaml', yamlOf(sampleService('a')))
		const sink = await start(folder, 300)
		for (let round = 0; round < 3; round++) {
			await rename(join(folder, 'a.yaml'), join(folder, 'a.yaml~'))
			await pause(5)
			await write('a.yaml', yamlOf(sampleService('a', {externalIPs: [`1.1.1.${round}`]})))
			await eventually(() =>
				expect(sink.objects.get('Service default/a')).to.deep.include({externalIPs: [`1.1.1.${round}`]}),
			)
		}
		expect(sink.log.filter(line => line.startsWith('-'))).to.deep.equal([])
	})

	it('keeps the objects of a file that is broken, and says where once', async () => {
		await write('a.yaml', yamlOf(sampleService('a')))
		const sink = await start()
		await write('a.yaml', `${yamlOf(sampleService('a'))}broken: [1, 2\n`)
		await eventually(() => expect(sink.problems).to.have.length(1))
		expect(sink.problems[0]?.field).to.match(/^a\.yaml:\d+$/)
		await write('b.yaml', yamlOf(sampleService('b')))
		await eventually(() => expect(sink.keys('Service')).to.deep.equal(['default/a', 'default/b']))
		expect(sink.problems).to.have.length(1)
		await write('a.yaml', yamlOf(sampleService('a2')))
		await eventually(() => expect(sink.keys('Service')).to.deep.equal(['default/a2', 'default/b']))
	})

	it('keeps the last good state of an object that no longer decodes', async () => {
		await write('a.yaml', yamlOf(sampleService('a')))
		const sink = await start()
		await write('a.yaml', yamlOf(sampleService('a', {ports: 'none'}), sampleService('b')))
		await eventually(() => expect(sink.keys('Service')).to.deep.equal(['default/a', 'default/b']))
		expect(sink.problems).to.have.length(1)
		expect(sink.problems[0]).to.deep.include({field: 'spec.ports', reason: 'InvalidObject'})
		expect(sink.problems[0]?.message).to.match(/^a\.yaml:1: /)
	})

	it('says when a problem is over, even if the object is again what it was', async () => {
		await write('a.yaml', yamlOf(sampleService('a')))
		const sink = await start()
		await write('a.yaml', yamlOf(sampleService('a', {ports: 'none'})))
		await eventually(() => expect(sink.problems).to.have.length(1))
		await write('a.yaml', yamlOf(sampleService('a')))
		await eventually(() => expect(sink.solvedProblems).to.deep.equal(sink.problems))
	})

	it('takes the first of two files with one object, and the other when that goes', async () => {
		await write('a.yaml', yamlOf(sampleService('x', {externalIPs: ['1.1.1.1']})))
		await write('b.yaml', yamlOf(sampleService('x', {externalIPs: ['2.2.2.2']})))
		const sink = await start()
		expect(sink.objects.get('Service default/x')).to.deep.include({externalIPs: ['1.1.1.1']})
		expect(sink.problems.map(({message}) => message)).to.deep.equal([
			'b.yaml:1: this object is in a.yaml:1 already, which is used',
		])
		await rm(join(folder, 'a.yaml'))
		await eventually(() => expect(sink.objects.get('Service default/x')).to.deep.include({externalIPs: ['2.2.2.2']}))
		expect(sink.log.filter(line => line.startsWith('-'))).to.deep.equal([])
	})

	it('says once of each other kind that it is ignored', async () => {
		const deployment = {apiVersion: 'apps/v1', kind: 'Deployment', metadata: {name: 'd'}}
		const knative = {apiVersion: 'serving.knative.dev/v1', kind: 'Service', metadata: {name: 'k'}}
		await write('a.yaml', yamlOf(deployment, deployment, knative))
		await write('b.yaml', yamlOf(deployment))
		const sink = await start()
		await pause(60)
		expect(sink.problems.map(({reason, object}) => [reason, object.kind])).to.deep.equal([
			['NotSupported', 'Deployment'],
			['NotSupported', 'Service'],
		])
		expect(sink.objects.size).to.equal(0)
	})

	it('deletes nothing when the folder goes, says so once, and goes on when it is back', async () => {
		await write('a.yaml', yamlOf(sampleService('a')))
		const sink = await start()
		await rename(folder, `${folder}-away`)
		await eventually(() => expect(sink.problems).to.have.length(1))
		await pause(60)
		expect(sink.problems).to.have.length(1)
		expect(sink.keys('Service')).to.deep.equal(['default/a'])
		await rename(`${folder}-away`, folder)
		await write('b.yaml', yamlOf(sampleService('b')))
		await eventually(() => expect(sink.keys('Service')).to.deep.equal(['default/a', 'default/b']))
	})

	it('rejects when there is nothing at its path', async () => {
		const source = createStandaloneSource({path: join(folder, 'none'), clock: systemClock})
		const error = await source.run(createRecordingSink(), new AbortController().signal).catch(error => error)
		expect(error.message).to.match(/^cannot read objects from .*none: ENOENT/)
	})

	it('is synced without what is broken at the start, and says what that is', async () => {
		await write('a.yaml', yamlOf(sampleService('a'), sampleService('b', {ports: 1})))
		await write('b.yaml', 'a: [')
		const sink = await start()
		expect([...sink.objects.keys()]).to.deep.equal(['Service default/a'])
		expect(sink.problems.map(({field}) => field)).to.deep.equal(['b.yaml:1', 'spec.ports'])
	})
})
