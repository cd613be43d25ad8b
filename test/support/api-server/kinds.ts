/** What the double serves, under its real paths. */
export interface Kind {
	readonly kind: string
	readonly plural: string
	/** `v1`, `discovery.k8s.io/v1` */
	readonly apiVersion: string
	readonly isNamespaced: boolean
}

export const KINDS: readonly Kind[] = [
	{kind: 'Service', plural: 'services', apiVersion: 'v1', isNamespaced: true},
	{kind: 'EndpointSlice', plural: 'endpointslices', apiVersion: 'discovery.k8s.io/v1', isNamespaced: true},
	{kind: 'Node', plural: 'nodes', apiVersion: 'v1', isNamespaced: false},
	{kind: 'ServiceCIDR', plural: 'servicecidrs', apiVersion: 'networking.k8s.io/v1', isNamespaced: false},
	{kind: 'Event', plural: 'events', apiVersion: 'events.k8s.io/v1', isNamespaced: true},
]

export const kindNamed = (kind: string): Kind | undefined => KINDS.find(entry => entry.kind === kind)

/** `/api/v1/...` for the core group, `/apis/GROUP/VERSION/...` for all others. */
export const kindServedAt = (root: string, plural: string): Kind | undefined =>
	KINDS.find(entry => entry.plural === plural && root === rootOf(entry))

const rootOf = ({apiVersion}: Kind): string => (apiVersion.includes('/') ? `apis/${apiVersion}` : `api/${apiVersion}`)
