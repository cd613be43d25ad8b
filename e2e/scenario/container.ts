import {readFileSync} from 'node:fs'
import {fileURLToPath} from 'node:url'
import {parseAllDocuments} from 'yaml'

const MANIFEST = new URL('../../manifests/kube-lvs.yaml', import.meta.url)
/** Of a node; those of a test have one each, because several are in one kernel. */
const OURS = '/run/kube-lvs'
const SCRIPT = fileURLToPath(new URL('container.sh', import.meta.url))

/** What a container may do. */
export interface Container {
	/** `NET_ADMIN`. All others are dropped. */
	readonly capabilities: readonly string[]
	readonly mayGainPrivileges: boolean
	/** Where it may write besides its folder in /run; nowhere else. */
	readonly writable: readonly string[]
}

interface SecurityContext {
	readonly privileged?: boolean
	readonly readOnlyRootFilesystem?: boolean
	readonly allowPrivilegeEscalation?: boolean
	readonly capabilities?: {readonly add?: readonly string[]; readonly drop?: readonly string[]}
}

interface ContainerSpec {
	readonly name: string
	readonly securityContext?: SecurityContext
	readonly volumeMounts?: readonly {readonly mountPath: string; readonly readOnly?: boolean}[]
}

/** That of kube-lvs, as the chart makes it. Throws if it may do more than a list of capabilities says. */
export const readContainer = (): Container => {
	const documents = parseAllDocuments(readFileSync(MANIFEST, 'utf8')).map(document => document.toJS())
	const daemonSet = documents.find(document => document?.kind === 'DaemonSet')
	const containers: readonly ContainerSpec[] = daemonSet?.spec.template.spec.containers ?? []
	const {securityContext = {}, volumeMounts = []} = containers.find(({name}) => name === 'kube-lvs') ?? {}
	const {privileged, readOnlyRootFilesystem, allowPrivilegeEscalation, capabilities} = securityContext
	if (privileged || !readOnlyRootFilesystem || !capabilities?.drop?.includes('ALL')) {
		throw new Error('manifests/kube-lvs.yaml: the container of kube-lvs is not confined')
	}
	return {
		capabilities: capabilities.add ?? [],
		mayGainPrivileges: allowPrivilegeEscalation !== false,
		writable: volumeMounts.flatMap(({mountPath, readOnly}) => (readOnly || mountPath === OURS ? [] : [mountPath])),
	}
}

/**
 * A command in such a container, with a folder in /run as its own. A process of root has the capabilities of the bounding
 * set. What a container runtime does besides is not done: an image of its own, a filter of system calls.
 */
export const inContainer = (
	{capabilities, mayGainPrivileges, writable}: Container,
	folder: string,
	command: readonly string[],
): [program: string, args: readonly string[]] => {
	const added = capabilities.map(name => `,+${name.toLowerCase()}`).join('')
	const rights = [`--bounding-set=-all${added}`, '--inh-caps=-all', ...(mayGainPrivileges ? [] : ['--no-new-privs'])]
	return ['sh', [SCRIPT, folder, writable.join(' '), ...rights, '--', ...command]]
}
