/** An object that notes which of its fields are read, at any depth. */
export interface Watched {
	readonly watched: object
	/** Fields that nobody has read so far, such as `spec.template`; of nested ones the outermost. */
	readonly unread: () => readonly string[]
}

export const watchReads = (root: object): Watched => {
	const read = new Set<string>()
	const watch = (value: unknown, path: string): unknown =>
		isObject(value)
			? new Proxy(value, {
					get: (target, key, receiver) => {
						const field = Reflect.get(target, key, receiver)
						if (typeof key !== 'string' || !Object.hasOwn(target, key)) {
							return field
						}
						read.add(join(path, key))
						return watch(field, join(path, key))
					},
				})
			: value
	const unreadBelow = (value: object, path: string): readonly string[] =>
		Object.entries(value).flatMap(([key, field]) => {
			const at = join(path, key)
			return read.has(at) ? (isObject(field) ? unreadBelow(field, at) : []) : [at]
		})
	return {watched: watch(root, '') as object, unread: () => unreadBelow(root, '')}
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null

const join = (path: string, key: string): string => (path ? `${path}.${key}` : key)
