/** `plan/scope.ts:12 add` of the innermost call that is not the counting itself, where its file is in this folder. */
export const callerIn = (folder: string): string | undefined => {
	const {prepareStackTrace, stackTraceLimit} = Error
	Error.stackTraceLimit = 20
	Error.prepareStackTrace = (_, calls) => calls
	const calls = new Error().stack as unknown as readonly NodeJS.CallSite[]
	Error.prepareStackTrace = prepareStackTrace
	Error.stackTraceLimit = stackTraceLimit
	// With an index: to iterate would be counted, too.
	for (let at = 0; at < calls.length; at++) {
		const file = calls[at]?.getFileName() ?? ''
		if (file.startsWith('file:') && !file.includes('/test/support/steps/') && !file.includes('/node_modules/')) {
			const from = file.indexOf(folder)
			const name = calls[at]?.getFunctionName() ?? ''
			return from < 0 ? undefined : `${file.slice(from + 1)}:${calls[at]?.getLineNumber()} ${name}`.trimEnd()
		}
	}
	return undefined
}
