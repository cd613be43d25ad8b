import {expect} from 'chai'
import {type CpuProfile, sharesOf} from '../../bench/own/profile.ts'

/** Frames of one stack, the outermost first, with the time that was seen in the last of them. */
const profileOf = (stacks: readonly (readonly [readonly string[], number])[]): CpuProfile => {
	const nodes: {id: number; callFrame: {functionName: string; url: string}; children: number[]}[] = [
		{id: 1, callFrame: {functionName: '(root)', url: ''}, children: []},
	]
	const samples = stacks.map(([frames]) => {
		let parent = 0
		for (const frame of frames) {
			const callFrame = frame.startsWith('(')
				? {functionName: frame, url: ''}
				: {functionName: 'f', url: frame && `file:///x/${frame}`}
			const id = nodes.length + 1
			nodes[parent]?.children.push(id)
			nodes.push({id, callFrame, children: []})
			parent = id - 1
		}
		return parent + 1
	})
	return {nodes, samples, timeDeltas: stacks.map(([, time]) => time)}
}

describe('shares of a CPU profile', () => {
	it('belong to the innermost caller that has a stage', () => {
		const shares = sharesOf(
			profileOf([
				[['src/controller/controller.ts', 'src/desired/service.ts', 'src/net/address.ts', ''], 30],
				[['src/controller/controller.ts', 'src/plan/ipvs.ts'], 20],
				[['src/controller/controller.ts', 'src/kernel/apply.ts', 'src/kernel/ipvs/encode.ts'], 20],
				[['src/kernel/ipvs/client.ts', 'src/kernel/netlink/socket.ts', 'node_modules/netlink/index.js'], 10],
				[['src/controller/controller.ts', '(garbage collector)'], 10],
				[['node:internal/x'], 10],
				[['(idle)'], 1000],
			]),
		)
		expect(shares).to.deep.equal({desired: 0.3, plan: 0.2, encode: 0.2, sending: 0.1, gc: 0.1, other: 0.1})
	})

	it('are none of a profile without samples', () => {
		expect(sharesOf({nodes: []})).to.deep.equal({})
	})
})
