import {styleText} from 'node:util'
import {isAnswer, type ProbeResult} from '../topology/answer.ts'
import {check} from './check.ts'

const PAINTS = ['bgBlue', 'bgGreen', 'bgYellow'] as const
const PODS = ['a', 'b', 'c']

/** A UDP client that happens on a port it had before, minutes ago, is still the same flow: it stays with its pod. */
const LEEWAY = 2

/** One letter for each answer, the name of the pod that gave it; an exclamation mark for a failure. */
export const bar = (results: readonly ProbeResult[]): string => {
	const letters = results.map(result => (isAnswer(result) ? result.pod : '!')).sort()
	return letters.join('').replaceAll(/(.)\1*/g, paint)
}

/** Ends the demo unless all questions were answered, by these pods and no other, each nearly as often as the others. */
export const checkBalance = (results: readonly ProbeResult[], pods: readonly string[], what: string): void => {
	for (const result of results) check(isAnswer(result), `${what}: ${JSON.stringify(result)}`)
	const counts = new Map(pods.map(pod => [pod, 0]))
	for (const {pod} of results.filter(isAnswer)) counts.set(pod, (counts.get(pod) ?? 0) + 1)
	const share = results.length / pods.length
	const isEven = [...counts.values()].every(count => Math.abs(count - share) <= LEEWAY)
	const told = [...counts].map(([pod, count]) => `${pod} ${count}`).join(', ')
	check(isEven, `${what}: ${pods.join(', ')} should answer equally often, and nobody else: ${told}`)
}

/** The name of a pod, once or several times, in its colour. */
export const paint = (letters: string): string => {
	const background = PAINTS[PODS.indexOf(letters.charAt(0))] ?? 'bgRed'
	return styleText(background, styleText('black', letters))
}
