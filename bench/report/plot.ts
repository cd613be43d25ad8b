/** One line of a plot: what was measured at each number of Services. */
export interface Series {
	readonly name: string
	/** The product's own line stands out. */
	readonly isOwn: boolean
	readonly points: readonly {readonly x: number; readonly y: number}[]
}

export interface Plot {
	readonly title: string
	/** Both axes are logarithmic; `y` is in seconds. */
	readonly series: readonly Series[]
}

const WIDTH = 460
const HEIGHT = 340
const MARGIN = {top: 40, right: 118, bottom: 44, left: 64}
/** Between two names at the right. */
const LEAST_DISTANCE = 14

/**
 * Plots side by side as one SVG file. Its colours follow whether who looks at it prefers light or dark, and lines differ
 * by their dashes as well.
 */
export const renderPlots = (plots: readonly Plot[]): string => {
	const panels = plots.map((plot, at) => `<g transform="translate(${at * WIDTH} 0)">\n${renderPlot(plot)}\n</g>`)
	const size = `${plots.length * WIDTH} ${HEIGHT}`
	return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size}" role="img" aria-label="${escaped(plots.map(({title}) => title).join('; '))}">
<style>${STYLE}</style>
<rect class="paper" width="100%" height="100%"/>
${panels.join('\n')}
</svg>
`
}

const STYLE = `
text { font: 12px system-ui, sans-serif; fill: #24292f }
.title { font-size: 14px; font-weight: 600 }
.paper { fill: #ffffff }
.grid { stroke: #d8dee4; stroke-width: 1 }
.line { fill: none; stroke-width: 1.5 }
.own { stroke-width: 3 }
.s0 { stroke: #0969da } .f0 { fill: #0969da }
.s1 { stroke: #57606a } .f1 { fill: #57606a }
.s2 { stroke: #bc4c00 } .f2 { fill: #bc4c00 }
.s3 { stroke: #8250df } .f3 { fill: #8250df }
@media (prefers-color-scheme: dark) {
text { fill: #e6edf3 }
.paper { fill: #0d1117 }
.grid { stroke: #30363d }
.s0 { stroke: #58a6ff } .f0 { fill: #58a6ff }
.s1 { stroke: #8b949e } .f1 { fill: #8b949e }
.s2 { stroke: #f0883e } .f2 { fill: #f0883e }
.s3 { stroke: #bc8cff } .f3 { fill: #bc8cff }
}
`

const DASHES = ['', '2 3', '7 4', '10 3 2 3']

const renderPlot = ({title, series}: Plot): string => {
	const drawn = series.filter(({points}) => points.length > 0)
	const all = drawn.flatMap(({points}) => points)
	const x = scaleOf(
		all.map(point => point.x),
		[MARGIN.left, WIDTH - MARGIN.right],
	)
	const y = scaleOf(
		all.map(point => point.y),
		[HEIGHT - MARGIN.bottom, MARGIN.top],
	)
	const names = spread(drawn.map(({points}) => y.place(points.at(-1)?.y ?? 1)))
	return [
		`<text class="title" x="${MARGIN.left}" y="22">${escaped(title)}</text>`,
		...x.decades.flatMap(value => [
			line([x.place(value), MARGIN.top], [x.place(value), HEIGHT - MARGIN.bottom]),
			text([x.place(value), HEIGHT - MARGIN.bottom + 18], value.toLocaleString('en-US'), 'middle'),
		]),
		text([(MARGIN.left + WIDTH - MARGIN.right) / 2, HEIGHT - 8], 'Services', 'middle'),
		...y.decades.flatMap(value => [
			line([MARGIN.left, y.place(value)], [WIDTH - MARGIN.right, y.place(value)]),
			text([MARGIN.left - 8, y.place(value) + 4], formatSeconds(value), 'end'),
		]),
		...drawn.flatMap(({name, isOwn, points}, at) => [
			`<polyline class="line s${at}${isOwn ? ' own' : ''}" stroke-dasharray="${DASHES[at] ?? ''}" points="${points
				.map(point => `${fixed(x.place(point.x))},${fixed(y.place(point.y))}`)
				.join(' ')}"/>`,
			...points.map(
				point =>
					`<circle class="f${at}" cx="${fixed(x.place(point.x))}" cy="${fixed(y.place(point.y))}" r="${isOwn ? 4 : 3}"/>`,
			),
			`<text class="f${at}" x="${WIDTH - MARGIN.right + 10}" y="${fixed((names[at] ?? 0) + 4)}">${escaped(name)}</text>`,
		]),
	].join('\n')
}

interface Scale {
	readonly place: (value: number) => number
	/** The powers of ten that lie on it. */
	readonly decades: readonly number[]
}

/** From the power of ten below all values to the one above. */
const scaleOf = (values: readonly number[], [from, to]: readonly [number, number]): Scale => {
	const logs = values.filter(value => value > 0).map(Math.log10)
	const low = Math.floor(Math.min(...logs, 0))
	const high = Math.max(Math.ceil(Math.max(...logs, low)), low + 1)
	const first = logs.length > 0 ? Math.floor(Math.min(...logs)) : low
	const place = (value: number) => from + ((Math.log10(value) - first) / Math.max(high - first, 1)) * (to - from)
	return {place, decades: Array.from({length: high - first + 1}, (_, at) => 10 ** (first + at))}
}

/** Moves places apart that are too near to each other, in their order. */
export const spread = (places: readonly number[]): readonly number[] => {
	const order = places.map((_, at) => at).toSorted((a, b) => (places[a] ?? 0) - (places[b] ?? 0))
	const moved = [...places]
	let last = Number.NEGATIVE_INFINITY
	for (const at of order) {
		last = Math.max(places[at] ?? 0, last + LEAST_DISTANCE)
		moved[at] = last
	}
	return moved
}

export const formatSeconds = (seconds: number): string => {
	if (seconds >= 1) {
		return `${seconds.toLocaleString('en-US')} s`
	}
	return seconds >= 0.001 ? `${Math.round(seconds * 1000)} ms` : `${Math.round(seconds * 1e6)} us`
}

const line = ([x1, y1]: readonly [number, number], [x2, y2]: readonly [number, number]): string =>
	`<line class="grid" x1="${fixed(x1)}" y1="${fixed(y1)}" x2="${fixed(x2)}" y2="${fixed(y2)}"/>`

const text = ([x, y]: readonly [number, number], content: string, anchor: 'start' | 'middle' | 'end'): string =>
	`<text x="${fixed(x)}" y="${fixed(y)}" text-anchor="${anchor}">${escaped(content)}</text>`

const fixed = (value: number): string => String(Number(value.toFixed(1)))

const escaped = (content: string): string =>
	content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
