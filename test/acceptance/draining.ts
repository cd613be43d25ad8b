import {expect} from 'chai'
import {LOCAL, service, slice} from './objects.ts'
import type {World} from './world.ts'

export const SERVER = 'tcp 10.96.0.10:80'
export const DRAINING = '10.244.2.5:8080'

/** Serves `ns/s`, then takes the endpoint on `n2` away while it has so many connections. */
export const startDraining = async (world: World, active: number, inactive = 0): Promise<void> => {
	world.given(service(), slice())
	await world.settled()
	world.kernel.ipvs.setConnections(SERVER, DRAINING, active, inactive)
	world.change(slice(['10.244.1.5']))
	await world.settled()
}

/** The last connection ends. */
export const endConnections = ({kernel}: World): void => kernel.ipvs.setConnections(SERVER, DRAINING, 0)

/** An endpoint with so many connections is taken away: it stays at weight 0 until they are gone, and no longer. */
export const expectDrain = async (world: World, active: number, inactive = 0): Promise<void> => {
	await startDraining(world, active, inactive)
	expect(world.realServers(SERVER)).to.deep.equal({...LOCAL, [DRAINING]: 0})
	endConnections(world)
	await world.advance(1000)
	if (world.isQuiet) {
		expect(world.realServers(SERVER)).to.deep.equal(LOCAL)
	}
	await world.settled()
	expect(world.realServers(SERVER)).to.deep.equal(LOCAL)
}

/** What went wrong since the start. */
export const troubleIn = ({observer}: World): readonly unknown[] => [
	...observer.syncs.flatMap(({outcomes}) => outcomes.filter(({error}) => error !== undefined)),
	...observer.failures,
]
