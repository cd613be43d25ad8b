import type {Config} from '../config/fields.ts'
import type {Node} from '../model/node.ts'
import type {ObjectSink} from '../model/object.ts'
import {formatPrefix} from '../net/prefix.ts'
import {aborted} from './aborted.ts'
import {Failure} from './failure.ts'

/**
 * With detectLocalMode NodeCIDR, fails when the networks of this node's pods become others than they were, so that
 * whoever supervises the process starts it anew, as kube-proxy does (its proxy/node.go); resolves when the signal is
 * aborted. Networks that are only now assigned are no failure. Whatever comes goes on to `sink`.
 */
export const watchPodCIDRs = (
	sink: ObjectSink,
	{detectLocalMode, nodeName}: Pick<Config, 'detectLocalMode' | 'nodeName'>,
	signal: AbortSignal,
): {readonly sink: ObjectSink; readonly done: Promise<void>} => {
	const {promise, reject} = Promise.withResolvers<void>()
	const done = Promise.race([promise, aborted(signal)])
	if (detectLocalMode !== 'NodeCIDR') {
		return {sink, done}
	}
	let before = ''
	const look = ({podCIDRs}: Node): void => {
		const now = podCIDRs.map(formatPrefix).join(', ')
		if (before !== '' && now !== before) {
			reject(
				new Failure(
					`podCIDRs of node ${nodeName} were ${before} and are ${now || 'none'}; to be started again with them`,
				),
			)
		}
		before = now
	}
	return {
		sink: {
			change: change => {
				if (change.kind === 'Node' && change.key === nodeName && change.object) {
					look(change.object)
				}
				sink.change(change)
			},
			synced: kind => sink.synced(kind),
			problem: problem => sink.problem(problem),
			solved: problem => sink.solved(problem),
		},
		done,
	}
}
