import type {Observer} from './observer.ts'

/** Tells each of them, in their order; none has to listen to everything. */
export const combineObservers = (parts: readonly Partial<Observer>[]): Observer => {
	const tellAll =
		<Name extends keyof Observer>(name: Name) =>
		(...news: Parameters<Observer[Name]>): void => {
			for (const part of parts) {
				const hear = part[name] as ((...news: Parameters<Observer[Name]>) => void) | undefined
				hear?.(...news)
			}
		}
	return {
		applied: tellAll('applied'),
		synced: tellAll('synced'),
		failed: tellAll('failed'),
		problems: tellAll('problems'),
		garbled: tellAll('garbled'),
		mended: tellAll('mended'),
		changed: tellAll('changed'),
		requested: tellAll('requested'),
		located: tellAll('located'),
		compiled: tellAll('compiled'),
	}
}
