import {type Document, isMap, isNode, isSeq, LineCounter, parseAllDocuments} from 'yaml'

/** One object of a file, and the line where it begins. */
export interface ManifestObject {
	readonly json: unknown
	readonly line: number
}

export type Manifest =
	| {readonly objects: readonly ManifestObject[]}
	/** The file is broken: none of it can be trusted. */
	| {readonly error: string; readonly line: number}

/** YAML of several documents, or JSON; lists are taken apart. Never throws. */
export const parseManifest = (fileName: string, text: string): Manifest => {
	try {
		return fileName.endsWith('.json') ? parseJsonText(text) : parseYaml(text)
	} catch (error) {
		const message = error instanceof Error ? error.message : String(error)
		return {error: message, line: Number(/\(line (\d+)/.exec(message)?.[1] ?? 1)}
	}
}

const parseJsonText = (text: string): Manifest => ({
	objects: text.trim() === '' ? [] : takeApart(JSON.parse(text), () => 1),
})

const parseYaml = (text: string): Manifest => {
	const lineCounter = new LineCounter()
	const parsed = parseAllDocuments(text, {lineCounter})
	const documents: readonly Document[] = 'empty' in parsed ? [] : parsed
	const objects: ManifestObject[] = []
	for (const document of documents) {
		const [error] = document.errors
		if (error) {
			return {error: error.message.split('\n')[0] ?? '', line: error.linePos?.[0].line ?? 1}
		}
		const lineOf = (index?: number) => lineCounter.linePos(offsetOf(document, index)).line
		objects.push(...takeApart(document.toJS(), lineOf))
	}
	return {objects}
}

/** Where a document, or an item of the list that it is, begins. */
const offsetOf = (document: Document, index: number | undefined): number => {
	const contents = document.contents
	const items = index !== undefined && isMap(contents) ? contents.get('items', true) : undefined
	const node = isSeq(items) && index !== undefined ? items.items[index] : contents
	return (isNode(node) ? node.range?.[0] : undefined) ?? document.range?.[0] ?? 0
}

/** Nothing of an empty document; the items of `kind: List` and of `kind: ServiceList`, which leave out their own kind. */
const takeApart = (json: unknown, lineOf: (index?: number) => number): ManifestObject[] => {
	if (json === null || json === undefined) {
		return []
	}
	const {kind, apiVersion, items} = json as {readonly kind?: unknown; readonly apiVersion?: unknown; items?: unknown}
	if (typeof kind !== 'string' || !kind.endsWith('List') || !Array.isArray(items)) {
		return [{json, line: lineOf()}]
	}
	const inherited = kind === 'List' ? {} : {kind: kind.slice(0, -'List'.length), apiVersion}
	return items.map((item, index) => ({json: isObject(item) ? {...inherited, ...item} : item, line: lineOf(index)}))
}

const isObject = (value: unknown): value is object =>
	typeof value === 'object' && value !== null && !Array.isArray(value)
