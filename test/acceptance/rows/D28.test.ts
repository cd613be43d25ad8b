import {expect} from 'chai'
import {DUAL_STACK, port, service, slice} from '../objects.ts'
import {row} from '../row.ts'

row('D28', 'affinity by client address, on every kind of VIP and in both families', async world => {
	const spec = {
		...DUAL_STACK,
		type: 'NodePort',
		ports: [port({nodePort: 30080})],
		externalIPs: ['203.0.113.7', '2001:db8:f::7'],
		sessionAffinity: 'ClientIP',
		sessionAffinityConfig: {clientIP: {timeoutSeconds: 10_800}},
	}
	world.given(service(spec), slice(), slice(['fd00:244:0:1::5'], {name: 's-2'}))
	await world.settled()
	const persistence = Object.entries(world.servers()).map(([key, server]) => [key, server.persistence])
	expect(Object.fromEntries(persistence)).to.deep.equal({
		'tcp 10.96.0.10:80': {timeoutSeconds: 10_800, prefixLength: 32},
		'tcp 203.0.113.7:80': {timeoutSeconds: 10_800, prefixLength: 32},
		'tcp 192.0.2.10:30080': {timeoutSeconds: 10_800, prefixLength: 32},
		'tcp [fd00:96::a]:80': {timeoutSeconds: 10_800, prefixLength: 128},
		'tcp [2001:db8:f::7]:80': {timeoutSeconds: 10_800, prefixLength: 128},
		'tcp [2001:db8::10]:30080': {timeoutSeconds: 10_800, prefixLength: 128},
	})
})
