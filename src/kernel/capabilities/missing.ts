/** Something that this node lacks, and what to do about it. */
export interface Missing {
	readonly what: string
	readonly remedy: string
}

export const RIGHT_REMEDY = 'run as root, or with the capability NET_ADMIN'
