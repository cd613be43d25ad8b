/** Chance that can be repeated: the same seed gives the same numbers in [0, 1) (Marsaglia's xorshift). */
export const randomFrom = (seed: number): (() => number) => {
	let state = seed | 1
	return () => {
		state ^= state << 13
		state ^= state >>> 17
		state ^= state << 5
		return (state >>> 0) / 2 ** 32
	}
}

export const shuffled = <Item>(items: readonly Item[], random: () => number): readonly Item[] =>
	items
		.map(item => ({item, place: random()}))
		.sort((a, b) => a.place - b.place)
		.map(({item}) => item)
