/** What Node.js does not give, from the C library that this process runs on. */
interface CLibrary {
	/** By its prototype in C. Throws where there is none of this name. */
	readonly func: (prototype: string) => (...values: readonly unknown[]) => number
	/** Of the last call. */
	readonly errno: () => number
}

/** Rejects where functions of C cannot be called at all. */
export const openCLibrary = async (): Promise<CLibrary> => {
	const {default: koffi} = await import('koffi')
	const library = koffi.load(null)
	return {func: prototype => library.func(prototype), errno: () => koffi.errno()}
}
