import {styleText} from 'node:util'

type Colour = 'red' | 'green' | 'yellow' | 'blue' | 'cyan'

let headings = 0

export const print = (text = ''): void => {
	process.stdout.write(`${text}\n`)
}

export const heading = (text: string): void => {
	headings += 1
	print(`\n${styleText('bold', `${headings}. ${text}`)}`)
}

/** One line on what happens, for someone who meets this for the first time. */
export const explain = (...lines: readonly string[]): void => {
	for (const line of lines) print(`   ${styleText('italic', line)}`)
}

/** A fact that has been checked. */
export const fact = (text: string): void => print(`   ${colour('green', '✓')} ${text}`)

/** A command as someone on that host would type it. */
export const command = (host: string, text: string): void =>
	print(`   ${colour('cyan', `${host} $`)} ${styleText('bold', text)}`)

/** Output of a program. */
export const output = (text: string): void => {
	for (const line of text.trimEnd().split('\n')) print(`     ${line.trimEnd()}`)
}

export const colour = (name: Colour, text: string): string => styleText(name, text)

/** Line by line, so that what stands in front of a line stays as it is. */
export const dim = (text: string): string =>
	text
		.split('\n')
		.map(line => styleText('dim', line))
		.join('\n')
