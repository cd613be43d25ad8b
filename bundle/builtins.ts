import {isBuiltin} from 'node:module'
import type {Plugin} from 'esbuild'

/**
 * Modules of Node.js are taken with `process.getBuiltinModule`. An `import` of one reads every name that it exports, and
 * some of `node:http` load half of another HTTP client: 12 MB that nobody uses.
 */
export const builtins: Plugin = {
	name: 'modules of Node.js',
	setup: build => {
		build.onResolve({filter: /.*/}, ({path}) =>
			isBuiltin(path) ? {path: path.replace(/^node:/, ''), namespace: 'builtin'} : undefined,
		)
		build.onLoad({filter: /.*/, namespace: 'builtin'}, ({path}) => ({
			contents: `module.exports = process.getBuiltinModule(${JSON.stringify(`node:${path}`)})`,
		}))
	},
}
