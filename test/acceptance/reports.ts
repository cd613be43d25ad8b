import type {World} from './world.ts'

const SYNC = 'kubeproxy_sync_proxy_rules'

/** What the gauges say that waits for a sync. */
export const pendingIn = async (world: World): Promise<readonly (number | undefined)[]> =>
	Promise.all(['service', 'endpoint'].map(kind => world.metric(`${SYNC}_${kind}_changes_pending`)))

/** When a sync was last asked for, in seconds, for each family. */
export const lastQueuedIn = async (world: World): Promise<readonly (number | undefined)[]> =>
	Promise.all(
		['IPv4', 'IPv6'].map(family => world.metric(`${SYNC}_last_queued_timestamp_seconds`, {ip_family: family})),
	)

/** When health was last updated, in milliseconds. */
export const lastUpdatedIn = async ({telemetry}: World): Promise<number> =>
	Date.parse((await telemetry.probe('/livez')).body.status.IPv4.lastUpdated)
