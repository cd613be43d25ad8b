import {expect} from 'chai'
import {onSignals} from '../../src/cli/on-signals.ts'
import {ManualClock} from '../acceptance/manual-clock.ts'

type Ending = 'SIGTERM' | 'SIGINT'

const listen = () => {
	const clock = new ManualClock()
	const done: string[] = []
	const heard = new Map<Ending, (signal: Ending) => void>()
	onSignals({
		process: {
			on: (signal, listener) => void heard.set(signal, listener),
			exit: code => void done.push(`exit ${code}`),
		},
		clock,
		end: signal => void done.push(`end by ${signal}`),
	})
	return {clock, done, send: (signal: Ending) => heard.get(signal)?.(signal)}
}

describe('a signal', () => {
	for (const [signal, code] of [
		['SIGTERM', 143],
		['SIGINT', 130],
	] as const) {
		it(`${signal} ends in good order, and a second one at once`, async () => {
			const {clock, done, send} = listen()
			send(signal)
			expect(done).to.deep.equal([`end by ${signal}`])
			await clock.advance(500)
			send(signal)
			expect(done).to.deep.equal([`end by ${signal}`, `exit ${code}`])
		})
	}

	it('that comes twice at the same time is one', async () => {
		const {clock, done, send} = listen()
		send('SIGINT')
		await clock.advance(499)
		send('SIGINT')
		expect(done).to.deep.equal(['end by SIGINT'])
		await clock.advance(1)
		send('SIGTERM')
		expect(done).to.deep.equal(['end by SIGINT', 'exit 143'])
	})
})
