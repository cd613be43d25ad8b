import {annotationName, SERVICE_ANNOTATIONS} from '../annotations/fields.ts'
import {KUBE_ROUTER_ANNOTATIONS, kubeRouterName} from '../annotations/kube-router.ts'
import {externalAddresses} from '../desired/addresses.ts'
import type {PortContext} from '../desired/port-context.ts'
import {whyNotServed} from '../desired/service.ts'
import {objectKey} from '../model/object.ts'
import {formatProblem} from '../model/problem.ts'
import type {Service} from '../model/service.ts'
import {familyOf} from '../net/address.ts'
import type {PortRange} from '../net/port-range.ts'
import {formatPrefix} from '../net/prefix.ts'
import {formatSpan} from '../state/span.ts'
import {explainAddresses} from './addresses.ts'
import {explainEndpoints} from './endpoints.ts'
import {
	type AnnotationExplanation,
	bounded,
	type Explanation,
	type PortExplanation,
	type RangeExplanation,
} from './explanation.ts'
import type {Sources} from './sources.ts'

/** So much of a list is told at most: the answer has to fit into memory whatever a Service looks like. */
const MOST = {annotations: 50, ports: 40, addresses: 50, endpoints: 200, problems: 50, ranges: 50, text: 500}

/** Every reason comes from the function that decided; nothing is decided here. */
export const explain = (sources: Sources): Explanation => {
	const {service, ports} = sources
	const whyNot = whyNotServed(service) ?? (ports.length === 0 ? 'this node serves none of its families' : undefined)
	const shown = bounded(ports, MOST.ports)
	const problems = sources.problems.filter(({field}) => !field.startsWith(ANNOTATIONS))
	return {
		service: objectKey(service.namespace, service.name),
		type: service.type,
		node: {name: sources.node.name, zone: sources.node.zone},
		...(whyNot === undefined ? {} : {whyNot}),
		externalTrafficPolicy: service.externalTrafficPolicy,
		internalTrafficPolicy: service.internalTrafficPolicy,
		sourceRanges: service.loadBalancerSourceRanges.slice(0, MOST.ranges).map(formatPrefix),
		annotations: bounded(explainAnnotations(sources), MOST.annotations),
		otherAddresses: bounded(whyNot === undefined ? explainOthers(sources) : [], MOST.addresses),
		ports: {items: shown.items.map(context => explainPort(context, sources)), more: shown.more},
		ranges: bounded(explainRanges(sources), MOST.addresses),
		problems: bounded(
			problems.map(problem => cut(formatProblem(problem))),
			MOST.problems,
		),
	}
}

const ANNOTATIONS = 'metadata.annotations['

const explainPort = (context: PortContext, sources: Sources): PortExplanation => {
	const {name, protocol, port} = context.port
	return {
		...{name, protocol, port, family: context.family},
		addresses: bounded(explainAddresses(context, sources), MOST.addresses),
		endpoints: explainEndpoints(context, sources, MOST.endpoints),
	}
}

const explainOthers = ({service, ports}: Sources): readonly {readonly address: string; readonly whyNot: string}[] => {
	const families = new Set(ports.map(({family}) => family))
	const [first] = ports
	const addresses = first ? externalAddresses(service, first.config) : []
	return [...service.clusterIPs, ...addresses.map(({address}) => address)]
		.filter(address => !families.has(familyOf(address)))
		.map(address => ({address, whyNot: `the Service is not served over ${familyOf(address)} on this node`}))
}

/** A span of one port is told at its port. */
const explainRanges = ({service, state, conflicts}: Sources): readonly RangeExplanation[] =>
	(state?.spans ?? [])
		.filter(({ports}) => ports === 'all' || !isServicePort(ports, service))
		.map(span => {
			const ports = formatSpan(span)
			const holder = conflicts.find(({server}) => server === ports)?.holder
			return {ports, ...(holder ? {whyNot: `the older Service ${holder} has some of it`} : {server: span.server})}
		})

const isServicePort = ({protocol, first, last}: PortRange, {ports}: Service): boolean =>
	first === last && ports.some(port => port.protocol === protocol && port.port === first)

/** What became of each annotation; what is said of it was said when it was read or could not be followed. */
const explainAnnotations = ({service, problems, config}: Sources): readonly AnnotationExplanation[] =>
	[...service.annotations].map(([name, value]) => {
		const found = problems.filter(({object, field}) => object.kind === 'Service' && field === `${ANNOTATIONS}${name}]`)
		const foreign = KUBE_ROUTER.get(name)
		const whyNot =
			foreign !== undefined && !config.compatibility.includes('kube-router')
				? 'it is one of kube-router, which compatibility does not name'
				: found.map(({message}) => message).join('; ')
		const effect = EFFECTS.get(name) ?? foreign
		const known = effect === undefined ? {ignored: 'Services have no such annotation'} : {effect}
		return {name: cut(name), value: cut(value), ...(whyNot === '' ? known : {ignored: cut(whyNot)})}
	})

const EFFECTS: ReadonlyMap<string, string> = new Map(
	Object.entries(SERVICE_ANNOTATIONS).map(([setting, {kernel}]) => [annotationName(setting), kernel]),
)

const KUBE_ROUTER: ReadonlyMap<string, string> = new Map(
	(Object.keys(KUBE_ROUTER_ANNOTATIONS) as (keyof typeof KUBE_ROUTER_ANNOTATIONS)[]).map(key => [
		kubeRouterName(key),
		KUBE_ROUTER_ANNOTATIONS[key].meaning,
	]),
)

const cut = (text: string): string => (text.length > MOST.text ? `${text.slice(0, MOST.text)}...` : text)
