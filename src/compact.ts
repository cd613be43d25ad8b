/** The only list that has nothing in it, so that very many empty ones take no memory. */
export const NONE: readonly never[] = Object.freeze([])

/**
 * The same list with room for what is in it and no more: V8 makes room for 17 when a list begins to grow. For lists of
 * which there are very many.
 */
export const compact = <Item>(items: readonly Item[]): readonly Item[] => (items.length === 0 ? NONE : items.slice())

/** All of them in one list: where only one has anything in it, that one itself. */
export const joinLists = <Item>(lists: readonly (readonly Item[])[]): readonly Item[] => {
	let only: readonly Item[] = NONE
	let filled = 0
	for (const list of lists) {
		if (list.length > 0) {
			only = list
			filled++
		}
	}
	return filled > 1 ? lists.flat() : only
}

/**
 * The parts as one text. A template makes a tree of its parts, and they all stay in memory with it. For texts of which
 * there are very many.
 */
export const joined = (...parts: readonly (string | number)[]): string => parts.join('')

/** Items, which are no lists, under one key: nearly always a single one, which then needs no list. */
export type OneOrMore<Item> = Item | readonly Item[]

export const listOf = <Item extends object>(items: OneOrMore<Item> | undefined): readonly Item[] =>
	items === undefined ? NONE : isList(items) ? items : [items]

const isList = <Item>(items: OneOrMore<Item>): items is readonly Item[] => Array.isArray(items)

/** No items take the key away. */
export const setList = <Key, Item extends object>(
	map: Map<Key, OneOrMore<Item>>,
	key: Key,
	items: readonly Item[],
): void => {
	const [first, second] = items
	if (first) {
		map.set(key, second ? items : first)
	} else {
		map.delete(key)
	}
}
