import {createSocket} from 'node:dgram'
import {expect} from 'chai'
import {restoreTable} from '../../src/cli/restore-table.ts'
import {zeroCounters} from '../../src/cli/zero.ts'
import {systemClock} from '../../src/clock.ts'
import {DEFAULT_CONFIG} from '../../src/config/fields.ts'
import {formatTable} from '../../src/ipvsadm/format.ts'
import {IpvsClient} from '../../src/kernel/ipvs/client.ts'
import {openSystemDoors} from '../../src/kernel/system-doors.ts'
import {eventually} from '../support/eventually.ts'

const SCHEDULERS = 'rr wrr lc wlc lblc lblcr dh sh mh sed nq fo ovf none'.split(' ')

const METHODS: readonly string[] = [
	'-m -w 1',
	'-m -w 0',
	'-g -w 2147483647',
	'-m -w 1 -x 10',
	'-i -w 1 -x 2147483647 -y 5 --tun-type ipip',
	'-i -w 1 --tun-type gue --tun-port 6080 --tun-nocsum',
	'-i -w 7 --tun-type gue --tun-port 65535 --tun-csum',
	'-i -w 1 -x 7 --tun-type gue --tun-port 1 --tun-remcsum',
	'-i -w 1 --tun-type gre --tun-nocsum',
	'-i -w 1 -x 2 -y 2 --tun-type gre --tun-csum',
]

/** Settings after the listener of a virtual server, by those that can have them. */
const SETTINGS: Readonly<Record<string, readonly string[]>> = {
	'-t 10.96.1.1:': [
		...SCHEDULERS.map(scheduler => `-s ${scheduler}`),
		'-s sh -b sh-fallback',
		'-s sh -b sh-fallback,sh-port,flag-3',
		'-s mh -b mh-port',
		'-s mh -b flag-3',
		'-s rr -b flag-1,flag-2,flag-3',
		'-s rr -p 1',
		'-s rr -p 2678400 -M 255.255.255.0',
		'-s rr -p 360 -M 0.0.0.0',
	],
	'-u 10.96.1.1:': ['-s rr -o', '-s rr -p 60 --pe sip', '-s sh -p 60 -M 255.255.128.0 --pe sip -o -b sh-port,flag-3'],
	'--sctp-service 10.96.1.1:': ['-s wlc', '-s mh -p 60 -b mh-fallback,mh-port'],
	'-t [fd00:96::1]:': ['-s rr', '-s rr -p 60', '-s rr -p 60 -M 64', '-s rr -p 60 -M 1'],
	'-u [fd00:96::1]:': ['-s rr -o', '-s rr -p 60 --pe sip'],
	'--sctp-service [fd00:96::1]:': ['-s lc'],
}

interface Row {
	readonly name: string
	/** In the order and the form of `kube-lvs save`. */
	readonly lines: readonly string[]
}

const settingsRows = Object.entries(SETTINGS).flatMap(([listen, all]) =>
	all.map((settings, at): Row => {
		const where = `${listen}${1000 + at}`
		return {name: `${where} ${settings}`, lines: [`-A ${where} ${settings}`]}
	}),
)

/** The listener and settings of a virtual server, and the addresses of real servers of its family and of the other. */
const OF_METHODS: readonly ((at: number) => readonly [string, string, string, string])[] = [
	at => [`-t 10.96.2.${at}:80`, '-s rr', '10.244.1.5:80', '[fd00:244::5]:80'],
	at => [`-t 10.96.3.${at}:0`, '-s rr -p 60', '10.244.1.5:0', '[fd00:244::5]:0'],
	at => [`-u [fd00:96::2:${at}]:53`, '-s rr', '[fd00:244::5]:53', '10.244.1.5:53'],
	at => [`-f ${at + 1}`, '-s rr', '10.244.1.5:0', '[fd00:244::5]:0'],
	at => [`-f ${at + 1} -6`, '-s rr -p 60 -M 64', '[fd00:244::5]:0', '10.244.1.5:0'],
	at => [`-f ${0xffffffff - at}`, '-s rr -p 60 -M 255.255.0.0', '10.244.1.5:0', '[fd00:244::5]:0'],
]

/** Each method for each kind of virtual server; by tunnel real servers of the other family, too. */
const methodRows = OF_METHODS.flatMap(makeListener =>
	METHODS.map((method, at): Row => {
		const [listen, settings, same, other] = makeListener(at)
		const reals = method.startsWith('-i') ? [same, other] : [same]
		return {
			name: `${listen} ${settings}: ${method}`,
			lines: [`-A ${listen} ${settings}`, ...reals.map(real => `-a ${listen} -r ${real} ${method}`)],
		}
	}),
)

const ROWS = [...settingsRows, ...methodRows]

/** Without what it leaves out: limits, and flag-3 of sh and mh. */
const asIpvsadmSaves = (line: string): string =>
	line.replace(/ -[xy] \d+/g, '').replace(/(-s [sm]h.*?)(?:,flag-3| -b flag-3)$/, '$1')

const DEVICE = 'restoring'

describe('tables of ipvsadm and of kube-lvs on the real kernel', function () {
	this.timeout(120_000)
	const doors = openSystemDoors(systemClock)
	const client = new IpvsClient(doors, 0)

	/** The output of a program that has to succeed without a word of trouble. */
	const run = async (program: string, args: readonly string[], stdin?: string): Promise<string> => {
		const {stdout, stderr, exitCode} = await doors.exec.run(program, args, stdin)
		expect({stderr, exitCode}).to.deep.equal({stderr: '', exitCode: 0})
		return stdout
	}
	const kubeLvs = (args: readonly string[], stdin?: string) => run(process.execPath, ['src/main.ts', ...args], stdin)
	const ipvsadmSaves = () => run('ipvsadm', ['-S', '-n'])
	const clear = () => run('ipvsadm', ['-C'])
	const saved = async () => formatTable((await client.read()).virtualServers.values()).join('\n')
	before(async () => {
		await run('modprobe', ['ip_vs'])
		await clear()
	})

	after(async () => {
		await clear()
		await doors.exec.run('ip', ['link', 'del', DEVICE])
		doors.netlink.close()
	})

	describe('with every setting', () => {
		const tables = new Map<string, string>()
		let whole = ''

		before(async () => {
			await run('ipvsadm', ['-R'], ROWS.flatMap(({lines}) => [...lines, '']).join('\n'))
			const byIpvsadm = await ipvsadmSaves()
			whole = await saved()
			tables.set('made by ipvsadm', whole)
			await clear()
			await kubeLvs(['restore'], byIpvsadm)
			tables.set('saved by ipvsadm, restored by kube-lvs', await saved())
			expect(await ipvsadmSaves()).to.equal(byIpvsadm.replace(/ -b $/gm, ''))
			await clear()
			await restoreTable(client, whole)
			const byKubeLvs = await kubeLvs(['save'])
			tables.set('restored and saved by kube-lvs', byKubeLvs)
			await clear()
			await run('ipvsadm', ['-R'], byKubeLvs)
			tables.set('saved by kube-lvs, restored by ipvsadm', await saved())
		})

		for (const {name, lines} of ROWS) {
			it(name, () => {
				for (const [title, table] of tables) {
					const expected = title.startsWith('saved by ipvsadm') ? lines.map(asIpvsadmSaves) : lines
					expect(table.split('\n'), title).to.include.members(expected)
				}
			})
		}

		it('and nothing besides', () => {
			const count = ROWS.flatMap(({lines}) => lines).length
			for (const [title, table] of tables) {
				expect(table.trim().split('\n'), title).to.have.length(count)
			}
			expect(tables.get('saved by kube-lvs, restored by ipvsadm')).to.equal(whole)
		})
	})

	describe('zero', () => {
		before(async () => {
			await clear()
			for (const command of ['link set lo up', `link add ${DEVICE} type dummy`, `link set ${DEVICE} up`]) {
				await run('ip', command.split(' '))
			}
			for (const address of ['10.96.7.1/32', '10.96.7.2/32']) {
				await run('ip', ['addr', 'add', address, 'dev', DEVICE])
			}
			const table = [80, 53].map(
				port => `-A -u 10.96.7.1:${port} -s rr\n-a -u 10.96.7.1:${port} -r 10.96.7.2:${port} -m\n`,
			)
			await restoreTable(client, table.join(''))
		})

		/** Connections that each virtual and real server has had, by protocol or arrow and address. */
		const counted = async () =>
			Object.fromEntries(
				[...(await run('ipvsadm', ['-L', '-n', '--stats'])).matchAll(/^\s*(UDP|->)\s+(10\S+)\s+(\d+)/gm)].map(
					([, kind, where, connections]) => [`${kind} ${where}`, Number(connections)],
				),
			)

		const send = async () => {
			const socket = createSocket('udp4')
			for (const port of [80, 53]) {
				await new Promise(resolve => socket.send('hello', port, '10.96.7.1', resolve))
			}
			socket.close()
		}

		it('sets the counters of one virtual server back, with those of its real servers, or all of them', async () => {
			await send()
			// The kernel sums its counters up every two seconds.
			const one = {'UDP 10.96.7.1:80': 1, '-> 10.96.7.2:80': 1, 'UDP 10.96.7.1:53': 1, '-> 10.96.7.2:53': 1}
			await eventually(async () => expect(await counted()).to.deep.equal(one), 20_000, 300)
			await zeroCounters(client, DEFAULT_CONFIG, ['udp', '10.96.7.1:53'])
			expect(await counted()).to.deep.equal({...one, 'UDP 10.96.7.1:53': 0, '-> 10.96.7.2:53': 0})
			await zeroCounters(client, DEFAULT_CONFIG, [])
			expect(new Set(Object.values(await counted()))).to.deep.equal(new Set([0]))
		})
	})
})
