import type {Config} from '../config/fields.ts'
import type {Explanation} from '../explain/explanation.ts'
import {formatExplanation} from '../explain/format.ts'
import {askToExplain} from '../observe/local-client.ts'
import {Failure} from './failure.ts'
import {type OutputFormat, print, printable} from './output.ts'

/** Prints what became of a Service; only a running kube-lvs knows. A bare name is one of namespace `default`. */
export const explain = async (
	{runtimeDirectory}: Pick<Config, 'runtimeDirectory'>,
	format: OutputFormat,
	name: string,
): Promise<number> => {
	const service = name.includes('/') ? name : `default/${name}`
	const answer = await askToExplain(runtimeDirectory, service).catch(error => {
		throw new Failure(`what became of a Service cannot be told: ${error.message}`)
	})
	if (answer === undefined) {
		throw new Failure('kube-lvs does not run on this node; it alone knows what became of a Service')
	}
	if (answer === null) {
		throw new Failure(`the kube-lvs on this node knows no Service ${printable(service)}`)
	}
	const explanation = answer as Explanation
	print(format, explanation, () => formatExplanation(explanation))
	return 0
}
