import {expect} from 'chai'
import {service, slice} from '../objects.ts'
import {row} from '../row.ts'
import type {World} from '../world.ts'

const triggered = (name: string, address: string, time: number) =>
	slice([address], {
		name,
		annotations: {'endpoints.kubernetes.io/last-change-trigger-time': new Date(time).toISOString()},
	})

/** Number of samples, and the sum of them in seconds. */
const samples = async ({telemetry}: World): Promise<{readonly count: number; readonly sum: number}> => {
	const text = (await telemetry.ask('/metrics')) ?? ''
	const read = (part: string) =>
		Number(
			text.match(new RegExp(`^kubeproxy_network_programming_duration_seconds_${part}\\{.*IPv4.*\\} (.*)$`, 'm'))?.[1] ??
				0,
		)
	return {count: read('count'), sum: read('sum')}
}

row('J10', 'the time from a change of pods to its being served here is measured', async world => {
	world.given(service(), slice())
	await world.settled()
	expect(await samples(world)).to.deep.equal({count: 0, sum: 0})
	world.change(triggered('s-2', '10.244.1.7', world.clock.now() - 3_600_000))
	await world.settled()
	expect(await samples(world)).to.deep.equal({count: 0, sum: 0})
	world.change(triggered('s-1', '10.244.1.6', world.clock.now() - 2000))
	await world.settled()
	const {count, sum} = await samples(world)
	expect(count).to.equal(1)
	expect(sum).to.be.at.least(2)
	if (world.isQuiet) {
		expect(sum).to.be.below(2.5)
	}
})
