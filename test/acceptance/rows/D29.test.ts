import {expect} from 'chai'
import {service, slice} from '../objects.ts'
import {row} from '../row.ts'

row('D29', 'the scheduler mh hashes the source port, too', {config: {scheduler: 'mh'}}, async world => {
	const affinity = {sessionAffinity: 'ClientIP', clusterIP: '10.96.0.11'}
	world.given(service(), service(affinity, {name: 't'}), slice())
	await world.settled()
	// The second of the three bits that the kernel sets aside for schedulers is 0x10.
	const settings = {scheduler: 'mh', flags: ['scheduler-2']}
	expect(world.servers()['tcp 10.96.0.10:80']).to.deep.include({...settings, persistence: undefined})
	expect(world.servers()['tcp 10.96.0.11:80']).to.deep.include(settings)
	expect(world.servers()['tcp 10.96.0.11:80']?.persistence).to.deep.equal({timeoutSeconds: 10_800, prefixLength: 32})
})
