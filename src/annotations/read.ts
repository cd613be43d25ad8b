import {type ObjectReference, type Problem, serviceReference} from '../model/problem.ts'
import type {Service} from '../model/service.ts'
import {COMBINATIONS} from './combinations.ts'
import {
	ANNOTATION_PREFIX,
	type AnnotationTable,
	annotationName,
	SERVICE_ANNOTATIONS,
	type ServiceSettings,
	type Settings,
} from './fields.ts'
import {annotationProblem, invalidValue, quote} from './problems.ts'

export interface ReadSettings<Fields extends AnnotationTable> {
	readonly settings: Settings<Fields>
	readonly problems: readonly Problem[]
}

/** What the annotations of an object say: a value that is not allowed counts as absent, whatever it is. */
export const readSettings = <Fields extends AnnotationTable>(
	table: Fields,
	annotations: ReadonlyMap<string, string>,
	object: ObjectReference,
): ReadSettings<Fields> => {
	const settings: Record<string, unknown> = {}
	const problems: Problem[] = []
	const unknown: string[] = []
	const settingOf = new Map(Object.keys(table).map(setting => [annotationName(setting), setting]))
	for (const [name, text] of annotations) {
		const setting = settingOf.get(name)
		const form = setting === undefined ? undefined : table[setting]?.form
		if (setting === undefined || !form) {
			unknown.push(name)
			continue
		}
		const value = form.parse(text)
		if (value === undefined) {
			problems.push(invalidValue(object, name, text, form.allowed))
		} else {
			settings[setting] = value
		}
	}
	return {settings: settings as Settings<Fields>, problems: [...problems, ...unknownNames(unknown, object)]}
}

/** An object has room for thousands, and each that is named is an Event that keeps others waiting. */
const MOST_NAMED = 8

/** Those of other tools are none of our business. */
const unknownNames = (names: readonly string[], object: ObjectReference): readonly Problem[] => {
	const ours = names.filter(name => name.startsWith(ANNOTATION_PREFIX))
	const more = ours.length - MOST_NAMED
	const problems = ours
		.slice(0, MOST_NAMED)
		.map(name => annotationProblem(object, name, 'UnknownAnnotation', `${object.kind}s have no such annotation`))
	const message = `${more} more under ${ANNOTATION_PREFIX}, which ${object.kind}s do not have`
	return more > 0
		? [...problems, {object, field: 'metadata.annotations', reason: 'UnknownAnnotation', message}]
		: problems
}

/** The settings of a Service; one that needs another setting which is not there counts as absent. */
export const readServiceSettings = (service: Service): ReadSettings<typeof SERVICE_ANNOTATIONS> => {
	if (service.annotations.size === 0) {
		return NOTHING
	}
	const read = readSettings(SERVICE_ANNOTATIONS, service.annotations, serviceReference(service))
	let settings: ServiceSettings = read.settings
	const problems = [...read.problems]
	for (const {setting, needs, isMet} of COMBINATIONS) {
		if (settings[setting] !== undefined && !isMet(settings, service)) {
			problems.push(ignoredAnnotation(service, setting, `it needs ${needs}`))
			settings = {...settings, [setting]: undefined}
		}
	}
	return {settings, problems}
}

const NOTHING = {settings: {}, problems: []}

/** A setting of a Service that is allowed and cannot be followed, because of `why`. */
export const ignoredAnnotation = (service: Service, setting: keyof ServiceSettings, why: string): Problem => {
	const annotation = annotationName(setting)
	const message = `${quote(service.annotations.get(annotation) ?? '')} is ignored: ${why}`
	return annotationProblem(serviceReference(service), annotation, 'AnnotationIgnored', message)
}
