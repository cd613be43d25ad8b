import {expect} from 'chai'
import {untilKubeProxyEnds} from '../../src/cli/until-kube-proxy-ends.ts'
import {createManualClock} from '../kubernetes/manual-clock.ts'

const ALIVE = {where: '127.0.0.1:10249', mode: 'iptables'}

describe('the wait for the end of a kube-proxy', () => {
	/** `answers` has for each question whether a kube-proxy answers; the last one counts from then on. */
	const wait = (answers: readonly boolean[]) => {
		const clock = createManualClock()
		const stop = new AbortController()
		const said: string[] = []
		let questions = 0
		let isOver = false
		const say = (message: string) => void said.push(message)
		const done = untilKubeProxyEnds({
			...{clock, log: {info: say, warn: say}, signal: stop.signal},
			find: async () => (answers[Math.min(questions++, answers.length - 1)] ? ALIVE : undefined),
		}).then(() => {
			isOver = true
		})
		return {clock, stop, said, done, isOver: () => isOver, questions: () => questions}
	}

	it('is over at once, without a word, where there is none', async () => {
		const {done, said} = wait([false])
		await done
		expect(said).to.deep.equal([])
	})

	it('lasts as long as it answers, and is said once at its beginning and at its end', async () => {
		const {clock, said, isOver} = wait([...Array(60).fill(true), false])
		await clock.advance(0)
		await clock.advance(60_000)
		expect(isOver()).to.equal(false)
		await clock.advance(1000)
		expect(isOver()).to.equal(true)
		expect(said).to.have.length(2)
		expect(said[0]).to.match(/^a kube-proxy in mode iptables runs .*nothing is changed before it has stopped$/)
		expect(said[1]).to.include('no kube-proxy answers')
	})

	it('does not end for one question that gets no answer', async () => {
		const {clock, isOver} = wait([true, false, true, false, true])
		await clock.advance(0)
		await clock.advance(30_000)
		expect(isOver()).to.equal(false)
	})

	it('ends with the process', async () => {
		const {stop, done, said, questions} = wait([true])
		await new Promise(resolve => setImmediate(resolve))
		stop.abort()
		await done
		expect(said).to.have.length(1)
		expect(questions()).to.equal(1)
	})
})
