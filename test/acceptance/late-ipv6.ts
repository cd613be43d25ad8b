import type {FakeKernel} from '../support/fake-kernel/fake-kernel.ts'
import {DUAL_STACK, service, slice} from './objects.ts'
import type {World} from './world.ts'

/** Audits as far apart as they are by default: a request is late after a minute. */
export const DEFAULT_AUDITS = {config: {auditInterval: '30s'}} as const

const SLICE_OF_IPV6 = slice(['fd00:244:0:1::5'], {name: 's-6'})

/**
 * A dual-stack Service is served. Then somebody deletes rules of IPv6, an audit sees it, and they cannot be restored. In
 * the end a change asks for a sync.
 */
export const breakIPv6 = async (world: World, served = service(DUAL_STACK)): Promise<void> => {
	world.given(served, slice(['10.244.1.5', '10.244.1.6']), SLICE_OF_IPV6)
	await world.settled()
	world.kernel.failNext(BROKEN, Number.POSITIVE_INFINITY)
	spoilRules(world.kernel)
	await world.advance(120_000)
	world.change(slice(['fd00:244:0:1::6'], {name: 's-6'}))
}

const BROKEN = {kind: 'exec', program: 'ip6tables-nft-restore', exitCode: 4, stderr: 'broken'} as const

/** Somebody deletes rules, so that there is something to restore. */
const spoilRules = ({iptables}: FakeKernel): void => {
	iptables.tables('ipv6').get('nat')?.get('KUBE-SERVICES')?.rules.splice(0)
}
