/** `node manifests/generate.ts`: writes kube-lvs.yaml from the chart. */
import {writeFileSync} from 'node:fs'
import {renderChart} from '../charts/render.ts'

const HEADER = `# Made by manifests/generate.ts from charts/kube-lvs; do not edit.
# Before use: replace API_SERVER and the image, and add the networks of the pods to config.yaml as clusterCIDR; then label
# the nodes that it shall serve: docs/cluster.md.
`

/** The policies are a manifest of their own: they need a newer Kubernetes. */
const VALUES = {apiServers: ['https://API_SERVER:6443'], annotationPolicies: {enabled: false}}

/** What is there for Helm alone. */
const OF_HELM = /^ *(# Source: |helm\.sh\/chart: |app\.kubernetes\.io\/managed-by: Helm$).*\n?/gm

/** The manifest as it should be. */
export const renderManifest = async (): Promise<string> => {
	const text = await renderChart({values: VALUES})
	return `${HEADER}${text.replace(OF_HELM, '').trimEnd()}\n`
}

if (import.meta.main) {
	writeFileSync(new URL('kube-lvs.yaml', import.meta.url), await renderManifest())
}
