/** Rows without a file yet, a line for each group. Whoever writes a row takes it out of here. */
const GROUPS: readonly string[] = [
	// C
	'',
	// D
	'D27',
	// D, health
	'D31 D32 D33',
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
	'J1 J2 J3 J4 J5 J6 J7 J8 J9 J10',
	// K
	'K10',
]

export const ROWS_TO_COME: readonly string[] = GROUPS.flatMap(rows => rows.split(' ')).filter(number => number !== '')
