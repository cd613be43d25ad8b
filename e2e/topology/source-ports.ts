/**
 * Below node ports and those that kernels give, above those of servers. IPVS remembers a connection for minutes after its
 * end: one that is like it goes to the same real server, whoever's turn it is.
 */
const [FIRST, LAST] = [11_000, 29_999]

let next = FIRST

/** The first of so many ports in a row, which no connection had before. Throws when none are left. */
export const takeSourcePorts = (count: number): number => {
	const first = next
	next += count
	if (next > LAST + 1) {
		throw new Error(`no ${count} source ports are left of ${FIRST} to ${LAST}`)
	}
	return first
}
