import type {SERVICE_ANNOTATIONS, ServiceSettings} from '../annotations/fields.ts'
import {ignoredAnnotation, type ReadSettings} from '../annotations/read.ts'
import type {Config} from '../config/fields.ts'
import type {Service} from '../model/service.ts'

/**
 * Schedulers to which a weight is a share. The others of the kernel do not look at it (rr, lc, dh), or take it for
 * something else: sh for places in a table of 256, fo for a rank, ovf for a number of connections.
 */
const SHARING: ReadonlySet<string> = new Set(['wrr', 'wlc', 'lblc', 'lblcr', 'sed', 'nq', 'mh', 'twos'])

/** What is configured for all Services looks at no weights; its sibling does. */
const SIBLINGS: Readonly<Record<string, string>> = {rr: 'wrr', lc: 'wlc'}

/** A Service whose endpoints differ needs a scheduler that looks at weights; one that it has chosen itself stays. */
export const schedulerOf = (settings: ServiceSettings, areUnequal: boolean, config: Config): string => {
	const needsShares = areUnequal || settings.slowStart !== undefined
	return settings.scheduler ?? (needsShares ? SIBLINGS[config.scheduler] : undefined) ?? config.scheduler
}

/** Slow start is growing shares; without shares there is none. */
export const withPossibleSlowStart = (
	service: Service,
	{settings, problems}: ReadSettings<typeof SERVICE_ANNOTATIONS>,
	config: Config,
): ReadSettings<typeof SERVICE_ANNOTATIONS> => {
	const scheduler = schedulerOf(settings, false, config)
	if (settings.slowStart === undefined || SHARING.has(scheduler)) {
		return {settings, problems}
	}
	const {slowStart: _, ...others} = settings
	const why = `the scheduler ${scheduler} does not balance by weights that could grow`
	return {settings: others, problems: [...problems, ignoredAnnotation(service, 'slowStart', why)]}
}
