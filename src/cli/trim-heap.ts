import {openCLibrary} from '../kernel/c-library.ts'

/**
 * Gives back to the system what has been freed outside of V8: malloc keeps all of it as long as one byte behind it is in
 * use (malloc_trim(3), which not every C library has). Takes some 10 ms. Resolves with whether anything was given back.
 */
export const trimHeap = async (): Promise<boolean> => {
	mallocTrim ??= openCLibrary().then(({func}) => func('int malloc_trim(size_t)'))
	try {
		return (await mallocTrim)(0) === 1
	} catch {
		return false
	}
}

/** Looked up once. */
let mallocTrim: Promise<(padding: number) => number> | undefined
