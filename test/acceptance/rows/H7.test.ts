import {expect} from 'chai'
import type {FakeKernel} from '../../support/fake-kernel/fake-kernel.ts'
import type {Request} from '../../support/fake-kernel/faults.ts'
import {BOTH, service, slice} from '../objects.ts'
import {lastUpdatedIn} from '../reports.ts'
import {row} from '../row.ts'

/** No set can be made; those that are there can be read. */
const failOnCreate = (kernel: FakeKernel): (() => void) => {
	let isBroken = true
	const choose = ({command}: Request) => (isBroken && command === 'create-set' ? 'ENOMEM' : undefined)
	kernel.failNext({kind: 'request', choose}, Number.POSITIVE_INFINITY)
	return () => {
		isBroken = false
	}
}

row('H7', 'where sets cannot be made, no virtual server is touched', async world => {
	const mend = failOnCreate(world.kernel)
	world.given(service(), slice())
	const started = await lastUpdatedIn(world)
	await world.advance(5000)
	expect(world.servers()).to.deep.equal({})
	expect(world.vips()).to.deep.equal([])
	const last = 'kubeproxy_sync_proxy_rules_last_timestamp_seconds'
	expect(await world.metric(last, {ip_family: 'IPv4'})).to.equal(undefined)
	expect(await lastUpdatedIn(world)).to.equal(started)
	mend()
	await world.settled()
	expect(world.realServers('tcp 10.96.0.10:80')).to.deep.equal(BOTH)
	expect(await world.metric(last, {ip_family: 'IPv4'})).to.be.above(0)
})
