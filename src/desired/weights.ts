import {ENDPOINT_SLICE_ANNOTATIONS, type ServiceSettings} from '../annotations/fields.ts'
import {readSettings} from '../annotations/read.ts'
import {MAX_WEIGHT, type WeightRule, type WeightSelector} from '../annotations/weights.ts'
import type {Endpoint, EndpointSlice} from '../model/endpoint-slice.ts'
import type {NodeContext} from '../model/node-context.ts'
import type {Problem} from '../model/problem.ts'
import {type Address, addressToBytes} from '../net/address.ts'
import {bytesContain} from '../net/prefix.ts'

/** What an endpoint weighs, and who says so. */
export interface EndpointWeight {
	/** 0 to 65,535, as it was written. */
	readonly weight: number
	readonly from: 'Service' | 'EndpointSlice' | 'Node' | 'default'
	/** Of a list, the selector that matched: `zone=eu-1a`. */
	readonly selector?: string
}

/** The weights of all endpoints of one Service. */
export interface Weights {
	readonly of: (endpoint: Endpoint, slice: EndpointSlice) => EndpointWeight
	/** Some take new connections more often than others. */
	readonly areUnequal: boolean
	/** Real servers get this many times the weight, so that there are weights below it to rise through. */
	readonly scale: number
	/** Of the slices' annotations. */
	readonly problems: readonly Problem[]
}

/** A twentieth of the smallest weight is still an integer, and never taken for one that is not scaled. */
const SLOW_START_SCALE = 100

/** The Service says first, then the EndpointSlice, then the Node; who says nothing about an endpoint leaves it to the next. */
export const weightsOf = (
	{weights, slowStart}: Pick<ServiceSettings, 'weights' | 'slowStart'>,
	slices: readonly EndpointSlice[],
	{nodeWeights}: Pick<NodeContext, 'nodeWeights'>,
): Weights => {
	const {rulesOf, problems} = readSlices(slices)
	if (!weights && rulesOf.size === 0 && nodeWeights.size === 0) {
		const scale = slowStart === undefined ? 1 : SLOW_START_SCALE
		return {of: () => DEFAULT_WEIGHT, areUnequal: false, scale, problems}
	}
	const firstMatch = matcher()
	const known = new Map<EndpointSlice, Map<string, EndpointWeight>>()
	const find = (endpoint: Endpoint, slice: EndpointSlice): EndpointWeight => {
		const ofNode = nodeWeights.get(endpoint.nodeName)
		return (
			firstMatch(weights, endpoint, 'Service') ??
			firstMatch(rulesOf.get(slice), endpoint, 'EndpointSlice') ??
			(ofNode === undefined ? DEFAULT_WEIGHT : {weight: ofNode, from: 'Node'})
		)
	}
	// Each port and each VIP asks again, and there may be hundreds of rules.
	const of = (endpoint: Endpoint, slice: EndpointSlice): EndpointWeight => {
		const ofSlice = known.get(slice) ?? new Map<string, EndpointWeight>()
		const key = `${endpoint.address} ${endpoint.nodeName} ${endpoint.zone}`
		const weight = ofSlice.get(key) ?? find(endpoint, slice)
		known.set(slice, ofSlice.set(key, weight))
		return weight
	}
	const used = slices.flatMap(slice => slice.endpoints.map(found => of(found, slice).weight))
	const distinct = new Set(used.filter(weight => weight > 0))
	const largest = Math.max(DEFAULT_WEIGHT.weight, ...distinct)
	const canGrow = slowStart !== undefined && largest * SLOW_START_SCALE <= MAX_WEIGHT
	return {of, areUnequal: distinct.size > 1, scale: canGrow ? SLOW_START_SCALE : 1, problems}
}

const DEFAULT_WEIGHT: EndpointWeight = {weight: 1, from: 'default'}

interface SliceRules {
	readonly rulesOf: ReadonlyMap<EndpointSlice, readonly WeightRule[]>
	readonly problems: readonly Problem[]
}

const UNANNOTATED: SliceRules = {rulesOf: new Map(), problems: []}

const readSlices = (slices: readonly EndpointSlice[]): SliceRules => {
	const annotated = slices.filter(({annotations}) => annotations.size > 0)
	if (annotated.length === 0) {
		return UNANNOTATED
	}
	const rulesOf = new Map<EndpointSlice, readonly WeightRule[]>()
	const problems: Problem[] = []
	for (const slice of annotated) {
		const {namespace, name, annotations} = slice
		const object = {kind: 'EndpointSlice', namespace, name, uid: ''}
		const read = readSettings(ENDPOINT_SLICE_ANNOTATIONS, annotations, object)
		problems.push(...read.problems)
		if (read.settings.weights) {
			rulesOf.set(slice, read.settings.weights)
		}
	}
	return {rulesOf, problems}
}

type Find = (
	rules: readonly WeightRule[] | undefined,
	endpoint: Endpoint,
	from: EndpointWeight['from'],
) => EndpointWeight | undefined

/** Finds the first rule for an endpoint; takes each address apart once. */
const matcher = (): Find => {
	const bytes = new Map<Address, readonly number[]>()
	const bytesOf = (address: Address): readonly number[] => {
		const found = bytes.get(address) ?? addressToBytes(address)
		bytes.set(address, found)
		return found
	}
	const matches = (selector: WeightSelector, {address, zone, nodeName}: Endpoint): boolean => {
		switch (selector.kind) {
			case 'default':
				return true
			case 'zone':
				return selector.name === zone
			case 'node':
				return selector.name === nodeName
			case 'address':
				return selector.address === address
			case 'prefix':
				return bytesContain(bytesOf(selector.prefix.address), selector.prefix.length, bytesOf(address))
			default:
				return selector satisfies never
		}
	}
	return (rules, endpoint, from) => {
		const rule = rules?.find(({selector}) => matches(selector, endpoint))
		return rule && {weight: rule.weight, from, selector: rule.text}
	}
}
