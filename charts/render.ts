import {fileURLToPath} from 'node:url'
import {execa} from 'execa'
import {stringify} from 'yaml'
import {findTool} from './tools.ts'

export const CHART = fileURLToPath(new URL('kube-lvs', import.meta.url))

export interface Rendering {
	readonly values?: object
	readonly release?: string
	/** Of the cluster: that of this Helm's client library unless told. */
	readonly kubeVersion?: string
	/** What the cluster has beside Kubernetes' own kinds, such as `monitoring.coreos.com/v1`. */
	readonly apiVersions?: readonly string[]
	/** What `helm test` makes as well. */
	readonly withTests?: boolean
}

/** What `helm template` makes of the chart, as YAML. Rejects with what Helm says. */
export const renderChart = async (rendering: Rendering = {}): Promise<string> => {
	const {values = {}, release = 'kube-lvs', kubeVersion, apiVersions = [], withTests = false} = rendering
	const flags = [
		...['--namespace', 'kube-system', '--values', '-'],
		...(kubeVersion === undefined ? [] : ['--kube-version', kubeVersion]),
		...(withTests ? [] : ['--skip-tests']),
		...apiVersions.flatMap(version => ['--api-versions', version]),
	]
	const helm = await findTool('helm')
	const {stdout} = await execa(helm, ['template', release, CHART, ...flags], {input: stringify(values)})
	return stdout
}
