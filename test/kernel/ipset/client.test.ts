import {expect} from 'chai'
import fc from 'fast-check'
import {IpsetClient, type IpsetOperation} from '../../../src/kernel/ipset/client.ts'
import {parseSave} from '../../../src/kernel/ipset/parse.ts'
import {renderRestore} from '../../../src/kernel/ipset/render.ts'
import {SET_DEFINITIONS, type SetDefinition} from '../../../src/state/ipset.ts'
import {addressOf, anyPort, anyProtocol} from '../../state/arbitraries.ts'
import {FakeKernel} from '../../support/fake-kernel/fake-kernel.ts'

const definitionOf = (name: string): SetDefinition => SET_DEFINITIONS.get(name) ?? expect.fail(name)
const served = definitionOf('KUBE-CLUSTER-IP')
const marked = definitionOf('KUBE-LVS-INSIDE')
const sources = definitionOf('KUBE-6-LOAD-BALANCER-SOURCE-CID')

const RENDERED: readonly (readonly [operation: IpsetOperation, line: string])[] = [
	[
		{kind: 'create-set', definition: served},
		'create KUBE-CLUSTER-IP hash:ip,port family inet hashsize 1024 maxelem 65536',
	],
	[
		{kind: 'create-set', definition: {...sources, maxElements: 131_072}},
		'create KUBE-6-LOAD-BALANCER-SOURCE-CID hash:ip,port,net family inet6 hashsize 1024 maxelem 131072',
	],
	[
		{kind: 'create-set', definition: definitionOf('KUBE-6-NODE-PORT-TCP')},
		'create KUBE-6-NODE-PORT-TCP bitmap:port range 0-65535',
	],
	[{kind: 'add-set-entry', definition: served, entry: '10.96.0.10,tcp:80'}, 'add KUBE-CLUSTER-IP 10.96.0.10,6:80'],
	[{kind: 'delete-set-entry', definition: served, entry: '10.96.0.10,udp:53'}, 'del KUBE-CLUSTER-IP 10.96.0.10,17:53'],
	[
		{kind: 'add-set-entry', definition: sources, entry: 'fd00::1,sctp:80,fd00:1::/64'},
		'add KUBE-6-LOAD-BALANCER-SOURCE-CID fd00::1,132:80,fd00:1::/64',
	],
	[
		{kind: 'create-set', definition: definitionOf('KUBE-6-LVS-INSIDE')},
		'create KUBE-6-LVS-INSIDE hash:ip,port family inet6 hashsize 1024 maxelem 65536 skbinfo',
	],
	[
		{kind: 'add-set-entry', definition: marked, entry: '203.0.113.5,tcp:80 skbmark 0x400001/0x43fff'},
		'add KUBE-LVS-INSIDE 203.0.113.5,6:80 skbmark 0x400001/0x43fff',
	],
	[
		{kind: 'delete-set-entry', definition: marked, entry: '203.0.113.5,tcp:80 skbmark 0x400001/0x43fff'},
		'del KUBE-LVS-INSIDE 203.0.113.5,6:80',
	],
	[{kind: 'destroy-set', name: 'KUBE-CLUSTER-IP'}, 'destroy KUBE-CLUSTER-IP'],
	[
		{kind: 'replace-set', definition: served, entries: ['10.96.0.10,tcp:80']},
		[
			'destroy KUBE-LVS-NEXT',
			'create KUBE-LVS-NEXT hash:ip,port family inet hashsize 1024 maxelem 65536',
			'add KUBE-LVS-NEXT 10.96.0.10,6:80',
			'swap KUBE-LVS-NEXT KUBE-CLUSTER-IP',
			'destroy KUBE-LVS-NEXT',
		].join('\n'),
	],
	[
		{kind: 'replace-set', definition: served, entries: ['10.96.0.10,tcp:80'], unlike: {...served, type: 'hash:net'}},
		[
			'destroy KUBE-CLUSTER-IP',
			'create KUBE-CLUSTER-IP hash:ip,port family inet hashsize 1024 maxelem 65536',
			'add KUBE-CLUSTER-IP 10.96.0.10,6:80',
		].join('\n'),
	],
]

/** One entry of the type of this set, in canonical form. */
const entryOf = ({type, family}: SetDefinition): fc.Arbitrary<string> => {
	const address = addressOf(family)
	const port = fc.tuple(anyProtocol, anyPort).map(([protocol, number]) => `${protocol}:${number}`)
	switch (type) {
		case 'hash:ip':
			return address
		case 'bitmap:port':
			return anyPort.map(String)
		case 'hash:ip,port':
			return fc.tuple(address, port).map(parts => parts.join())
		default:
			return fc.tuple(address, port, address).map(parts => parts.join())
	}
}

const CANONICAL: readonly (readonly [saved: string, entry: string])[] = [
	['::198.51.100.5,tcp:80', '::c633:6405,tcp:80'],
	['::ffff:198.51.100.5,tcp:80', '::ffff:c633:6405,tcp:80'],
	['fd00::1,tcp:80,::198.51.100.0/120', 'fd00::1,tcp:80,::c633:6400/120'],
	['10.96.0.10,tcp:80', '10.96.0.10,tcp:80'],
	['30080', '30080'],
]

const MARKED: readonly (readonly [saved: string, entry: string])[] = [
	['203.0.113.5,tcp:80 skbmark 0x400001/0x43fff', '203.0.113.5,tcp:80 skbmark 0x400001/0x43fff'],
	['203.0.113.5,6:80 skbmark 0x400001', '203.0.113.5,tcp:80 skbmark 0x400001'],
	['203.0.113.5,tcp:80 skbmark 0xABC/0xFFFFFFFF', '203.0.113.5,tcp:80 skbmark 0xabc'],
	['203.0.113.5,tcp:80 skbmark 0x1/0xf skbprio 1:10', '203.0.113.5,tcp:80 skbmark 0x1/0xf'],
	['203.0.113.5,tcp:80 skbprio 1:10', '203.0.113.5,tcp:80'],
]

describe('ipset restore and save', () => {
	for (const [operation, line] of RENDERED) {
		it(`${operation.kind} is written as: ${line.split('\n')[0]}`, () => {
			expect(renderRestore([operation])).to.deep.equal([line])
		})
	}

	for (const [saved, entry] of CANONICAL) {
		it(`the entry ${saved} is read as ${entry}`, () => {
			const text = `create S hash:ip,port family inet6 hashsize 1024 maxelem 65536\nadd S ${saved}\n`
			expect([...(parseSave(text).get('S')?.entries ?? [])]).to.deep.equal([entry])
		})
	}

	for (const [saved, entry] of MARKED) {
		it(`the entry ${saved} of a set with marks is read as ${entry}`, () => {
			const text = `create S hash:ip,port family inet hashsize 1024 maxelem 65536 skbinfo\nadd S ${saved}\n`
			expect([...(parseSave(text).get('S')?.entries ?? [])]).to.deep.equal([entry])
		})
	}

	for (const options of ['hash:ip family inet maxelem 65536 timeout 60', 'bitmap:port range 30000-32767']) {
		it(`a set as ${options} holds no member that we could count on`, () => {
			expect(parseSave(`create S ${options}\n`).get('S')?.definition.maxElements).to.equal(0)
		})
	}

	it('a set of a type that is not ours is known, but not its members', () => {
		const {definition, entries} = parseSave('create S list:set size 8\nadd S OTHER\n').get('S') ?? expect.fail('S')
		expect([definition.type, entries.size]).to.deep.equal(['list:set', 0])
	})

	it('give back any entries of any set', async () => {
		const contents = fc
			.constantFrom(...SET_DEFINITIONS.values())
			.chain(definition => fc.tuple(fc.constant(definition), fc.uniqueArray(entryOf(definition), {maxLength: 10})))
		await fc.assert(
			fc.asyncProperty(contents, async ([definition, entries]) => {
				const client = new IpsetClient(new FakeKernel().doors)
				await client.apply([
					{kind: 'create-set', definition},
					...entries.map(entry => ({kind: 'add-set-entry', definition, entry}) as const),
				])
				expect((await client.read()).sets).to.deep.equal(
					new Map([[definition.name, {definition, entries: new Set(entries)}]]),
				)
			}),
		)
	})
})

describe('the ipset client', () => {
	const add = (entry: string): IpsetOperation => ({kind: 'add-set-entry', definition: served, entry})

	it('reads our sets one by one where one of somebody else is of a type that ipset does not know', async () => {
		const {doors, ipset} = new FakeKernel()
		ipset.load(
			'create KUBE-CLUSTER-IP hash:ip,port\ncreate KUBE-6-CLUSTER-IP hash:ip,port family inet6\ncreate f hash:ip\n',
		)
		ipset.load('add KUBE-CLUSTER-IP 10.96.0.10,tcp:80\n')
		const stderr = 'Kernel-library incompatibility: set f in kernel has got settype hash:ip with revision 9'
		const run: typeof doors.exec.run = async (program, args, stdin) =>
			args.join() === 'save' ? {exitCode: 1, stdout: '', stderr} : doors.exec.run(program, args, stdin)
		const {sets} = await new IpsetClient({...doors, exec: {run}}).read()
		expect([...sets.keys()]).to.deep.equal(['KUBE-CLUSTER-IP', 'KUBE-6-CLUSTER-IP'])
		expect(sets.get('KUBE-CLUSTER-IP')?.entries).to.deep.equal(new Set(['10.96.0.10,tcp:80']))
	})

	it('starts one process for any number of operations', async () => {
		const kernel = new FakeKernel()
		const entries = Array.from({length: 5000}, (_, at) => add(`10.96.${at >> 8}.${at & 255},tcp:80`))
		await new IpsetClient(kernel.doors).apply([{kind: 'create-set', definition: served}, ...entries])
		expect(kernel.ipset.sets.get(served.name)?.entries.size).to.equal(5000)
		expect(kernel.processes.length).to.equal(1)
	})

	it('gives up when too many operations fail, at the price of a few processes', async () => {
		const kernel = new FakeKernel()
		const results = await new IpsetClient(kernel.doors).apply(
			Array.from({length: 5000}, (_, at) => add(`10.96.${at >> 8}.${at & 255},tcp:80`)),
		)
		expect(results.filter(error => error !== undefined).length).to.equal(5000)
		expect(kernel.processes.length).to.be.below(30)
	})

	it('blames nobody in particular when ipset names no line', async () => {
		const kernel = new FakeKernel()
		kernel.failNext({kind: 'exec', program: 'ipset', exitCode: 1, stderr: 'Cannot open session to kernel.'})
		const results = await new IpsetClient(kernel.doors).apply([add('10.96.0.1,tcp:80'), add('10.96.0.2,tcp:80')])
		expect(results.map(error => error?.code)).to.deep.equal(['EXIT 1', 'EXIT 1'])
		expect(kernel.processes.length).to.equal(1)
	})

	it('says so once when the program is missing', async () => {
		const kernel = new FakeKernel()
		kernel.exec.missing.add('ipset')
		const [error] = await new IpsetClient(kernel.doors).apply([add('10.96.0.1,tcp:80')])
		expect(error?.message).to.equal('ipset restore: program not found')
	})

	it('starts no process for no operations', async () => {
		const kernel = new FakeKernel()
		expect(await new IpsetClient(kernel.doors).apply([])).to.deep.equal([])
		expect(kernel.processes.length).to.equal(0)
	})
})
