import type {Doors} from '../../src/kernel/doors.ts'
import type {Protocol} from '../../src/net/protocol.ts'
import type {FakeFlow} from '../support/fake-kernel/fake-conntrack.ts'

/** A kernel to try an adapter on. */
export interface Bench {
	readonly doors: Doors
	/** Those of somebody who may make settings, too. */
	readonly doorsToPrepare: Doors
	/** Takes away whatever the last test made. */
	readonly reset: () => Promise<void>
	/** Puts an address, in CIDR form, on the device of the VIPs as somebody else would. */
	readonly addAddress: (cidr: string) => Promise<void>
	/** Writes a file below /proc/sys as somebody else would. */
	readonly writeSetting: (path: string, value: string) => Promise<void>
	/** Gives these lines to `ipset restore -exist` as somebody else would. */
	readonly loadSets: (lines: readonly string[]) => Promise<void>
	/** What `ipset save` says. */
	readonly saveSets: () => Promise<string>
	/** Lets the kernel track a flow. */
	readonly addFlow: (flow: BenchFlow) => Promise<void>
	/** `udp 10.96.0.10 53 from 4001`, in any order. */
	readonly listFlows: () => Promise<readonly string[]>
}

export type OpenDoors = () => Promise<Bench>

export interface BenchFlow extends FakeFlow {
	readonly protocol: Protocol
}

export const formatFlow = ({protocol, vip, vipPort, clientPort}: BenchFlow): string =>
	`${protocol} ${vip} ${vipPort} from ${clientPort}`

/** One suite: opens the kernel once, and begins each test with a clean one. */
export const describeContract = (title: string, open: OpenDoors, tests: (bench: () => Bench) => void): void => {
	describe(title, () => {
		let bench: Bench | undefined
		const opened = (): Bench => {
			if (!bench) {
				throw new Error('used outside of a test')
			}
			return bench
		}
		before(async () => {
			bench = await open()
		})
		beforeEach(() => opened().reset())
		after(async () => {
			await bench?.reset()
			// A socket that stays open keeps the process.
			bench?.doors.netlink.close()
			bench?.doorsToPrepare.netlink.close()
		})
		tests(opened)
	})
}
