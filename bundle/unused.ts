import type {Plugin} from 'esbuild'

/**
 * What the class KubeConfig of the Kubernetes library imports for functions of it that are never called here: the
 * generated API, and the HTTP client that goes with it.
 */
const UNUSED = /^undici$|^\.\/gen\/index\.js$/
const IMPORTED = ['Agent', 'ProxyAgent', 'ServerConfiguration', 'createConfiguration']

/** Leaves that out. */
export const unused: Plugin = {
	name: 'unused parts of the Kubernetes library',
	setup: build => {
		build.onResolve({filter: UNUSED}, ({path, importer}) =>
			importer.endsWith('client-node/dist/config.js') ? {path, namespace: 'unused', sideEffects: false} : undefined,
		)
		build.onLoad({filter: /.*/, namespace: 'unused'}, () => ({
			contents: IMPORTED.map(name => `export const ${name} = undefined`).join('\n'),
		}))
	},
}
