import {expect} from 'chai'
import {IpsetClient, type IpsetOperation} from '../../src/kernel/ipset/client.ts'
import {SET_DEFINITIONS, type SetDefinition} from '../../src/state/ipset.ts'
import type {ActualState} from '../../src/state/node-state.ts'
import {errorReply} from '../support/fake-kernel/wire.ts'
import {parseIpsetSave} from '../support/parse-ipset-save.ts'
import {type Bench, describeContract, type OpenDoors} from './bench.ts'

export const definitionOf = (name: string): SetDefinition => {
	const definition = SET_DEFINITIONS.get(name)
	if (!definition) {
		throw new Error(`${name}: no such set`)
	}
	return definition
}

const EMSGSIZE = 90

const create = (name: string): IpsetOperation => ({kind: 'create-set', definition: definitionOf(name)})
const add = (name: string, entry: string): IpsetOperation => ({
	kind: 'add-set-entry',
	definition: definitionOf(name),
	entry,
})
const del = (name: string, entry: string): IpsetOperation => ({
	kind: 'delete-set-entry',
	definition: definitionOf(name),
	entry,
})

/** Entries of each type and family in canonical form, which is how they are read back. */
export const ENTRIES: Readonly<Record<string, readonly string[]>> = {
	'KUBE-CLUSTER-IP': ['10.96.0.10,tcp:80', '10.96.0.10,udp:80', '10.96.0.10,sctp:80'],
	'KUBE-6-CLUSTER-IP': [
		'fd00:96::a,tcp:80',
		'2001:db8::1:0:0:1,udp:53',
		'::ffff:a60:1,tcp:80',
		'::a60:1,tcp:80',
		'1:0:2:3:4:5:6:7,sctp:1',
	],
	'KUBE-LOOP-BACK': ['10.244.1.5,tcp:8080,10.244.1.5'],
	'KUBE-6-LOOP-BACK': ['fd00:244::5,udp:8080,fd00:244::5'],
	'KUBE-LOAD-BALANCER-SOURCE-CIDR': ['203.0.113.5,tcp:80,10.0.0.0/8', '203.0.113.5,tcp:80,192.0.2.7'],
	'KUBE-6-LOAD-BALANCER-SOURCE-CID': ['2001:db8::5,tcp:80,2001:db8:1::/48', '2001:db8::5,tcp:80,fd00::7'],
	'KUBE-NODE-PORT-TCP': ['30080', '32767'],
	'KUBE-IPVS-IPS': ['10.96.0.10'],
	'KUBE-6-IPVS-IPS': ['fd00:96::a', '::1'],
	'KUBE-LVS-INSIDE': [
		'203.0.113.5,tcp:80 skbmark 0x400001/0x43fff',
		'203.0.113.5,udp:80 skbmark 0xabcdef',
		'203.0.113.6,tcp:80 skbmark 0x0/0xff',
		'203.0.113.7,tcp:80 skbmark 0x80000000/0xf0000000',
		'203.0.113.8,tcp:80',
	],
	'KUBE-6-LVS-INSIDE': ['fd00:96::a,tcp:80 skbmark 0x400001/0x43fff', '::a60:1,sctp:80 skbmark 0x1/0xff'],
	'KUBE-6-NODE-PORT-TCP': ['0', '65535'],
	'KUBE-LVS-MARK-IP': ['203.0.113.5 skbmark 0xfff00001/0xfff00000', '203.0.113.6'],
	'KUBE-6-LVS-MARK-IP': ['2001:db8::5 skbmark 0xfff00001/0xfff00000', '2001:db8:1:2:3:4:5:6 skbmark 0xffffffff'],
}

/** What the client for ipsets has to do on any kernel. */
export const describeIpsetContract = (name: string, open: OpenDoors): void =>
	describeContract(`ipset client on ${name}`, open, bench => {
		const apply = async (...operations: readonly IpsetOperation[]) =>
			(await new IpsetClient(bench().doors).apply(operations)).map(result =>
				result === 'lost' ? 'lost' : result?.message,
			)
		/** Another program reads the same. */
		const read = async () => {
			const {sets} = await new IpsetClient(bench().doors).read()
			expect(sets).to.deep.equal(parseIpsetSave(await bench().saveSets()))
			return sets
		}
		const entriesOf = async (set: string) => [...((await read()).get(set)?.entries ?? [])].sort()

		it('creates every set and reads it back as it was defined', async () => {
			const operations = [...SET_DEFINITIONS.keys()].map(create)
			expect(new Set(await apply(...operations))).to.deep.equal(new Set([undefined]))
			const sets = await read()
			for (const [set, definition] of SET_DEFINITIONS) {
				expect(sets.get(set), set).to.deep.equal({definition, entries: new Set()})
			}
			expect(new Set(await apply(...operations)), 'again').to.deep.equal(new Set([undefined]))
		})

		it('reads entries back in the form in which they were added', async () => {
			const names = Object.keys(ENTRIES)
			const entries = names.flatMap(set => (ENTRIES[set] ?? []).map(entry => add(set, entry)))
			expect(new Set(await apply(...names.map(create), ...entries))).to.deep.equal(new Set([undefined]))
			const sets = await read()
			for (const set of names) {
				expect([...(sets.get(set)?.entries ?? [])].sort(), set).to.deep.equal([...(ENTRIES[set] ?? [])].sort())
			}
		})

		it('takes an entry that is there and one that is not as done', async () => {
			const set = 'KUBE-CLUSTER-IP'
			const entry = '10.96.0.10,tcp:80'
			expect(
				await apply(create(set), add(set, entry), add(set, entry), del(set, entry), del(set, entry)),
			).to.deep.equal([undefined, undefined, undefined, undefined, undefined])
			expect(await entriesOf(set)).to.deep.equal([])
		})

		it('destroys a set, and takes one that is not there as done', async () => {
			const destroy: IpsetOperation = {kind: 'destroy-set', name: 'KUBE-CLUSTER-IP'}
			expect(await apply(create('KUBE-CLUSTER-IP'), destroy, destroy)).to.deep.equal([undefined, undefined, undefined])
			expect((await read()).has('KUBE-CLUSTER-IP')).to.equal(false)
		})

		describeMarks(apply, entriesOf)
		describeFailures(apply, entriesOf)
		describeReplacement(apply, read)

		describeSetsOfOthers(apply, read, bench)
		describeManyMembers(apply, read)
	})

type Apply = (...operations: readonly IpsetOperation[]) => Promise<readonly (string | undefined)[]>

const describeMarks = (apply: Apply, entriesOf: (set: string) => Promise<readonly string[]>): void => {
	const set = 'KUBE-LVS-INSIDE'
	const [first, second] = [1, 2].map(mark => `203.0.113.5,tcp:80 skbmark 0x40000${mark}/0x43fff`) as [string, string]

	it('replaces the mark of an element that is added again', async () => {
		expect(await apply(create(set), add(set, first), add(set, second))).to.deep.equal([undefined, undefined, undefined])
		expect(await entriesOf(set)).to.deep.equal([second])
	})

	it('deletes an element whatever its mark is', async () => {
		expect(await apply(create(set), add(set, first), del(set, second))).to.deep.equal([undefined, undefined, undefined])
		expect(await entriesOf(set)).to.deep.equal([])
	})

	it('refuses a mark in a set that has none', async () => {
		const [created, added] = await apply(create('KUBE-CLUSTER-IP'), add('KUBE-CLUSTER-IP', first))
		expect([created, added === undefined]).to.deep.equal([undefined, false])
		expect(added).to.match(/no mark/)
		expect(await entriesOf('KUBE-CLUSTER-IP')).to.deep.equal([])
	})

	it('replaces a set without marks by one with them', async () => {
		const definition = definitionOf(set)
		const entries = [first]
		await apply({kind: 'create-set', definition: {...definition, hasMarks: false}}, add(set, '203.0.113.5,tcp:80'))
		expect(await apply({kind: 'replace-set', definition, entries})).to.deep.equal([undefined])
		expect(await entriesOf(set)).to.deep.equal(entries)
	})
}

const describeFailures = (apply: Apply, entriesOf: (set: string) => Promise<readonly string[]>): void => {
	it('reports only the operations that failed, and does all others', async () => {
		const set = 'KUBE-CLUSTER-IP'
		const results = await apply(
			create(set),
			add(set, '10.96.0.1,tcp:80'),
			add('KUBE-LOOP-BACK', '10.244.1.5,tcp:8080,10.244.1.5'),
			add(set, '10.96.0.2,tcp:80'),
			add(set, 'fd00::1,tcp:80'),
			add(set, '10.96.0.3,tcp:80'),
			{kind: 'destroy-set', name: 'KUBE-NONE'},
		)
		expect(results.map(result => result !== undefined)).to.deep.equal([false, false, true, false, true, false, false])
		expect(results[2]).to.match(/does not exist/)
		expect(await entriesOf(set)).to.deep.equal(['10.96.0.1,tcp:80', '10.96.0.2,tcp:80', '10.96.0.3,tcp:80'])
	})

	it('loses no entry to one behind it that cannot be read', async () => {
		const set = 'KUBE-CLUSTER-IP'
		const good = Array.from({length: 50}, (_, at) => `10.96.0.${at},tcp:80`)
		const results = await apply(create(set), ...good.map(entry => add(set, entry)), add(set, '10.96.0.10'))
		expect(results.map(result => result !== undefined)).to.deep.equal([false, ...good.map(() => false), true])
		expect(await entriesOf(set)).to.deep.equal(good.toSorted())
	})

	it('reports an entry beyond the size of the set', async () => {
		const small = {...definitionOf('KUBE-IPVS-IPS'), maxElements: 2}
		const results = await apply(
			{kind: 'create-set', definition: small},
			...['10.96.0.1', '10.96.0.2', '10.96.0.3'].map(entry => add('KUBE-IPVS-IPS', entry)),
		)
		expect(results).to.deep.equal([undefined, undefined, undefined, 'the set is full'])
		expect(await entriesOf('KUBE-IPVS-IPS')).to.deep.equal(['10.96.0.1', '10.96.0.2'])
	})
}

const describeReplacement = (apply: Apply, read: () => Promise<ActualState['sets']>): void => {
	const definition = {...definitionOf('KUBE-IPVS-IPS'), maxElements: 131_072}
	const entries = ['10.96.0.1', '10.96.0.2']

	it('grows a set by replacing it, and leaves nothing else behind', async () => {
		await apply(create('KUBE-IPVS-IPS'), add('KUBE-IPVS-IPS', '10.96.0.9'))
		expect(await apply({kind: 'replace-set', definition, entries})).to.deep.equal([undefined])
		expect([...(await read())]).to.deep.equal([['KUBE-IPVS-IPS', {definition, entries: new Set(entries)}]])
	})

	it('replaces a set although an earlier replacement was cut short', async () => {
		const leftOver = {...definition, name: 'KUBE-LVS-NEXT', maxElements: 65_536}
		await apply(
			create('KUBE-IPVS-IPS'),
			{kind: 'create-set', definition: leftOver},
			{kind: 'add-set-entry', definition: leftOver, entry: '192.0.2.1'},
		)
		expect(await apply({kind: 'replace-set', definition, entries})).to.deep.equal([undefined])
		expect([...((await read()).get('KUBE-IPVS-IPS')?.entries ?? [])].sort()).to.deep.equal(entries)
	})

	it('goes on behind a replacement that failed', async () => {
		await apply(create('KUBE-IPVS-IPS'))
		const results = await apply(
			{kind: 'replace-set', definition: {...definition, maxElements: 1}, entries},
			add('KUBE-IPVS-IPS', '10.96.0.3'),
		)
		expect(results.map(result => result !== undefined)).to.deep.equal([true, false])
		expect([...((await read()).get('KUBE-IPVS-IPS')?.entries ?? [])]).to.deep.equal(['10.96.0.3'])
	})
}

const describeSetsOfOthers = (apply: Apply, read: () => Promise<ActualState['sets']>, bench: () => Bench): void => {
	it('leaves sets of others alone, and shows those of types it knows', async () => {
		await bench().loadSets(['create OTHER hash:ip', 'add OTHER 192.0.2.1'])
		await apply(create('KUBE-CLUSTER-IP'), {kind: 'destroy-set', name: 'KUBE-CLUSTER-IP'})
		expect([...((await read()).get('OTHER')?.entries ?? [])]).to.deep.equal(['192.0.2.1'])
	})

	it('knows what other sets there are, but not the members of types that are not ours', async () => {
		await bench().loadSets([
			...['create NETS hash:net family inet6', 'add NETS 2001:db8::/32'],
			...['create PORTS bitmap:port range 30000-32767', 'add PORTS 30001'],
			...['create SHORT hash:ip timeout 60'],
			...['create WIDE hash:ip netmask 24', 'create MARKS hash:ip,port,ip skbinfo maxelem 7'],
			...['add MARKS 192.0.2.1,tcp:80,192.0.2.2 skbmark 0x1/0x3'],
		])
		const sets = await read()
		const seen = (name: string) => {
			const {definition, entries} = sets.get(name) ?? expect.fail(name)
			return [definition.type, definition.family, definition.maxElements, definition.hasMarks, ...entries]
		}
		expect(seen('NETS')).to.deep.equal(['hash:net', 'ipv6', 65_536, false])
		expect(seen('PORTS')).to.deep.equal(['bitmap:port', 'ipv4', 0, false, '30001'])
		expect(seen('SHORT')).to.deep.equal(['hash:ip', 'ipv4', 0, false])
		expect(seen('WIDE')).to.deep.equal(['hash:ip', 'ipv4', 0, false])
		const marked = '192.0.2.1,tcp:80,192.0.2.2 skbmark 0x1/0x3'
		expect(seen('MARKS')).to.deep.equal(['hash:ip,port,ip', 'ipv4', 7, true, marked])
	})

	it('counts on no member of a set where a new one can push out another, which ipset does not show', async () => {
		await bench().loadSets(['create FORCED hash:ip,port forceadd'])
		const {sets} = await new IpsetClient(bench().doors).read()
		expect(sets.get('FORCED')?.definition.maxElements).to.equal(0)
	})

	it('shows our sets where the kernel cannot show all of them, because one of somebody else fits in no message', async () => {
		const set = 'KUBE-6-CLUSTER-IP'
		const entries = ENTRIES[set] ?? []
		await bench().loadSets(['create THEIRS hash:ip'])
		await apply(create('KUBE-CLUSTER-IP'), create(set), ...entries.map(entry => add(set, entry)))
		const {netlink} = bench().doors
		let dumps = 0
		const exchange: typeof netlink.exchange = async (protocol, datagram, sequence, onReply) => {
			dumps += 1
			return dumps === 1
				? onReply(errorReply(EMSGSIZE, {type: 0, flags: 0, sequence}, datagram))
				: netlink.exchange(protocol, datagram, sequence, onReply)
		}
		const {sets} = await new IpsetClient({...bench().doors, netlink: {...netlink, exchange}}).read()
		expect([...sets.keys()]).to.have.members(['KUBE-CLUSTER-IP', set])
		expect(sets.get(set)).to.deep.equal({definition: definitionOf(set), entries: new Set(entries)})
		expect(dumps).to.equal(4)
	})

	it('refuses to create a set where another kind of set has the name, and leaves that as it is', async () => {
		await bench().loadSets(['create KUBE-CLUSTER-IP hash:net', 'add KUBE-CLUSTER-IP 192.0.2.0/24'])
		expect(await apply(create('KUBE-CLUSTER-IP'))).to.deep.equal(['a set of this name exists, and is of another kind'])
		expect((await read()).get('KUBE-CLUSTER-IP')?.definition.type).to.equal('hash:net')
	})

	it('replaces a set of another kind by a new one', async () => {
		const definition = definitionOf('KUBE-CLUSTER-IP')
		const entries = ENTRIES['KUBE-CLUSTER-IP'] ?? []
		await bench().loadSets(['create KUBE-CLUSTER-IP hash:net', 'add KUBE-CLUSTER-IP 192.0.2.0/24'])
		expect(await apply({kind: 'replace-set', definition, entries})).to.deep.equal([
			'the sets are not of the same type and family',
		])
		const unlike = {...definition, type: 'hash:net'}
		expect(await apply({kind: 'replace-set', definition, entries, unlike})).to.deep.equal([undefined])
		expect([...(await read())]).to.deep.equal([['KUBE-CLUSTER-IP', {definition, entries: new Set(entries)}]])
	})
}

const describeManyMembers = (apply: Apply, read: () => Promise<ActualState['sets']>): void => {
	for (const set of ['KUBE-LOAD-BALANCER-SOURCE-CIDR', 'KUBE-6-LOAD-BALANCER-SOURCE-CID']) {
		it(`adds, reads, replaces and deletes 5,000 members of ${set}`, async () => {
			const entries = Array.from({length: 5000}, (_, at) =>
				set.startsWith('KUBE-6')
					? `2001:db8::${(at + 1).toString(16)},tcp:80,2001:db8:${(at + 1).toString(16)}::/48`
					: `203.0.${at >> 8}.${at & 255},tcp:80,10.${at >> 8}.${at & 255}.0/24`,
			)
			const definition = {...definitionOf(set), maxElements: 131_072}
			const results = await apply(create(set), ...entries.map(entry => add(set, entry)))
			expect(new Set(results)).to.deep.equal(new Set([undefined]))
			expect((await read()).get(set)?.entries).to.deep.equal(new Set(entries))
			expect(await apply({kind: 'replace-set', definition, entries})).to.deep.equal([undefined])
			expect((await read()).get(set)).to.deep.equal({definition, entries: new Set(entries)})
			expect(new Set(await apply(...entries.map(entry => del(set, entry))))).to.deep.equal(new Set([undefined]))
			expect((await read()).get(set)?.entries.size).to.equal(0)
		})
	}
}
