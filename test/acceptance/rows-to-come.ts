/** Rows without a file yet, a line for each group. Whoever writes a row takes it out of here. */
const GROUPS: readonly string[] = [
	// C
	'C1 C3 C5 C6 C7 C8 C9 C10 C11 C12 C13',
	// D
	'D6 D9 D13 D14 D15 D17 D18 D22 D27',
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
	'I1 I2 I3 I4 I5 I6 I7 I8',
	// J
	'J1 J2 J3 J4 J5 J6 J7 J8 J9 J10',
	// K
	'K10',
]

export const ROWS_TO_COME: readonly string[] = GROUPS.flatMap(rows => rows.split(' ')).filter(number => number !== '')
