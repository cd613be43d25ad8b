/**
 * Which Services (`namespace/name`) are meant by `shop/web`, by `shop/`, which is all of a namespace, or by `web`, which
 * is one of namespace `default`; undefined means all of them, and those that are not known.
 */
export const serviceFilter = (text: string | undefined): ((service: string | undefined) => boolean) => {
	if (text === undefined) {
		return () => true
	}
	if (text.endsWith('/')) {
		return service => service?.startsWith(text) ?? false
	}
	const name = text.includes('/') ? text : `default/${text}`
	return service => service === name
}
