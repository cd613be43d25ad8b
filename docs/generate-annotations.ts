/** `node docs/generate-annotations.ts`: writes annotations.md from the tables of all annotations. */
import {writeFileSync} from 'node:fs'
import {COMBINATIONS} from '../src/annotations/combinations.ts'
import {
	type Annotation,
	type AnnotationTable,
	annotationName,
	ENDPOINT_SLICE_ANNOTATIONS,
	NODE_ANNOTATIONS,
	SERVICE_ANNOTATIONS,
} from '../src/annotations/fields.ts'
import {KUBE_ROUTER_ANNOTATIONS, kubeRouterName} from '../src/annotations/kube-router.ts'
import {TOPICS, type Topic} from './annotation-topics.ts'

const anchorOf = (title: string): string => title.toLowerCase().replaceAll(' ', '-')

/** The whole page. */
export const renderAnnotations = (): string =>
	[
		INTRODUCTION,
		...TOPICS.map(renderTopic),
		`## Annotations of a Node\n\n${renderTable(NODE_ANNOTATIONS)}`,
		`## Annotations of an EndpointSlice\n\n${renderTable(ENDPOINT_SLICE_ANNOTATIONS)}`,
		KUBE_ROUTER,
		ADMISSION,
	].join('\n\n')

/** A complete Service, as the page shows it. */
export const EXAMPLE = `apiVersion: v1
kind: Service
metadata:
  name: shop
  annotations:
    kube-lvs.io/scheduler: wlc
    kube-lvs.io/weights: zone=eu-1a 3, default 1
    kube-lvs.io/slow-start: 30s
    kube-lvs.io/upper-threshold: '1000'
    kube-lvs.io/persistence-timeout: 30m
    kube-lvs.io/persistence-prefix-ipv4: '24'
    kube-lvs.io/drain-deadline: 2h
spec:
  selector: {app: shop}
  ports:
    - {name: http, port: 80, targetPort: 8080}
`

const INTRODUCTION = `<!-- Made by docs/generate-annotations.ts from src/annotations/; do not edit. -->
# Annotations

What IPVS can do beyond the fields of a Service is asked for by annotations under \`kube-lvs.io/\`. A change works at once,
and keeps connections. \`kube-lvs explain NAMESPACE/SERVICE\` says what became of each.

\`\`\`yaml
${EXAMPLE}\`\`\`

Values are texts: numbers and \`true\` need quotes in YAML. They are written exactly as the tables say, in small letters and
without blanks at the ends.

| annotation of a Service | for what |
| --- | --- |
${TOPICS.flatMap(({title, settings}) =>
	settings.map(setting => `| \`${annotationName(setting)}\` | [${title}](#${anchorOf(title)}) |`),
).join('\n')}

Nodes may have \`kube-lvs.io/weight\`, EndpointSlices \`kube-lvs.io/weights\`.

## A wrong value

A value that is not allowed counts as absent, whatever it is: the Service goes on as if the annotation were not there, and
no other Service is touched. An Event on the object (reason \`InvalidAnnotation\`) names the annotation, the value and what
is allowed; so do the log, a metric and \`kube-lvs status\`. A list with one wrong entry is wrong as a whole.

| reason | means |
| --- | --- |
| \`InvalidAnnotation\` | the value is not allowed |
| \`UnknownAnnotation\` | there is no annotation of this name; annotations of other tools are not looked at |
| \`AnnotationIgnored\` | the value is allowed but cannot be followed: it needs another annotation, does not fit the Service, or this node's kernel lacks it |

The API server can refuse wrong annotations before they come so far: [below](#refused-by-the-api-server).`

const KUBE_ROUTER = `## Annotations of kube-router

With \`compatibility: [kube-router]\` in the [configuration](configuration.md) some annotations of kube-router are followed
too, so that a cluster can move without a change of its Services. One of ours on the same Service wins over what it stands
for. Without \`compatibility\` they are not looked at. What kube-router does not know counts as absent, with an Event.

| annotation | values | stands for |
| --- | --- | --- |
${(Object.keys(KUBE_ROUTER_ANNOTATIONS) as (keyof typeof KUBE_ROUTER_ANNOTATIONS)[])
	.map(key => {
		const {form, meaning} = KUBE_ROUTER_ANNOTATIONS[key]
		return `| \`${kubeRouterName(key)}\` | ${form?.allowed ?? 'any'} | ${meaning} |`
	})
	.join('\n')}

- mh without \`schedflags\` falls back to another endpoint where kube-router drops; sh always does.
- DSR: kube-router also makes the tunnel and the addresses inside the pods. Here
  [the pods are yours to prepare](#direct-server-return).
- Other annotations of kube-router, as those about BGP, are not looked at.
- The policies of the API server do not know them.`

const ADMISSION = `## Refused by the API server

ValidatingAdmissionPolicies, made from the same tables as this page, refuse what would be ignored here: wrong values,
unknown names under \`kube-lvs.io/\`, and annotations that lack the one that they need. The answer names the annotation, the
value and what is allowed:

    kube-lvs.io/scheduler: "RR" is not allowed: expected one of rr, wrr, ...

The chart has them unless \`annotationPolicies.enabled\` is \`false\`, where the API server is of Kubernetes 1.31 or newer.
Otherwise: \`kubectl apply -f manifests/annotation-policies.yaml\`.

- Objects without annotations of ours are not looked at. Nor is a change that leaves them as they are: what was wrong
  before may stay, and its finalizers and labels can change.
- EndpointSlices that controllers of Kubernetes write are not looked at.
- Not known to the API server is what a node's kernel lacks, and whether port and \`targetPort\` are equal. Such an annotation
  is accepted, and ignored with an Event.
`

const renderTopic = ({title, settings, text}: Topic): string =>
	`## ${title}\n${text}\n\n${settings.map(setting => renderAnnotation(setting, SERVICE_ANNOTATIONS[setting])).join('\n\n')}`

const renderTable = (table: AnnotationTable): string =>
	Object.entries(table)
		.map(([setting, annotation]) => renderAnnotation(setting, annotation))
		.join('\n\n')

const renderAnnotation = (setting: string, {summary, form, example, kernel}: Annotation<unknown>): string => {
	const needs = COMBINATIONS.filter(rule => rule.setting === setting).map(rule => rule.needs)
	const rows = [
		['for', summary],
		['value', inCell(form.allowed)],
		['example', `\`${annotationName(setting)}: ${yamlText(example)}\``],
		['in the kernel', kernel],
		...(needs.length > 0 ? [['needs', needs.map(inCell).join('; ')]] : []),
	]
	return `### \`${annotationName(setting)}\`\n\n| | |\n| --- | --- |\n${rows.map(row => `| ${row.join(' | ')} |`).join('\n')}`
}

const inCell = (text: string): string => text.replaceAll('|', '\\|')

/** As it stands in YAML: what is a number or a boolean there needs quotes. */
const yamlText = (text: string): string => (/^(\d+|true|false)$/.test(text) ? `'${text}'` : text)

if (import.meta.main) {
	writeFileSync(new URL('annotations.md', import.meta.url), renderAnnotations())
}
