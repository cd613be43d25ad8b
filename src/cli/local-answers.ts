import type {Controller} from '../controller/controller.ts'
import type {Observation} from '../observe/create-observation.ts'
import type {LocalAnswers, LocalStatus} from '../observe/local-server.ts'
import {markedTargets} from '../observe/marked-targets.ts'
import type {RefusedSettings} from '../observe/refused-settings.ts'
import {firstOf} from '../observe/standing-problems.ts'

/** What this process tells the commands on its node. */
export const localAnswers = (
	controller: Controller,
	observation: Observation,
	refusals: RefusedSettings,
): LocalAnswers => ({
	status: () => statusOf(controller.model, observation, refusals),
	explain: service => controller.explain(service),
})

const statusOf = (
	model: Controller['model'],
	{warnings, problems}: Observation,
	refusals: RefusedSettings,
): LocalStatus => {
	const owners = model.owners()
	return {
		pid: process.pid,
		owners: Object.fromEntries(owners),
		targets: markedTargets(model.wanted.virtualServers.values(), owners),
		warnings: [...warnings(), ...refusals.warnings()],
		problems: firstOf(problems()),
	}
}
