import {stripVTControlCharacters} from 'node:util'
import {expect} from 'chai'
import fc from 'fast-check'
import {type Key, keysIn, press, type ScrolledView} from '../../../src/cli/top/keys.ts'
import {watchLive} from '../../../src/cli/top/live.ts'
import {printRounds, type RoundsOptions} from '../../../src/cli/top/rounds.ts'
import type {Terminal} from '../../../src/cli/top/terminal.ts'
import type {ServiceTraffic} from '../../../src/cli/top/traffic.ts'
import type {Clock} from '../../../src/clock.ts'
import {row, service, traffic} from './build.ts'

const WEB = service('shop/web', {
	activeConnections: 3,
	perSecond: traffic(2),
	endpoints: [row('10.244.1.5:8080'), row('10.244.1.6:8080', {perSecond: traffic(2)})],
})
const DNS = service('kube-system/dns', {activeConnections: 9, perSecond: traffic(1)})

/** Time passes when somebody waits for it. */
const quickClock = (): Clock => {
	let now = Date.UTC(2026, 0, 1)
	return {
		now: () => now,
		wall: () => now,
		after: (milliseconds, callback) => {
			const immediate = setImmediate(() => {
				now += milliseconds
				callback()
			})
			return () => clearImmediate(immediate)
		},
	}
}

/** Shows the lines of the last screen; `type` is what its user does. */
const fakeTerminal = () => {
	const screens: string[] = []
	let [onInput, onResize] = [(_: string) => {}, () => {}]
	const size = {columns: 90, rows: 9}
	const terminal: Terminal = {
		size: () => size,
		write: text => void screens.push(text),
		listen: (input, resize) => {
			onInput = input
			onResize = resize
		},
		close: () => undefined,
	}
	const lines = () => stripVTControlCharacters(screens.at(-1) ?? '').split('\r\n')
	return {
		terminal,
		screens,
		lines,
		names: () =>
			lines()
				.slice(4, -1)
				.map(line => line.trim().split(' ')[0]),
		type: (text: string) => onInput(text),
		resize: (columns: number) => {
			size.columns = columns
			onResize()
		},
	}
}

describe('top on a terminal', () => {
	/** Calls `use` after so many looks, and ends. */
	const watch = async (use: (screen: ReturnType<typeof fakeTerminal>) => void, after = 1) => {
		const screen = fakeTerminal()
		const stop = new AbortController()
		let looks = 0
		const look = async () => {
			if (looks++ === after) {
				use(screen)
				screen.type('q')
			}
			return [DNS, WEB]
		}
		const options = {view: {sort: 'rate', hasEndpoints: true}, interval: 2000, nodeName: 'n1'} as const
		await watchLive(look, screen.terminal, {...options, clock: quickClock()}, stop)
		return {looks, screens: screen.screens}
	}

	it('draws a screen for each look, until it is left', async () => {
		const {looks, screens} = await watch(({lines, names}) => {
			expect(lines()).to.have.length(9)
			expect(lines()[0]).to.match(/^kube-lvs top {2}n1 {2}\d\d:\d\d:\d\d {2}every 2s$/)
			expect(names()).to.deep.equal(['shop/web', '10.244.1.6:8080', '10.244.1.5:8080', 'kube-system/dns'])
		}, 3)
		expect(looks).to.equal(4)
		expect(screens.length).to.be.at.least(3)
	})

	it('draws the history of looks', async () => {
		await watch(({lines}) => expect(lines()[4]).to.match(/ {2}███$/), 3)
	})

	it('does what is typed at once, and draws anew on a terminal of another size', async () => {
		await watch(({names, lines, type, resize}) => {
			type('e')
			expect(names()).to.deep.equal(['shop/web', 'kube-system/dns', '', ''])
			type('sss')
			expect(names().slice(0, 2)).to.deep.equal(['kube-system/dns', 'shop/web'])
			expect(lines().at(-1)).to.include('s sort (active)')
			resize(30)
			expect(lines()[3]).to.equal('SERVICE          CONN/S')
		})
	})
})

describe('the keys of top', () => {
	const VIEW: ScrolledView = {sort: 'rate', hasEndpoints: true, first: 5}

	it('are known in what terminals send', () => {
		expect(keysIn('q\u0003x\u001b[A\u001bOB\u001b[5~\u001b[1;5A\u001b[F')).to.deep.equal([
			...['quit', 'quit', 'up', 'down', 'page-up', 'end'],
		])
	})

	it('may be anything', () => {
		fc.assert(fc.property(fc.string({unit: 'binary'}), text => void keysIn(text)))
	})

	const CASES: readonly (readonly [Key, Partial<ScrolledView>])[] = [
		['quit', {}],
		['sort', {sort: 'bytes', first: 0}],
		['endpoints', {hasEndpoints: false, first: 0}],
		['up', {first: 4}],
		['down', {first: 6}],
		['page-up', {first: 0}],
		['page-down', {first: 15}],
		['home', {first: 0}],
		['end', {first: 20}],
	]
	for (const [key, change] of CASES) {
		it(`do what they say: ${key}`, () => {
			expect(press(VIEW, key, 10, 30)).to.deep.equal({...VIEW, ...change})
		})
	}

	it('scroll no further than there are rows', () => {
		expect(press({...VIEW, first: 20}, 'down', 10, 30).first).to.equal(20)
		expect(press({...VIEW, first: 0}, 'end', 10, 3).first).to.equal(0)
		expect(press({...VIEW, first: 0}, 'up', 10, 30).first).to.equal(0)
	})
})

describe('top for programs', () => {
	const print = async (options: Partial<RoundsOptions>, isRead: (text: string) => boolean = () => true) => {
		const texts: string[] = []
		const look = async (): Promise<readonly ServiceTraffic[]> => [DNS, WEB]
		const view = {sort: 'rate', hasEndpoints: true} as const
		const all = {view, format: 'table', rounds: 1, interval: 2000, clock: quickClock(), ...options} as const
		await printRounds(look, all, async text => {
			texts.push(text)
			return isRead(text)
		})
		return texts
	}

	it('is a table, and has the time where there are more', async () => {
		const table = [
			'SERVICE            ACTIVE  INACTIVE  CONN/S  IN PKT/S  OUT PKT/S  IN B/S  OUT B/S\n',
			'shop/web           3       0         2       2         2          2       2\n',
			'  10.244.1.6:8080  0       0         2       2         2          2       2\n',
			'  10.244.1.5:8080  0       0         0       0         0          0       0\n',
			'kube-system/dns    9       0         1       1         1          1       1\n',
		].join('')
		expect(await print({})).to.deep.equal([table])
		expect(await print({rounds: 2})).to.deep.equal([
			`2026-01-01T00:00:00.000Z\n${table}\n`,
			`2026-01-01T00:00:02.000Z\n${table}\n`,
		])
	})

	it('is a line of JSON each', async () => {
		const lines = await print({format: 'json', rounds: 2})
		const [first] = lines.map(line => {
			expect(line).to.match(/^[^\n]+\n$/)
			return JSON.parse(line)
		})
		expect(first.time).to.equal('2026-01-01T00:00:00.000Z')
		expect(first.services[0]).to.deep.equal({
			service: 'shop/web',
			virtualServers: ['tcp 10.96.0.10:80'],
			activeConnections: 3,
			inactiveConnections: 0,
			total: traffic(0),
			perSecond: traffic(2),
			endpoints: ['10.244.1.6:8080', '10.244.1.5:8080'].map((endpoint, at) => ({
				endpoint,
				activeConnections: 0,
				inactiveConnections: 0,
				total: traffic(0),
				perSecond: traffic(at === 0 ? 2 : 0),
			})),
		})
	})

	it('is a document of YAML each, without endpoints where they are not asked for', async () => {
		const view = {sort: 'name', hasEndpoints: false} as const
		const [text] = await print({format: 'yaml', view})
		expect(text).to.match(/^---\ntime: ".*"\nservices:\n {2}- service: kube-system\/dns\n/)
		expect(text).to.not.include('endpoints')
	})

	it('ends when nobody reads any more', async () => {
		expect(await print({rounds: 1_000_000}, () => false)).to.have.length(1)
	})
})
