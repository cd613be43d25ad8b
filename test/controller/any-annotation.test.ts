import {expect} from 'chai'
import fc from 'fast-check'
import {annotationName} from '../../src/annotations/fields.ts'
import {KUBE_ROUTER_ANNOTATIONS} from '../../src/annotations/kube-router.ts'
import {DUAL_STACK, type KubernetesObject, node, port, service, slice, slicePort} from '../acceptance/objects.ts'
import {World} from '../acceptance/world.ts'
import {anyString, anyValue} from '../annotations/arbitrary-texts.ts'
import {NODE_VALUES, SERVICE_VALUES, TABLES, valuesOf} from '../annotations/values.ts'

type Texts = Readonly<Record<string, string>>

/** Whatever somebody writes on the objects of one Service, and on a Node. */
interface Written {
	readonly onService: Texts
	readonly onSlice: Texts
	readonly onNode: Texts
	readonly compatibility: readonly string[]
}

/** Annotations of ours, known or not, with any values. */
const anyAnnotations = (table: (typeof TABLES)[number]) => {
	const known = Object.keys(table.annotations)
	const ofTable = fc
		.constantFrom(...known)
		.chain(setting => fc.tuple(fc.constant(annotationName(setting)), anyValue(valuesOf(table.values, setting))))
	const ofAnyName = fc.tuple(fc.oneof(anyString, fc.constantFrom(...known)), anyString)
	const foreign = fc.tuple(
		fc.constantFrom(...Object.keys(KUBE_ROUTER_ANNOTATIONS)).map(key => `kube-router.io/service.${key}`),
		fc.oneof(anyString, fc.constantFrom('mh', 'flag-1,flag-2', 'tunnel', 'true', 'rr')),
	)
	return fc
		.array(
			fc.oneof(
				{weight: 8, arbitrary: ofTable},
				{weight: 1, arbitrary: ofAnyName.map(([name, text]) => [`kube-lvs.io/${name}`, text] as const)},
				{weight: 1, arbitrary: foreign},
			),
			{maxLength: 6},
		)
		.map((entries): Texts => Object.fromEntries(entries))
}

const written: fc.Arbitrary<Written> = fc.record({
	onService: anyAnnotations(TABLES[0]),
	onNode: anyAnnotations(TABLES[1]),
	onSlice: anyAnnotations(TABLES[2]),
	compatibility: fc.constantFrom([], ['kube-router']),
})

const PORTS = [port(), port({name: 'u', protocol: 'UDP', port: 53})]
const SLICE_PORTS = [slicePort({port: 80}), slicePort({name: 'u', protocol: 'UDP', port: 53})]

const annotated = ({onService, onSlice}: Written): readonly KubernetesObject[] => [
	service({...DUAL_STACK, ports: PORTS, externalIPs: ['203.0.113.1']}, {annotations: onService}),
	slice(['10.244.1.5', '10.244.2.5'], {ports: SLICE_PORTS, annotations: onSlice}),
	slice(['fd00:244:0:1::5'], {name: 's-2', ports: SLICE_PORTS, annotations: onSlice}),
]

/** Has nothing to do with it, but for a Node. */
const OTHER = [
	service({clusterIP: '10.96.0.20', ports: PORTS, externalIPs: ['203.0.113.2']}, {name: 'other'}),
	slice(['10.244.1.77', '10.244.2.77'], {name: 'other-1', service: 'other', ports: SLICE_PORTS}),
]

const isOfOther = (line: string): boolean => /10\.96\.0\.20|203\.0\.113\.2|10\.244\.[12]\.77/.test(line)

/** The kernel with these objects, and what went wrong on the way there. */
const reach = async (objects: readonly KubernetesObject[], compatibility: readonly string[]) => {
	const world = new World({config: {compatibility}}, undefined)
	// What a kernel lacks is another matter.
	world.kernel.ipvs.schedulers.add('twos')
	try {
		world.given(...objects)
		await world.settled()
		const errors = world.observer.syncs.flatMap(({outcomes}) => outcomes.flatMap(({error}) => error ?? []))
		return {
			lines: world.kernel.dump(),
			failures: [...world.observer.failures, ...world.observer.garbledObjects, ...errors],
			problems: world.problems(),
		}
	} finally {
		await world.stop()
	}
}

describe('annotations', function () {
	this.timeout(240_000)

	it('whatever they say are compiled and applied, and touch no other Service', async () => {
		const alone = await reach(OTHER, [])
		await fc.assert(
			fc.asyncProperty(written, async given => {
				const {lines, failures} = await reach([...annotated(given), ...OTHER], given.compatibility)
				expect(failures).to.deep.equal([])
				expect(lines.filter(isOfOther)).to.deep.equal(alone.lines.filter(isOfOther))
			}),
			{numRuns: 60},
		)
	})

	it('whatever they say on a Node harm nothing', async () => {
		const {invalid} = valuesOf(NODE_VALUES, 'weight')
		const plain = await reach([...annotated(NOTHING), ...OTHER, node()], [])
		await fc.assert(
			fc.asyncProperty(written, fc.constantFrom(...invalid), async ({onNode}, wrong) => {
				const objects = [...annotated(NOTHING), ...OTHER]
				const {failures} = await reach([...objects, node({annotations: onNode})], [])
				expect(failures).to.deep.equal([])
				const spoilt = await reach([...objects, node({annotations: {...onNode, 'kube-lvs.io/weight': wrong}})], [])
				expect(spoilt.failures).to.deep.equal([])
				expect(spoilt.lines).to.deep.equal(plain.lines)
			}),
			{numRuns: 20},
		)
	})

	it('all wrong at once leave the kernel as it is without them, and each is said', async () => {
		const settings = Object.keys(SERVICE_VALUES)
		const wrong = fc.tuple(
			...settings.map(setting => fc.constantFrom(...valuesOf(SERVICE_VALUES, setting).invalid.filter(isShort))),
		)
		const plain = await reach([...annotated(NOTHING), ...OTHER], [])
		await fc.assert(
			fc.asyncProperty(wrong, async texts => {
				const onService = Object.fromEntries(texts.map((text, at) => [annotationName(settings[at] ?? ''), text]))
				const {lines, failures, problems} = await reach([...annotated({...NOTHING, onService}), ...OTHER], [])
				expect(failures).to.deep.equal([])
				expect(lines).to.deep.equal(plain.lines)
				expect(problems.filter(line => line.includes('(InvalidAnnotation)'))).to.have.length(settings.length)
			}),
			{numRuns: 20},
		)
	})
})

const NOTHING: Written = {onService: {}, onSlice: {}, onNode: {}, compatibility: []}

const isShort = (text: string): boolean => text.length < 1000
