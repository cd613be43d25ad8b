import {type Answer, isAnswer, type ProbeResult, type Transport, tally} from '../topology/answer.ts'
import type {Host, Node, Pod} from '../topology/hosts.ts'
import {isSilent, type Origin} from './words.ts'

export interface Question {
	readonly asker: Host
	/** Where the Service is served. */
	readonly node: Node
	readonly endpoints: readonly Pod[]
	readonly policy: string
}

/** A word of the tables for what came back; for what has no word there, all of it. */
export const outcomeOf = (question: Question, results: readonly ProbeResult[]): string => {
	const answers = results.filter(isAnswer)
	if (answers.length === results.length) {
		return [whoOf(question, answers), ...sourceOf(question, answers)].join(' ')
	}
	const counts = tally(results)
	const [error = 'nothing', ...others] = Object.keys(counts)
	if (others.length > 0) {
		return JSON.stringify(counts)
	}
	return error === 'timeout' ? 'dropped' : error
}

/** How a documented outcome shows over this protocol. */
export const shownAs = (documented: string, protocol: Transport, origin: Origin): string => {
	if (protocol === 'sctp' && documented === 'refused') {
		return 'dropped' // Linux has no SCTP client give up for an ICMP error.
	}
	const isOfNode = origin === 'node' || origin === 'node address'
	// A process of the node itself learns of either from its own send().
	return protocol === 'udp' && isOfNode && isSilent(documented) ? 'unreachable' : documented
}

const whoOf = ({endpoints, policy, node}: Question, answers: readonly Answer[]): string => {
	const who = [...new Set(answers.map(({pod}) => pod))].sort()
	const namesOf = (pods: readonly Pod[]) => pods.map(({name}) => name).sort()
	if (policy.startsWith('affinity') && who.length === 1) {
		return 'one'
	}
	if (who.join() === namesOf(endpoints).join()) {
		return 'all'
	}
	return who.join() === namesOf(endpoints.filter(pod => pod.node === node.name)).join() ? 'local' : who.join('+')
}

/** Nothing where an endpoint has only reached itself, or may have by affinity. */
const sourceOf = (question: Question, answers: readonly Answer[]): readonly string[] => {
	const {asker, node, endpoints, policy} = question
	const seen = (answer: Answer): string => {
		if (addressesOf(asker).includes(answer.client)) {
			return 'own'
		}
		return addressesOf(node).includes(answer.client) ? 'masq' : answer.client
	}
	const self = answers.filter(({pod}) => pod === asker.name).map(seen)
	const others = answers.filter(({pod}) => pod !== asker.name).map(seen)
	const wrong = self.filter(word => word !== 'masq').map(word => `itself ${word}`)
	const isChance = policy.startsWith('affinity') && endpoints.some(({name}) => name === asker.name)
	return [...new Set([...(isChance ? [] : others), ...wrong])].sort()
}

const addressesOf = (host: Host | Node): readonly string[] => [
	...Object.values(host.addresses),
	...('podGateway' in host ? Object.values(host.podGateway) : []),
]
