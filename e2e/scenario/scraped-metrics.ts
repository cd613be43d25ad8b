import {readFileSync} from 'node:fs'
import {execa} from 'execa'
import type {Place} from '../topology/place.ts'

/** Asks where they are served unless configured otherwise, with what every Debian has: images of pods have no curl. */
const ASK = `exec 3<>/dev/tcp/127.0.0.1/10249; printf 'GET /metrics HTTP/1.0\\r\\n\\r\\n' >&3; cat <&3`

export interface Metric {
	readonly type: string
	readonly labels: readonly string[]
}

/** What a kube-lvs tells at this place, in Prometheus' text format. */
export const scrape = async (place: Place): Promise<string> => {
	const {stdout} = await place.exec('bash', ['-c', ASK])
	const [head = '', ...body] = stdout.split('\r\n\r\n')
	if (!head.startsWith('HTTP/1.1 200 ')) {
		throw new Error(`no metrics at ${place.name}: ${head}`)
	}
	return body.join('\r\n\r\n')
}

/** By name, from the tables of docs/metrics.md; those of the process have no column of labels. */
export const readDocumented = (): ReadonlyMap<string, Metric> => {
	const page = readFileSync(new URL('../../docs/metrics.md', import.meta.url), 'utf8')
	const rows = page.split('\n').flatMap(line => {
		const [, name, type, , labels = ''] = line.split('|').map(cell => cell.trim())
		const isMetric = /^(counter|gauge|histogram)$/.test(type ?? '')
		const names = [...labels.matchAll(/`(\w+)`:/g)].map(match => match[1] ?? '')
		return name && type && isMetric ? [[name.replaceAll('`', ''), {type, labels: names}] as const] : []
	})
	return new Map(rows)
}

export const typesIn = (text: string): ReadonlyMap<string, string> =>
	new Map([...text.matchAll(/^# TYPE (\w+) (\w+)$/gm)].map(([, name = '', type = '']) => [name, type]))

/** Names of labels of each sample that has some, `le` left out. */
export const labelsIn = (text: string): readonly (readonly [name: string, labels: readonly string[]])[] =>
	[...text.matchAll(/^(\w+?)(?:_bucket|_sum|_count)?\{(.*)\} /gm)].map(([, name = '', labels = '']) => [
		name,
		[...labels.matchAll(/(\w+)="/g)].map(match => match[1] ?? '').filter(label => label !== 'le'),
	])

/** The sum of all samples of a metric whose labels have this text among them. */
export const valueIn = (text: string, name: string, label = ''): number => {
	const samples = text.split('\n').filter(line => /[ {]/.exec(line)?.index === name.length && line.startsWith(name))
	const meant = samples.filter(line => line.includes(label))
	return meant.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0)
}

/** A name of kube-proxy's that Prometheus would not choose. */
const KNOWN_FAULTS = new Set([
	'kubeproxy_sync_proxy_rules_no_local_endpoints_total non-counter metrics should not have "_total" suffix',
])

/** What promtool finds fault with, besides names of kube-proxy. */
export const faultsIn = async (text: string): Promise<readonly string[]> => {
	const {stderr} = await execa('promtool', ['check', 'metrics'], {input: `${text}\n`, reject: false})
	return stderr.split('\n').filter(line => line !== '' && !KNOWN_FAULTS.has(line))
}
