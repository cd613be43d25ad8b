import type {ApiAccess} from '../../../src/kubernetes/api-access.ts'
import type {Certificates} from './certificates.ts'

export type UserName = 'token' | 'certificate' | 'nobody'

export interface KubeConfigSource {
	readonly url: string
	readonly token: string
	readonly certificates: Certificates
}

/** A kubeconfig whose contexts are named after their users: by token, by client certificate, or with a wrong token. */
export const makeKubeConfig = ({url, token, certificates}: KubeConfigSource, user: UserName): object => {
	const {ca, client} = certificates
	const users: Readonly<Record<UserName, object>> = {
		token: {token},
		certificate: {'client-certificate-data': btoa(client.cert), 'client-key-data': btoa(client.key)},
		nobody: {token: 'wrong'},
	}
	return {
		apiVersion: 'v1',
		kind: 'Config',
		clusters: [{name: 'double', cluster: {server: url, 'certificate-authority-data': btoa(ca)}}],
		users: Object.entries(users).map(([name, value]) => ({name, user: value})),
		contexts: Object.keys(users).map(name => ({name, context: {cluster: 'double', user: name}})),
		'current-context': user,
	}
}

/** The same as the HTTP client takes it, without the Kubernetes library. */
export const makeAccess = ({url, token, certificates}: KubeConfigSource, user: UserName): ApiAccess => {
	const {ca, client} = certificates
	const bearer = user === 'token' ? token : 'wrong'
	const credentials =
		user === 'certificate'
			? {headers: {}, tls: {ca, ...client}}
			: {headers: {Authorization: `Bearer ${bearer}`}, tls: {ca}}
	return {servers: [url], credentials: async () => credentials, forget: () => {}}
}
