import {mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {expect} from 'chai'
import {Failure} from '../../src/cli/failure.ts'
import {zeroCounters} from '../../src/cli/zero.ts'
import {IpvsClient} from '../../src/kernel/ipvs/client.ts'
import {serveLocally} from '../../src/observe/local-server.ts'
import {virtualServer, withKey} from '../state/build.ts'
import {FakeKernel} from '../support/fake-kernel/fake-kernel.ts'

const MARK = 'firewall-mark ipv6 0x1001'

describe('setting counters back', () => {
	let runtimeDirectory: string
	let fake: FakeKernel

	beforeEach(async () => {
		runtimeDirectory = await mkdtemp(join(tmpdir(), 'kube-lvs-zero-'))
		fake = new FakeKernel()
		fake.ipvs.load(virtualServer('tcp 10.96.0.1:80'))
		fake.ipvs.load(virtualServer('udp [fd00::1]:53'))
		fake.ipvs.load(withKey({kind: 'firewall-mark', family: 'ipv6', mark: 0x1001}))
	})

	afterEach(() => rm(runtimeDirectory, {recursive: true}))

	const zero = (...words: readonly string[]) => zeroCounters(new IpvsClient(fake.doors), {runtimeDirectory}, words)

	const failsWith = async (promise: Promise<unknown>, message: RegExp) => {
		const error: unknown = await promise.catch(error => error)
		expect(error).to.be.instanceOf(Failure)
		expect(String(error)).to.match(message)
		expect(fake.ipvs.zeroed).to.deep.equal([])
	}

	it('takes all without a name', async () => {
		expect(await zero()).to.deep.equal(['all virtual servers'])
		expect(fake.ipvs.zeroed).to.deep.equal(['tcp 10.96.0.1:80', 'udp [fd00::1]:53', MARK])
	})

	it('takes the virtual server that is named, in one word or several', async () => {
		expect(await zero('UDP', '[FD00::1]:53')).to.deep.equal(['udp [fd00::1]:53'])
		expect(await zero(MARK)).to.deep.equal([MARK])
		expect(fake.ipvs.zeroed).to.deep.equal(['udp [fd00::1]:53', MARK])
		fake.ipvs.zeroed.length = 0
		await failsWith(zero('tcp 10.96.0.2:80'), /^Failure: there is no virtual server tcp 10\.96\.0\.2:80; /)
	})

	it('takes those of a Service, which the kube-lvs that runs has to tell', async () => {
		await failsWith(zero('shop/web'), /^Failure: kube-lvs does not run on this node; /)
		const owners = {'tcp 10.96.0.1:80': 'shop/web', 'udp [fd00::1]:53': 'default/dns', [MARK]: 'shop/web'}
		const server = await serveLocally(runtimeDirectory, {
			status: () => ({pid: 1, owners: {...owners, 'tcp 10.96.0.9:80': 'shop/web'}}),
			explain: () => undefined,
		})
		try {
			await failsWith(
				zero('shop/none'),
				/^Failure: the kube-lvs on this node has no virtual server of a Service shop\/none$/,
			)
			expect(await zero('shop/web')).to.deep.equal(['tcp 10.96.0.1:80', MARK])
			expect(await zero('dns')).to.deep.equal(['udp [fd00::1]:53'])
		} finally {
			await server.close()
		}
	})
})
