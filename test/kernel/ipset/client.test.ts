import {expect} from 'chai'
import fc from 'fast-check'
import {IpsetClient, type IpsetOperation} from '../../../src/kernel/ipset/client.ts'
import {markedEntry, SET_DEFINITIONS, type SetDefinition} from '../../../src/state/ipset.ts'
import {addressOf, anyPort, anyProtocol} from '../../state/arbitraries.ts'
import {FakeKernel} from '../../support/fake-kernel/fake-kernel.ts'
import {writeSet} from '../../support/fake-kernel/ipset-wire.ts'

const definitionOf = (name: string): SetDefinition => SET_DEFINITIONS.get(name) ?? expect.fail(name)
const served = definitionOf('KUBE-CLUSTER-IP')
const create: IpsetOperation = {kind: 'create-set', definition: served}
const add = (entry: string, definition = served): IpsetOperation => ({kind: 'add-set-entry', definition, entry})
const many = Array.from({length: 5000}, (_, at) => add(`10.96.${at >> 8}.${at & 255},tcp:80`))

/** One element of the type of this set, in canonical form. */
const elementOf = ({type, family}: SetDefinition): fc.Arbitrary<string> => {
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

const anyNumber = fc.oneof(fc.constantFrom(0, 1, 0x8000_0000, 0xffff_ffff), fc.nat(0xffff_ffff))

const entryOf = (definition: SetDefinition): fc.Arbitrary<string> =>
	definition.hasMarks
		? fc.tuple(elementOf(definition), anyNumber, anyNumber).map(([element, ...mark]) => markedEntry(element, ...mark))
		: elementOf(definition)

const isOnce = (entry: string): string => entry.split(' ')[0] ?? ''

describe('the ipset client', () => {
	it('gives back any entries of any set', async () => {
		const contents = fc
			.constantFrom(...SET_DEFINITIONS.values())
			.chain(definition =>
				fc.tuple(fc.constant(definition), fc.uniqueArray(entryOf(definition), {maxLength: 10, selector: isOnce})),
			)
		await fc.assert(
			fc.asyncProperty(contents, async ([definition, entries]) => {
				const client = new IpsetClient(new FakeKernel().doors)
				await client.apply([{kind: 'create-set', definition}, ...entries.map(entry => add(entry, definition))])
				expect((await client.read()).sets).to.deep.equal(
					new Map([[definition.name, {definition, entries: new Set(entries)}]]),
				)
			}),
		)
	})

	it('lets others have their turn while it reads many members', async () => {
		const client = new IpsetClient(new FakeKernel().doors)
		await client.apply([create, ...many])
		let isTurn = false
		const turn = setImmediate(() => {
			isTurn = true
		})
		const {sets} = await client.read()
		clearImmediate(turn)
		expect([isTurn, sets.get(served.name)?.entries.size]).to.deep.equal([true, many.length])
	})

	it('sends 200 messages at a time, and starts no process', async () => {
		const kernel = new FakeKernel()
		const results = await new IpsetClient(kernel.doors).apply([create, ...many])
		expect(new Set(results)).to.deep.equal(new Set([undefined]))
		expect(kernel.ipset.sets.get(served.name)?.entries.size).to.equal(5000)
		expect([kernel.sends, kernel.processes.length]).to.deep.equal([26, 0])
	})

	it('says of each of many that failed why', async () => {
		const results = await new IpsetClient(new FakeKernel().doors).apply(many)
		const said = results.map(result => (result === 'lost' ? result : `${result?.code}: ${result?.message}`))
		expect(said.length).to.equal(many.length)
		expect(new Set(said)).to.deep.equal(new Set(['ENOENT: the set does not exist']))
	})

	it('knows of no result where the answers of the kernel got lost, and of all the others', async () => {
		const kernel = new FakeKernel()
		const client = new IpsetClient(kernel.doors)
		await client.apply([create])
		kernel.loseReplies(1)
		const results = await client.apply(many.slice(0, 300))
		expect(results).to.deep.equal(Array.from({length: 300}, (_, at) => (at < 200 ? 'lost' : undefined)))
	})

	it('swaps no set in whose filling it does not know of', async () => {
		const kernel = new FakeKernel()
		const client = new IpsetClient(kernel.doors)
		await client.apply([create, add('10.96.0.1,tcp:80')])
		for (const failing of ['destroy-set', 'create-set', 'add-entry', 'swap-sets'] as const) {
			const replace: IpsetOperation = {kind: 'replace-set', definition: served, entries: ['10.96.0.2,tcp:80']}
			kernel.failNext({kind: 'errno', command: failing, errno: 'ENOMEM'})
			const [error] = await client.apply([replace])
			expect(error, failing).to.be.an('error').with.property('code', 'ENOMEM')
			expect([...kernel.ipset.sets.keys()], failing).to.deep.equal([served.name])
			expect([...(kernel.ipset.sets.get(served.name)?.entries.keys() ?? [])]).to.deep.equal(['10.96.0.1,tcp:80'])
		}
	})

	it('is content with a replacement whose old set cannot be destroyed', async () => {
		const kernel = new FakeKernel()
		const client = new IpsetClient(kernel.doors)
		const replace: IpsetOperation = {kind: 'replace-set', definition: served, entries: ['10.96.0.2,tcp:80']}
		await client.apply([create])
		let destroyed = 0
		kernel.failNext({
			kind: 'request',
			choose: ({command}) => (command === 'destroy-set' && ++destroyed === 2 ? 'EBUSY' : undefined),
		})
		expect(await client.apply([replace, replace])).to.deep.equal([undefined, undefined])
		expect([...kernel.ipset.sets.keys()]).to.deep.equal([served.name])
	})

	it('puts no member in a set of somebody else that it could not destroy', async () => {
		const kernel = new FakeKernel()
		kernel.ipset.load('create KUBE-CLUSTER-IP hash:ip\n')
		kernel.iptables.load('ipv4', '*nat\n:THEIRS - [0:0]\n-A THEIRS -m set --match-set KUBE-CLUSTER-IP dst\nCOMMIT\n')
		const unlike = {...served, type: 'hash:ip'}
		const [error] = await new IpsetClient(kernel.doors).apply([
			{kind: 'replace-set', definition: {...served, type: 'hash:ip'}, entries: ['10.96.0.1'], unlike},
		])
		expect(error).to.be.an('error').with.property('code', 'BUSY')
		expect(kernel.ipset.sets.get(served.name)?.entries.size).to.equal(0)
	})

	it('makes room at once for the members of a set', async () => {
		const kernel = new FakeKernel()
		const sizes: number[] = []
		kernel.failNext({
			kind: 'request',
			choose: ({command, payload}) => {
				const at = Buffer.from(payload).indexOf(Buffer.from([8, 0, 18, 0x40]))
				command === 'create-set' && sizes.push(Buffer.from(payload).readUInt32BE(at + 4))
				return undefined
			},
		})
		const entries = many.map(operation => ('entry' in operation ? operation.entry : ''))
		await new IpsetClient(kernel.doors).apply([
			create,
			{...create, members: 70_000},
			{kind: 'replace-set', definition: served, entries},
		])
		expect(sizes).to.deep.equal([1024, 65_536, 4096])
	})

	it('asks for nothing where there is nothing to do', async () => {
		const kernel = new FakeKernel()
		expect(await new IpsetClient(kernel.doors).apply([])).to.deep.equal([])
		expect(kernel.sends).to.equal(0)
	})

	it('leaves out what it cannot read, and reads all the rest', async () => {
		const kernel = new FakeKernel()
		kernel.ipset.load('create A hash:ip\nadd A 192.0.2.1\ncreate B hash:ip\nadd B 192.0.2.2\n')
		const exchange: typeof kernel.doors.netlink.exchange = (protocol, datagram, last, onReply) =>
			kernel.doors.netlink.exchange(protocol, datagram, last, reply => {
				const at = Buffer.from(reply).indexOf('A\0')
				onReply(reply.map((byte, place) => (place === at - 2 ? 99 : byte)))
			})
		const netlink = {...kernel.doors.netlink, exchange}
		const {sets} = await new IpsetClient({...kernel.doors, netlink}).read()
		expect([...sets.keys()]).to.deep.equal(['B'])
	})

	it('reads a set of many members from as many messages as it takes', async () => {
		const kernel = new FakeKernel()
		const entries = Array.from({length: 120}, (_, at) => `10.96.0.${at},tcp:80`)
		kernel.ipset.load(
			['create A hash:ip,port', ...entries.map(entry => `add A ${entry}`), 'create B hash:ip'].join('\n'),
		)
		expect(writeSet('A', kernel.ipset.sets.get('A') ?? expect.fail()).length).to.equal(3)
		const {sets} = await new IpsetClient(kernel.doors).read()
		expect(sets.get('A')?.entries).to.deep.equal(new Set(entries))
		expect(sets.get('B')?.entries.size).to.equal(0)
	})
})
