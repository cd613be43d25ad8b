import {
	isSameState,
	type RealServer,
	type RealServerKey,
	type VirtualServerKey,
	type VirtualServerState,
} from '../state/ipvs.ts'
import type {WantedState} from '../state/node-state.ts'
import type {IpvsOperation} from './operation.ts'

/** The virtual servers of a mirror. Those that are as wanted are the wanted objects themselves: they take memory once. */
export class MirroredServers extends Map<VirtualServerKey, VirtualServerState> {
	/** Real servers that are ours alone, and may be changed in place. */
	readonly #owned = new WeakSet<ReadonlyMap<RealServerKey, RealServer>>()

	/** Takes the wanted objects for those of these keys that are as wanted. */
	share(keys: Iterable<VirtualServerKey>, wanted: Pick<WantedState, 'virtualServers'>): void {
		for (const key of keys) {
			const want = wanted.virtualServers.get(key)
			const have = this.get(key)
			if (want && have && want !== have && isSameState(want, have)) {
				this.set(key, want)
			}
		}
	}

	/** Takes in one operation that the kernel has acknowledged. */
	record(operation: IpvsOperation): void {
		const {server} = operation
		const present = this.get(server.key)
		switch (operation.kind) {
			case 'add-virtual-server':
			case 'update-virtual-server':
				this.set(server.key, {server, realServers: present?.realServers ?? this.#own()})
				return
			case 'delete-virtual-server':
				this.delete(server.key)
				return
			case 'add-real-server':
			case 'update-real-server':
			case 'drain-real-server':
				present && this.#ownRealServers(present).set(operation.realServer.key, operation.realServer)
				return
			case 'delete-real-server':
				present && this.#ownRealServers(present).delete(operation.realServer.key)
				return
			default:
				operation satisfies never
		}
	}

	/** Copied before the first change. */
	#ownRealServers({server, realServers}: VirtualServerState): Map<RealServerKey, RealServer> {
		if (this.#owned.has(realServers)) {
			return realServers as Map<RealServerKey, RealServer>
		}
		const own = this.#own(realServers)
		this.set(server.key, {server, realServers: own})
		return own
	}

	#own(realServers?: VirtualServerState['realServers']): Map<RealServerKey, RealServer> {
		const own = new Map(realServers)
		this.#owned.add(own)
		return own
	}
}
