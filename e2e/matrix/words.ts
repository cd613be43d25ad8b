/** The words of the tables in docs/traffic.md. */
export const ADDRESS_KINDS = ['ClusterIP', 'NodePort', 'external IP', 'load-balancer IP', 'own IP'] as const
export type AddressKind = (typeof ADDRESS_KINDS)[number]

/** Where the endpoints are: on this node and on another, on another only, nowhere. */
export const PLACES = ['both', 'other', 'none'] as const
export type Place = (typeof PLACES)[number]

/** Columns, by who asks. */
export const ORIGINS = ['pod', 'endpoint', 'node', 'node address', 'other pod', 'other node', 'outside'] as const
export type Origin = (typeof ORIGINS)[number]

/** `-` where the packets of this origin never come to this node. */
export const NEVER = '-'
export const OUTCOMES = /^((all|local|one)( (own|masq))?|refused|dropped|-)$/

/** Nobody answers. */
export const isSilent = (outcome: string): boolean => outcome === 'refused' || outcome === 'dropped'
