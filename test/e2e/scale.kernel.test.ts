import {mkdtemp, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {expect} from 'chai'
import {execa} from 'execa'
import {systemClock} from '../../src/clock.ts'
import {DEFAULT_CONFIG} from '../../src/config/fields.ts'
import {Controller} from '../../src/controller/controller.ts'
import {openKernel} from '../../src/kernel/kernel.ts'
import {prepareKernel} from '../../src/kernel/prepare.ts'
import {openSystemDoors} from '../../src/kernel/system-doors.ts'
import {createStandaloneSource} from '../../src/kubernetes/standalone-source.ts'
import {countingDoors} from '../support/counting-doors.ts'
import {RecordingObserver} from '../support/recording-observer.ts'

const SERVICES = 1000
const ENDPOINTS = 5

describe('a thousand Services with five endpoints each', function () {
	this.timeout(300_000)

	it('are in the kernel with fewer than 60 processes and 200 netlink sends', async () => {
		const folder = await mkdtemp(join(tmpdir(), 'kube-lvs-scale-'))
		const items = Array.from({length: SERVICES}, (_, index) => [service(index), slice(index)]).flat()
		await writeFile(join(folder, 'objects.json'), JSON.stringify({apiVersion: 'v1', kind: 'List', items}))

		const {doors, traffic} = countingDoors(openSystemDoors(systemClock))
		const {facts, missing} = await prepareKernel(doors, {load: true})
		expect(missing).to.deep.equal([])
		const config = {...DEFAULT_CONFIG, nodeName: 'n1'}
		const observer = new RecordingObserver()
		const stop = new AbortController()
		const kernel = openKernel(doors, facts)
		const controller = new Controller({kernel, config, clock: systemClock, observer})
		const source = createStandaloneSource({path: folder, clock: systemClock})
		const done = Promise.all([source.run(controller, stop.signal), controller.run(stop.signal)])
		await observer.untilSyncs(1)
		stop.abort()
		await done
		doors.netlink.close()
		await rm(folder, {recursive: true})

		const [first] = observer.syncs
		expect(first?.outcomes.filter(({error}) => error)).to.deep.equal([])
		const {stdout} = await execa('ipvsadm', ['-Sn'])
		const lines = stdout.split('\n')
		expect(lines.filter(line => line.startsWith('-A -t 10.96.'))).to.have.length(SERVICES)
		expect(lines.filter(line => line.startsWith('-a -t 10.96.'))).to.have.length(SERVICES * ENDPOINTS)
		console.log(`      ${traffic.processes} processes, ${traffic.sends} sends, ${first?.milliseconds} ms`)
		expect(traffic.processes).to.be.below(60)
		expect(traffic.sends).to.be.below(200)
	})
})

const address = (index: number) => `10.96.${index >> 8}.${index & 255}`

const service = (index: number) => ({
	apiVersion: 'v1',
	kind: 'Service',
	metadata: {name: `s${index}`, namespace: 'scale'},
	spec: {
		type: 'ClusterIP',
		clusterIP: address(index),
		clusterIPs: [address(index)],
		ipFamilies: ['IPv4'],
		ports: [{name: 'http', protocol: 'TCP', port: 80}],
	},
})

const slice = (index: number) => ({
	apiVersion: 'discovery.k8s.io/v1',
	kind: 'EndpointSlice',
	metadata: {name: `s${index}-1`, namespace: 'scale', labels: {'kubernetes.io/service-name': `s${index}`}},
	addressType: 'IPv4',
	ports: [{name: 'http', protocol: 'TCP', port: 8080}],
	endpoints: Array.from({length: ENDPOINTS}, (_, at) => ({
		addresses: [`10.244.${at * 4 + (index >> 8)}.${index & 255}`],
		nodeName: 'n1',
		conditions: {ready: true},
	})),
})
