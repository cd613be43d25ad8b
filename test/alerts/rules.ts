import {readFileSync} from 'node:fs'
import {fileURLToPath} from 'node:url'
import {parse} from 'yaml'

export interface Rule {
	readonly alert: string
	readonly expr: string
	readonly for?: string
	readonly labels: {readonly severity: string}
	readonly annotations: Readonly<Record<'summary' | 'description' | 'runbook_url', string>>
}

export const RULE_FILE = fileURLToPath(new URL('../../charts/kube-lvs/alerts.yaml', import.meta.url))

export interface RuleFile {
	readonly groups: readonly {readonly rules: readonly Rule[]}[]
}

/** The whole file. */
export const RULE_GROUPS = parse(readFileSync(RULE_FILE, 'utf8')) as RuleFile

/** All alerting rules of the chart. */
export const RULES = RULE_GROUPS.groups.flatMap(({rules}) => rules)
