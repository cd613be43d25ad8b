import {readFile} from 'node:fs/promises'
import {dirname, resolve} from 'node:path'
import type {KubeConfig} from '@kubernetes/client-node'
import {parse} from 'yaml'

interface KubeConfigFile {
	readonly users?: readonly {readonly name?: string; readonly user?: {readonly tokenFile?: string} | null}[] | null
}

/**
 * The library does not know `users[].user.tokenFile`, which kube-proxy's own kubeconfig uses. A user with one gets the
 * authenticator of the service account instead, which reads the file again each minute.
 */
export const useTokenFiles = async (config: KubeConfig, path: string): Promise<void> => {
	const file: KubeConfigFile | null = parse(await readFile(path, 'utf8'))
	const tokenFiles = new Map(
		(file?.users ?? []).flatMap(({name, user}) => (user?.tokenFile ? [[name, user.tokenFile] as const] : [])),
	)
	config.users = config.users.map(user => {
		const tokenFile = tokenFiles.get(user.name)
		if (tokenFile === undefined) {
			return user
		}
		const {token: _, ...rest} = user
		const authProvider = {name: 'tokenFile', config: {tokenFile: resolve(dirname(path), tokenFile)}}
		return {...rest, authProvider}
	})
}
