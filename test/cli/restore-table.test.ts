import {expect} from 'chai'
import {Failure} from '../../src/cli/failure.ts'
import {restoreTable} from '../../src/cli/restore-table.ts'
import {formatTable} from '../../src/ipvsadm/format.ts'
import {IpvsClient} from '../../src/kernel/ipvs/client.ts'
import {virtualServer} from '../state/build.ts'
import {FakeKernel} from '../support/fake-kernel/fake-kernel.ts'

const PRESENT = '-A -t 10.96.0.1:80 -s rr'

const open = () => {
	const fake = new FakeKernel()
	fake.ipvs.load(virtualServer('tcp 10.96.0.1:80'))
	const ipvs = new IpvsClient(fake.doors, 0)
	return {
		restore: (...lines: readonly string[]) => restoreTable(ipvs, lines.join('\n')),
		saved: async () => formatTable((await ipvs.read()).virtualServers.values()),
	}
}

/** The message of a failure. */
const failureOf = (promise: Promise<unknown>): Promise<string> =>
	promise.then(
		() => 'no failure',
		error => {
			expect(error).to.be.instanceOf(Failure)
			return error.message
		},
	)

describe('restoring a table into a kernel', () => {
	it('adds what is not there, and once more changes nothing', async () => {
		const {restore, saved} = open()
		const lines = [PRESENT, '-a -t 10.96.0.1:80 -r 10.244.1.5:80 -m -w 2', '-A -f 7 -6 -s wlc']
		expect(await restore(...lines)).to.deep.equal({virtualServers: 1, realServers: 1, present: 1})
		expect(await saved()).to.deep.equal(lines)
		expect(await restore(...lines)).to.deep.equal({virtualServers: 0, realServers: 0, present: 3})
		expect(await saved()).to.deep.equal(lines)
	})

	it('of nothing is done', async () => {
		expect(await open().restore('')).to.deep.equal({virtualServers: 0, realServers: 0, present: 0})
	})

	const REFUSED: Readonly<Record<string, readonly [lines: readonly string[], message: string]>> = {
		'does not parse': [
			['-A -t 10.96.0.2:80', '-A -t 10.96.0.3:80 -s rr -w 1', '-A -q \u001b[31m'],
			'  line 2: -w: no option of -A\n  line 3: -q: no option of a saved table; its lines are those of `ipvsadm -S -n`',
		],
		'would move the cursor of who reads that': [['-A -t \u001b[31m'], '\\u{1b}[31m is no IP address'],
		'is there otherwise': [
			['-A -t 10.96.0.2:80 -s rr', '-A -t 10.96.0.1:80 -s wrr'],
			`  line 2: it is there with other settings: ${PRESENT}`,
		],
		'needs a scheduler that the kernel does not have': [
			['-A -t 10.96.0.2:80 -s rr', '-A -t 10.96.0.3:80 -s nosuch', '-A -t 10.96.0.4:80 -s nosuch'],
			'  line 2: -s: the kernel has no scheduler nosuch; its module would be ip_vs_nosuch',
		],
		'needs an engine that the kernel does not have': [
			['-A -u 10.96.0.2:80 -s rr -p 5 --pe nosuch'],
			'  line 1: -s, --pe: the kernel has no scheduler rr or no engine nosuch; their modules would be ip_vs_rr and ip_vs_pe_nosuch',
		],
		'needs another engine than the line before, one that the kernel does not have': [
			['-A -u 10.96.0.2:80 -s rr -p 5 --pe sip', '-A -u 10.96.0.3:80 -s rr -p 5 --pe nosuch'],
			'  line 2: -s, --pe: the kernel has no scheduler rr or no engine nosuch',
		],
	}
	for (const [what, [lines, message]] of Object.entries(REFUSED)) {
		it(`does nothing where a line ${what}`, async () => {
			const {restore, saved} = open()
			const failure = await failureOf(restore(...lines))
			expect(failure).to.match(/^nothing was restored:\n/)
			expect(failure).to.include(message)
			expect(await saved()).to.deep.equal([PRESENT])
		})
	}

	it('shows the first errors of many', async () => {
		const message = await failureOf(open().restore(...Array.from({length: 50}, () => 'x')))
		expect(message.split('\n')).to.have.length(22)
		expect(message).to.match(/\n {2}line 20: x: unexpected\n {2}and 30 more$/)
	})

	it('says which lines the kernel has refused, when the others are done', async () => {
		const fake = new FakeKernel()
		const ipvs = new IpvsClient(fake.doors, 0)
		fake.ipvs.load(virtualServer('tcp 10.96.0.1:80'))
		const read = ipvs.read.bind(ipvs)
		// Somebody deletes it after it was read.
		ipvs.read = async () => {
			const found = await read()
			fake.ipvs.servers.delete('tcp 10.96.0.1:80')
			return found
		}
		const text = '-A -t 10.96.0.2:80 -s rr\n-a -t 10.96.0.1:80 -r 10.244.1.5:80 -m\n'
		expect(await failureOf(restoreTable(ipvs, text))).to.equal(
			'1 of 2 lines failed, the others are done:\n' +
				'  line 2: add-real-server tcp 10.96.0.1:80 -> 10.244.1.5:80 weight 1: ESRCH',
		)
		expect([...fake.ipvs.servers.keys()]).to.deep.equal(['tcp 10.96.0.2:80'])
	})
})
