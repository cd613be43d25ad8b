/** Where a list-watch stands, and where it goes from here: client-go's rules for resourceVersion. */
export interface Position {
	/** The last version seen, by list, event or bookmark; empty before the first. */
	readonly version: string
	/** Watch from `version`; otherwise list first. */
	readonly canWatch: boolean
	/** List the newest state: what the server has at hand may be older than what expired. */
	readonly needsNewest: boolean
	/** Pages expired in a row; from the second time on everything is asked for in one piece. */
	readonly expiredPages: number
	/** A watch from this version brought garbage or was refused once. */
	readonly garbledAt: string | undefined
}

export const START: Position = {
	version: '',
	canWatch: false,
	needsNewest: false,
	expiredPages: 0,
	garbledAt: undefined,
}

/** Any state will do at first; later none that is older than what we have. */
export const listVersion = ({needsNewest, version}: Position): string => (needsNewest ? '' : version || '0')

export const listLimit = ({expiredPages}: Position, pageSize: number): number => (expiredPages > 1 ? 0 : pageSize)

export const afterList = (version: string): Position => ({...START, version, canWatch: true})

export const afterVersion = (position: Position, version: string): Position =>
	version === '' || version === position.version ? position : {...position, version}

/** 410, or a version that this server has not reached. */
export const afterExpired = (position: Position): Position => ({
	...position,
	canWatch: false,
	needsNewest: true,
	expiredPages: position.canWatch ? 0 : position.expiredPages + 1,
})

/** Garbage, or refused: once may be the network; twice at one version is what the server has: list instead. */
export const afterGarbled = (position: Position): Position => ({
	...position,
	garbledAt: position.version,
	canWatch: position.canWatch && position.garbledAt !== position.version,
})
