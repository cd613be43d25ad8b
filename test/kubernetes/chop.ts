import fc from 'fast-check'

/** Bytes in pieces, some of them empty, cut anywhere. */
export const chop = (bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] => {
	const places = [0, ...cuts.map(cut => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length]
	return places.slice(1).map((end, index) => bytes.subarray(places[index], end))
}

export const anyCuts = fc.array(fc.nat(), {maxLength: 20})
