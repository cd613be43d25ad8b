import type {Family} from '../../net/address.ts'
import {type Answer, jsonAnswer} from '../http/answer.ts'
import type {HealthReport} from './proxy-health.ts'

const FAMILY_NAMES = {ipv4: 'IPv4', ipv6: 'IPv6'} as const satisfies Record<Family, string>

/** `/healthz`, `/livez` as kube-proxy answers them, and `/readyz`; undefined for any other path. */
export const answerHealth = (
	path: string,
	report: HealthReport,
	isNodeEligible: boolean,
	now: number,
): Answer | undefined => {
	switch (path) {
		case '/healthz':
			return proxyAnswer(report, report.isHealthy && isNodeEligible, now, {nodeEligible: isNodeEligible})
		case '/livez':
			return proxyAnswer(report, report.isHealthy, now, {})
		case '/readyz':
			return readyAnswer(report, now)
		default:
			return undefined
	}
}

const proxyAnswer = (report: HealthReport, isFine: boolean, now: number, more: object): Answer => {
	const updates = [...report.families.values()].map(({lastUpdated}) => lastUpdated)
	return jsonAnswer(isFine ? 200 : 503, {
		lastUpdated: formatTime(isFine ? now : Math.max(...updates)),
		currentTime: formatTime(now),
		...more,
		healthy: report.isHealthy,
		status: statusOf(report),
	})
}

const readyAnswer = (report: HealthReport, now: number): Answer =>
	jsonAnswer(report.notReady.length === 0 ? 200 : 503, {
		currentTime: formatTime(now),
		ready: report.notReady.length === 0,
		reasons: report.notReady,
		status: statusOf(report),
	})

const statusOf = ({families}: HealthReport): object =>
	Object.fromEntries(
		[...families].map(([family, {lastUpdated, isHealthy}]) => [
			FAMILY_NAMES[family],
			{lastUpdated: formatTime(lastUpdated), healthy: isHealthy},
		]),
	)

/** RFC 3339; Go's zero time stands for never. */
const formatTime = (time: number): string =>
	Number.isFinite(time) ? new Date(time).toISOString() : '0001-01-01T00:00:00Z'
