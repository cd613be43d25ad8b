/** One instruction of a Dockerfile, its lines joined. */
export interface Step {
	readonly instruction: string
	readonly text: string
}

export interface Stage {
	/** An image, or the name of a stage before. */
	readonly base: string
	readonly name: string | undefined
	readonly steps: readonly Step[]
}

/** The stages of a Dockerfile, as far as ours goes: one that begins with ARG, whose values fill in `${NAME}` in FROM. */
export const parseDockerfile = (text: string): readonly Stage[] => {
	const values = new Map<string, string>()
	const stages: {base: string; name: string | undefined; steps: Step[]}[] = []
	for (const {instruction, text: rest} of stepsOf(text)) {
		const stage = stages.at(-1)
		if (instruction === 'FROM') {
			const [image = '', , name] = rest.split(/\s+/)
			stages.push({base: image.replaceAll(/\$\{(\w+)\}/g, (_, key) => values.get(key) ?? ''), name, steps: []})
		} else if (stage) {
			stage.steps.push({instruction, text: rest})
		} else if (instruction === 'ARG') {
			const [key = '', value = ''] = rest.split('=')
			values.set(key, value)
		} else {
			throw new Error(`Dockerfile: ${instruction} before FROM`)
		}
	}
	return stages
}

/** Comments may stand between the lines of one instruction, too. */
const stepsOf = (text: string): readonly Step[] =>
	text
		.split('\n')
		.filter(line => !line.trimStart().startsWith('#'))
		.join('\n')
		.replaceAll(/\\\n\s*/g, '')
		.split('\n')
		.flatMap(line => {
			const [, instruction, rest] = /^\s*([A-Za-z]+)\s+(.*?)\s*$/.exec(line) ?? []
			return instruction && rest ? [{instruction: instruction.toUpperCase(), text: rest}] : []
		})
