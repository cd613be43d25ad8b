/** Rows without a file yet, a line for each group. Whoever writes a row takes it out of here. */
const GROUPS: readonly string[] = [
	// C
	'',
	// D
	'D27',
	// D, health
	'',
	// E
	'',
	// E, programs
	'',
	// F
	'F9 F10 F11 F12',
	// G
	'',
	// H
	'',
	// I
	'',
	// J
	'',
	// K
	'K10',
]

export const ROWS_TO_COME: readonly string[] = GROUPS.flatMap(rows => rows.split(' ')).filter(number => number !== '')
