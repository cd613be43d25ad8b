import {expect} from 'chai'
import {service} from '../model/build.ts'
import {FakeKernel} from '../support/fake-kernel/fake-kernel.ts'
import {RecordingObserver} from '../support/recording-observer.ts'
import {QUICK_CONFIG, runController, untilCalm} from './run-controller.ts'

/** As when iptables-restore is killed after its last COMMIT: it has done its work, and says that it failed. */
const failOnceAfterRestore = (fake: FakeKernel): void => {
	const {run} = fake.exec
	let isToFail = true
	const failing: typeof run = async (program, ...rest) => {
		const result = await run(program, ...rest)
		if (isToFail && program === 'iptables-nft-restore') {
			isToFail = false
			return {exitCode: 137, stdout: '', stderr: ''}
		}
		return result
	}
	Object.defineProperty(fake.exec, 'run', {value: failing})
}

describe('rules that were perhaps restored', () => {
	it('are read again before the next change, so that no jump is there twice', async () => {
		const fake = new FakeKernel()
		failOnceAfterRestore(fake)
		const observer = new RecordingObserver()
		const {controller, allSynced, stop} = runController(fake, observer, QUICK_CONFIG)
		allSynced()
		await observer.untilSyncs(1)
		controller.change({kind: 'Service', key: 'ns/s', object: service()})
		await untilCalm(observer)
		await stop()
		const jumps = fake.iptables.rules('ipv4', 'filter', 'INPUT')
		expect(jumps).to.have.length(3)
		expect(new Set(jumps).size).to.equal(3)
	})
})
