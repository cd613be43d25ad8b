/** What a real API server finds wrong with an Event (events.k8s.io/v1) that is created; undefined when it is fine. */
export const checkEvent = (event: unknown, namespace: string | undefined): string | undefined => {
	const fields = (event ?? {}) as Record<string, unknown>
	const metadata = (fields.metadata ?? {}) as Record<string, unknown>
	const regarding = (fields.regarding ?? {}) as Record<string, unknown>
	const checks: readonly (readonly [boolean, string])[] = [
		[fields.apiVersion === 'events.k8s.io/v1' && fields.kind === 'Event', 'apiVersion and kind'],
		[/^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/.test(String(metadata.name)), 'metadata.name: a DNS name'],
		[metadata.namespace === namespace, 'metadata.namespace: that of the path'],
		[/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/.test(String(fields.eventTime)), 'eventTime: with microseconds'],
		[/^[A-Za-z0-9][-A-Za-z0-9_./]*$/.test(String(fields.reportingController)), 'reportingController'],
		[isShort(fields.reportingInstance, 128), 'reportingInstance: up to 128 characters'],
		[isShort(fields.action, 128), 'action: up to 128 characters'],
		[isShort(fields.reason, 128), 'reason: up to 128 characters'],
		[fields.type === 'Normal' || fields.type === 'Warning', 'type: Normal or Warning'],
		[Buffer.byteLength(String(fields.note ?? '')) <= 1024, 'note: up to 1024 bytes'],
		[isShort(regarding.name, 253) && isShort(regarding.kind, 128), 'regarding: kind and name'],
		[
			(regarding.namespace ?? 'default') === namespace,
			'regarding.namespace: that of the Event, default if it has none',
		],
	]
	return checks.find(([isRight]) => !isRight)?.[1]
}

const isShort = (value: unknown, length: number): boolean =>
	typeof value === 'string' && value.length > 0 && value.length <= length
