import {readdir, readFile, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {parseArgs} from 'node:util'
import {parseManifest} from '../../../src/kubernetes/parse-manifest.ts'
import type {ApiObject} from './api-object.ts'
import {kindNamed} from './kinds.ts'
import {readRole} from './role.ts'
import {startApiServer} from './start-api-server.ts'

/*
 * The API server double as a process:
 *   node test/support/api-server/main.ts --objects DIR --port P --kubeconfig-out FILE [--host ADDRESS] [--advertise ADDRESS]
 *     [--role MANIFESTS]: allow what these grant to the account of their DaemonSet, and nothing else
 * It is driven with POST /control (control.ts), with the token of the kubeconfig.
 */

const {values} = parseArgs({
	options: {
		objects: {type: 'string'},
		port: {type: 'string', default: '0'},
		host: {type: 'string', default: '127.0.0.1'},
		advertise: {type: 'string'},
		name: {type: 'string', multiple: true, default: []},
		user: {type: 'string', default: 'token'},
		role: {type: 'string'},
		'kubeconfig-out': {type: 'string'},
		'bookmark-milliseconds': {type: 'string', default: '60000'},
	},
})

const readObjects = async (folder: string): Promise<ApiObject[]> => {
	const names = (await readdir(folder)).filter(name => /^[^.].*\.(ya?ml|json)$/.test(name)).sort()
	const texts = await Promise.all(names.map(name => readFile(join(folder, name), 'utf8')))
	return texts.flatMap((text, index) => {
		const manifest = parseManifest(names[index] ?? '', text)
		if ('error' in manifest) {
			throw new Error(`${names[index]}:${manifest.line}: ${manifest.error}`)
		}
		return manifest.objects.map(({json}) => json as ApiObject)
	})
}

const objects = (values.objects ? await readObjects(values.objects) : []).filter(({kind, metadata}) => {
	if (!kindNamed(kind)) {
		console.error(`not served: ${kind} ${metadata?.name}`)
	}
	return kindNamed(kind) !== undefined
})
const server = await startApiServer({
	objects,
	port: Number(values.port),
	host: values.host,
	...(values.advertise ? {advertise: values.advertise} : {}),
	...(values.role ? {role: readRole(await readFile(values.role, 'utf8'))} : {}),
	names: [...values.name, ...(values.advertise ? [values.advertise] : [])],
	bookmarkMilliseconds: Number(values['bookmark-milliseconds']),
})
if (values['kubeconfig-out']) {
	const user = values.user === 'certificate' ? 'certificate' : 'token'
	await writeFile(values['kubeconfig-out'], JSON.stringify(server.kubeConfig(user), null, '\t'))
}
console.log(server.url)
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
	process.once(signal, () => server.close().then(() => process.exit(0)))
}
