import {expect} from 'chai'
import fc from 'fast-check'
import {formatTable} from '../../src/ipvsadm/format.ts'
import {parseTable} from '../../src/ipvsadm/parse.ts'
import {planRestore, type Restoration} from '../../src/ipvsadm/restore.ts'
import {formatOperation} from '../../src/plan/format-operation.ts'
import {LIMITS_FLAG, type VirtualServerState} from '../../src/state/ipvs.ts'
import {realServer, serverState, virtualServer} from '../state/build.ts'
import {anyStates} from './arbitraries.ts'
import {parsedStates} from './parsed-states.ts'

const WEB = serverState(virtualServer('tcp 10.96.0.1:80', {flags: [LIMITS_FLAG]}), [
	realServer('10.244.1.5:8080', {limits: {upper: 10, lower: 5}}),
])

const kernelOf = (...states: readonly VirtualServerState[]) => new Map(states.map(state => [state.server.key, state]))

const restore = (text: string, actual: ReadonlyMap<string, VirtualServerState> = new Map()): Restoration => {
	const {lines, errors} = parseTable(text)
	expect(errors).to.deep.equal([])
	return planRestore(lines, actual)
}

const describeRestoration = ({additions, present, errors}: Restoration) => ({
	additions: additions.map(({line, operation}) => `${line}: ${formatOperation(operation)}`),
	present,
	errors: errors.map(({line, reason}) => `${line}: ${reason}`),
})

describe('restoring a table', () => {
	it('adds what is not there, virtual servers first, and counts what is', () => {
		const text = `
			-a -t 10.96.0.2:80 -r 10.244.1.6:80 -m
			-A -t 10.96.0.2:80 -s wrr
			-a -t 10.96.0.1:80 -r 10.244.1.6:8080 -m
			-A -t 10.96.0.1:80 -s rr -b flag-3
			-a -t 10.96.0.1:80 -r 10.244.1.5:8080 -m -x 10 -y 5`
		expect(describeRestoration(restore(text, kernelOf(WEB)))).to.deep.equal({
			additions: [
				'3: add-virtual-server tcp 10.96.0.2:80 wrr',
				'2: add-real-server tcp 10.96.0.2:80 -> 10.244.1.6:80 weight 1',
				'4: add-real-server tcp 10.96.0.1:80 -> 10.244.1.6:8080 weight 1',
			],
			present: 2,
			errors: [],
		})
	})

	it('says what is there otherwise, is said twice, or has no virtual server', () => {
		const text = `-A -t 10.96.0.1:80 -s rr
			-a -t 10.96.0.1:80 -r 10.244.1.5:8080 -m
			-A -f 7 -s rr
			-A -f 7 -6 -s rr
			-A -f 7 -s wrr
			-a -f 7 -r 10.244.1.5 -m
			-a -f 7 -r 10.244.1.5:0 -m
			-a -f 8 -r 10.244.1.5 -m`
		const {errors, additions, present} = describeRestoration(restore(text, kernelOf(WEB)))
		expect(errors).to.deep.equal([
			'1: it is there with other settings: -A -t 10.96.0.1:80 -s rr -b flag-3',
			'2: it is there with other settings: -a -t 10.96.0.1:80 -r 10.244.1.5:8080 -m -w 1 -x 10 -y 5',
			'5: line 3 says it already',
			'7: line 6 says it already',
			'8: there is no virtual server firewall-mark ipv4 0x8, neither in the table nor in the kernel',
		])
		expect([additions.length, present]).to.deep.equal([3, 0])
	})

	it('of all that is there adds nothing, and of all that is not, all of it', () => {
		fc.assert(
			fc.property(anyStates, states => {
				const text = formatTable(states.values()).join('\n')
				const {lines} = parseTable(text)
				expect(restore(text, states)).to.deep.equal({additions: [], present: lines.length, errors: []})
				const {additions, present, errors} = restore(text)
				expect([additions.length, present, errors.length]).to.deep.equal([lines.length, 0, 0])
				expect(parsedStates(lines)).to.deep.equal(states)
			}),
		)
	})
})
