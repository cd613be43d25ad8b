import {type ObjectReference, type Problem, serviceReference} from '../model/problem.ts'
import type {Service} from '../model/service.ts'
import {annotationName} from './fields.ts'
import {type Form, flag, oneOf, someOf} from './form.ts'
import {annotationProblem, invalidValue, quote} from './problems.ts'

/** An annotation of kube-router that has a meaning here (its docs/user-guide.md and pkg/controllers/proxy). */
export interface ForeignAnnotation {
	/** Undefined where kube-router looks at no value. */
	readonly form: Form<unknown> | undefined
	/** What it stands for here. */
	readonly meaning: string
}

const PREFIX = 'kube-router.io/service.'

const SCHEDULER = oneOf('rr', 'wrr', 'lc', 'wlc', 'dh', 'sh', 'mh')
const FLAGS = someOf('flag-1', 'flag-2', 'flag-3')
const DSR = oneOf('tunnel')

export const KUBE_ROUTER_ANNOTATIONS = {
	scheduler: {form: SCHEDULER, meaning: '`kube-lvs.io/scheduler` with the same value'},
	schedflags: {
		form: FLAGS,
		meaning:
			'`kube-lvs.io/scheduler-flags`: flag-1 is mh-fallback, flag-2 is mh-port, flag-3 is nothing; needs the scheduler mh, from kube-router.io/service.scheduler',
	},
	dsr: {
		form: DSR,
		meaning: '`kube-lvs.io/forwarding-method: tunnel` with `kube-lvs.io/forwarding-addresses: external`',
	},
	hairpin: {form: undefined, meaning: 'nothing: a pod always reaches itself through its Service'},
	'hairpin.externalips': {form: undefined, meaning: 'nothing, for the same reason'},
	local: {form: flag, meaning: 'true is `internalTrafficPolicy: Local` and `externalTrafficPolicy: Local`'},
} as const satisfies Readonly<Record<string, ForeignAnnotation>>

/** The flags of mh (linux/ip_vs.h); it has no third one. */
const MH_FLAGS = {'flag-1': ['mh-fallback'], 'flag-2': ['mh-port'], 'flag-3': []} as const

/** `kube-router.io/service.dsr` of `dsr`. */
export const kubeRouterName = (key: keyof typeof KUBE_ROUTER_ANNOTATIONS): string => PREFIX + key

/**
 * The Service as it would be if it said with our annotations and its policies what it says with those of kube-router. Our
 * own annotations win. A value that kube-router does not know counts as absent.
 */
export const withKubeRouterAnnotations = (service: Service): Service => {
	const {annotations} = service
	if (![...annotations.keys()].some(key => key.startsWith(PREFIX))) {
		return service
	}
	const {values, problems} = readForeign(annotations, serviceReference(service))
	const {scheduler, schedulerFlags, dsr, isLocal} = values
	return {
		...service,
		...(isLocal ? {internalTrafficPolicy: 'Local', externalTrafficPolicy: 'Local'} : {}),
		annotations: withDefaults(annotations, {scheduler, schedulerFlags, ...forwardingOf(annotations, dsr)}),
		problems: [...service.problems, ...problems],
	}
}

const readForeign = (annotations: ReadonlyMap<string, string>, object: ObjectReference) => {
	const problems: Problem[] = []
	const read = <Value>(key: keyof typeof KUBE_ROUTER_ANNOTATIONS, form: Form<Value>): Value | undefined => {
		const text = annotations.get(kubeRouterName(key))
		const value = text === undefined ? undefined : form.parse(text)
		if (text !== undefined && value === undefined) {
			problems.push(invalidValue(object, kubeRouterName(key), text, form.allowed))
		}
		return value
	}
	const [scheduler, flags, dsr, isLocal] = [
		read('scheduler', SCHEDULER),
		read('schedflags', FLAGS),
		read('dsr', DSR),
		read('local', flag),
	]
	const isMaglev = scheduler === 'mh' && !annotations.has(annotationName('scheduler'))
	if (flags && !isMaglev) {
		const name = kubeRouterName('schedflags')
		const why = `${quote(annotations.get(name) ?? '')} is ignored: it needs ${kubeRouterName('scheduler')} mh`
		problems.push(annotationProblem(object, name, 'AnnotationIgnored', why))
	}
	const schedulerFlags = isMaglev && flags ? flags.flatMap(each => MH_FLAGS[each]).join(',') || 'none' : undefined
	return {values: {scheduler, schedulerFlags, dsr, isLocal}, problems}
}

/** Of external addresses alone, as kube-router does it; one of our annotations says all of it. */
const forwardingOf = (annotations: ReadonlyMap<string, string>, dsr: string | undefined) =>
	dsr === undefined || annotations.has(annotationName('forwardingMethod'))
		? {}
		: {forwardingMethod: dsr, forwardingAddresses: 'external'}

/** What is said already stays. */
const withDefaults = (
	annotations: ReadonlyMap<string, string>,
	settings: Readonly<Record<string, string | undefined>>,
): ReadonlyMap<string, string> => {
	const all = new Map(annotations)
	for (const [setting, text] of Object.entries(settings)) {
		const name = annotationName(setting)
		if (text !== undefined && !all.has(name)) {
			all.set(name, text)
		}
	}
	return all
}
