import {isIP} from 'node:net'
import {generate} from 'selfsigned'

export interface KeyPair {
	/** PEM */
	readonly key: string
	readonly cert: string
}

export interface Certificates {
	readonly ca: string
	readonly server: KeyPair
	readonly client: KeyPair
}

const made = new Map<string, Promise<Certificates>>()

/** A CA made for this process and these hosts, with a server certificate for them and a client certificate. */
export const makeCertificates = (hosts: readonly string[]): Promise<Certificates> => {
	const key = hosts.join(' ')
	const certificates = made.get(key) ?? issueCertificates(hosts)
	made.set(key, certificates)
	return certificates
}

const issueCertificates = async (hosts: readonly string[]): Promise<Certificates> => {
	const basics = {keyType: 'ec', algorithm: 'sha256', notBeforeDate: new Date(Date.now() - 3_600_000)} as const
	const ca = await generate([{name: 'commonName', value: 'double-ca'}], {
		...basics,
		extensions: [
			{name: 'basicConstraints', cA: true, critical: true},
			{name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true},
		],
	})
	const issue = async (name: string, extensions: Extensions): Promise<KeyPair> => {
		const signed = {...basics, ca: {key: ca.private, cert: ca.cert}, extensions}
		const pair = await generate([{name: 'commonName', value: name}], signed)
		return {key: pair.private, cert: pair.cert}
	}
	const altNames = hosts.map(host => (isIP(host) ? {type: 7 as const, ip: host} : {type: 2 as const, value: host}))
	const server = await issue('kube-apiserver', [
		{name: 'extKeyUsage', serverAuth: true},
		{name: 'subjectAltName', altNames},
	])
	const client = await issue('system:kube-proxy', [{name: 'extKeyUsage', clientAuth: true}])
	return {ca: ca.cert, server, client}
}

type Extensions = NonNullable<NonNullable<Parameters<typeof generate>[1]>['extensions']>
