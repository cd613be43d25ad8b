import type {View} from './rows.ts'
import {nextSort} from './sort.ts'

export type Key = 'quit' | 'sort' | 'endpoints' | 'up' | 'down' | 'page-up' | 'page-down' | 'home' | 'end'

const KEYS: Readonly<Record<string, Key>> = {
	q: 'quit',
	'\u0003': 'quit',
	s: 'sort',
	e: 'endpoints',
	'\u001b[A': 'up',
	'\u001bOA': 'up',
	k: 'up',
	'\u001b[B': 'down',
	'\u001bOB': 'down',
	j: 'down',
	'\u001b[5~': 'page-up',
	'\u001b[6~': 'page-down',
	' ': 'page-down',
	'\u001b[H': 'home',
	'\u001b[1~': 'home',
	g: 'home',
	'\u001b[F': 'end',
	'\u001b[4~': 'end',
	G: 'end',
}

/** The keys in what a terminal sends; others are passed over. */
export const keysIn = (input: string): readonly Key[] =>
	// biome-ignore lint/suspicious/noControlCharactersInRegex: keys begin with an escape character.
	[...input.matchAll(/\u001b(?:\[[\d;]*[A-Za-z~]|O[A-Z])|./gs)].flatMap(([text]) => KEYS[text] ?? [])

/** How Services are shown, from which row on. */
export interface ScrolledView extends View {
	readonly first: number
}

/** What a key makes of it, where there is room for so many of all rows. */
export const press = (view: ScrolledView, key: Key, room: number, rows: number): ScrolledView => {
	switch (key) {
		case 'sort':
			return {...view, sort: nextSort(view.sort), first: 0}
		case 'endpoints':
			return {...view, hasEndpoints: !view.hasEndpoints, first: 0}
		case 'quit':
			return view
		default:
			return {...view, first: within(view.first + STEPS[key](room, rows), rows - room)}
	}
}

const STEPS: Readonly<Record<Exclude<Key, 'sort' | 'endpoints' | 'quit'>, (room: number, rows: number) => number>> = {
	up: () => -1,
	down: () => 1,
	'page-up': room => -room,
	'page-down': room => room,
	home: (_, rows) => -rows,
	end: (_, rows) => rows,
}

/** The first row, so that the last ones fill the room. */
export const within = (first: number, last: number): number => Math.max(Math.min(first, last), 0)
