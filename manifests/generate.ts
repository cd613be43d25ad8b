/** `node manifests/generate.ts`: writes kube-lvs.yaml from the chart; needs the program helm. */
import {writeFileSync} from 'node:fs'
import {fileURLToPath} from 'node:url'
import {execa} from 'execa'

const HEADER = `# Made by manifests/generate.ts from charts/kube-lvs; do not edit.
# Before use: replace API_SERVER_HOST and the image, and add the networks of the pods to config.yaml as clusterCIDR:
# docs/cluster.md.
`

const chart = fileURLToPath(new URL('../charts/kube-lvs', import.meta.url))
/** The policies are a manifest of their own: they need a newer Kubernetes. */
const values = 'apiServer.host=API_SERVER_HOST,annotationPolicies.enabled=false'
const settings = ['--namespace', 'kube-system', '--set', values]
const {stdout} = await execa('helm', ['template', 'kube-lvs', chart, ...settings])
writeFileSync(new URL('kube-lvs.yaml', import.meta.url), `${HEADER}${stdout.replace(/^# Source: .*\n/gm, '')}\n`)
