import {expect} from 'chai'
import {FakeKernel} from '../../support/fake-kernel/fake-kernel.ts'
import {service, slice} from '../objects.ts'
import {begin, factsOf} from '../open.ts'
import {row} from '../row.ts'
import type {World} from '../world.ts'

const REUSE = 'net/ipv4/vs/conn_reuse_mode'

/** `before` is absent where the kernel is too old to have the setting. */
const host = (release: string, before: string | undefined) => ({
	sysctls: {'kernel/osrelease': release, 'net/ipv6/conf/all/forwarding': '1', [REUSE]: before},
})

const reuseAfter = async (world: World): Promise<string | undefined> => {
	world.given(service(), slice())
	await world.settled()
	return world.kernel.files.texts.get(`/proc/sys/${REUSE}`)?.trim()
}

const OLD = host('4.0.9', undefined)
row('F3', 'a kernel 4.0 does not have conn_reuse_mode', {host: OLD, facts: await factsOf(OLD)}, async world => {
	expect(await reuseAfter(world)).to.equal(undefined)
})

row('F3', 'a kernel 4.0 is warned of', async () => {
	const {warnings} = await begin(new FakeKernel(OLD))
	expect(warnings.join()).to.match(/^kernel 4\.0\.9 has no net\/ipv4\/vs\/conn_reuse_mode/)
})

const SLOW = host('5.4.0-190-generic', '1')
row('F3', 'a kernel 5.4 gets conn_reuse_mode 0', {host: SLOW, facts: await factsOf(SLOW)}, async world => {
	expect(await reuseAfter(world)).to.equal('0')
})

for (const value of ['0', '1']) {
	const good = host('5.15.0', value)
	row('F3', `a kernel 5.15 keeps conn_reuse_mode ${value}`, {host: good, facts: await factsOf(good)}, async world => {
		expect(await reuseAfter(world)).to.equal(value)
	})
}
