import {readFileSync} from 'node:fs'
import {expect} from 'chai'
import {parse, parseAllDocuments} from 'yaml'
import {createProgram} from '../../src/cli/program.ts'
import {CONFIG_SCHEMA} from '../../src/config/fields.ts'

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
const chart = (path: string): string => read(`charts/kube-lvs/${path}`)

interface Manifest {
	readonly kind: string
	readonly rules?: unknown
}

const MANIFESTS = parseAllDocuments(read('manifests/kube-lvs.yaml')).map(document => document.toJS() as Manifest)
const manifest = (kind: string): Manifest | undefined => MANIFESTS.find(found => found.kind === kind)

/** A template without the lines that values decide. */
const plain = (template: string): unknown =>
	parse(
		template
			.split('\n')
			.filter(line => !line.includes('{{'))
			.join('\n'),
	)

/** The lines of blocks that stand there only with this value. */
const BLOCK_OF_KUBE_PROXY = /^ *\{\{- if \.Values\.kubeProxyConfig\.configMap \}\}\n([\s\S]*?)^ *\{\{- end \}\}\n/gm

type Data = Readonly<Record<string, unknown>>

const isData = (value: unknown): value is Data => typeof value === 'object' && value !== null

/** Paths of what `part` says otherwise than `whole`; null says nothing. */
const unlike = (part: unknown, whole: unknown, path = ''): readonly string[] => {
	if (part === null) {
		return []
	}
	if (Array.isArray(part) && Array.isArray(whole) && part.length !== whole.length) {
		return [`${path}: ${part.length} and ${whole.length}`]
	}
	if (isData(part) && isData(whole)) {
		return Object.entries(part).flatMap(([key, value]) => unlike(value, whole[key], `${path}/${key}`))
	}
	return part === whole ? [] : [`${path}: ${JSON.stringify(part)} and ${JSON.stringify(whole)}`]
}

interface DaemonSet {
	readonly spec: {
		readonly template: {
			readonly spec: {
				readonly containers: readonly {
					readonly args: readonly string[]
					readonly volumeMounts: readonly {readonly name: string}[]
				}[]
				readonly volumes: readonly {readonly name: string}[]
			}
		}
	}
}

describe('the chart', () => {
	const daemonSet = chart('templates/daemonset.yaml')

	it('has the version of the program', () => {
		const {version} = JSON.parse(read('package.json')) as {version: string}
		expect(parse(chart('Chart.yaml'))).to.include({version, appVersion: version})
	})

	it('gives the rights that the manifest gives', () => {
		const role = parse(chart('templates/clusterrole.yaml')) as Manifest
		expect(role).to.deep.equal(manifest('ClusterRole'))
	})

	it('says of account, binding and pods what the manifest says', () => {
		for (const [file, kind] of [
			['serviceaccount', 'ServiceAccount'],
			['clusterrolebinding', 'ClusterRoleBinding'],
			['daemonset', 'DaemonSet'],
		] as const) {
			const template = chart(`templates/${file}.yaml`).replace(BLOCK_OF_KUBE_PROXY, '')
			expect(unlike(plain(template), manifest(kind)), file).to.deep.equal([])
		}
	})

	it('ends each block that it begins', () => {
		for (const file of ['daemonset.yaml', 'configmap.yaml', 'NOTES.txt']) {
			const words = [...chart(`templates/${file}`).matchAll(/\{\{-? (if|with|range|end)\b/g)].map(match => match[1])
			const ends = words.filter(word => word === 'end').length
			expect(ends, file).to.equal(words.length - ends)
		}
	})

	it("mounts kube-proxy's configuration where it is read, with flags that exist", () => {
		const withBlocks = daemonSet.replace(BLOCK_OF_KUBE_PROXY, '$1').replace('{{ .Values.kubeProxyConfig.key }}', 'KEY')
		const {containers, volumes} = (plain(withBlocks) as DaemonSet).spec.template.spec
		const [{args, volumeMounts} = {args: [], volumeMounts: []}] = containers
		expect(volumeMounts.map(({name}) => name)).to.have.members(volumes.map(({name}) => name))
		expect(volumeMounts).to.deep.include({name: 'kube-proxy-config', mountPath: '/etc/kube-proxy', readOnly: true})
		expect(args).to.include.members(['--kube-proxy-config=/etc/kube-proxy/KEY', '--kubeconfig='])
		const known = createProgram()
			.commands.find(command => command.name() === args[0])
			?.options.map(({long}) => long)
		expect(known).to.include.members(args.slice(1).map(flag => flag.split('=')[0]))
	})

	it('has a schema for its values, and for each field of the configuration', () => {
		const schema = JSON.parse(chart('values.schema.json')) as {
			readonly properties: Readonly<Record<string, {readonly properties?: Data}>>
		}
		const {global: _, ...known} = schema.properties
		expect(Object.keys(known)).to.have.members(Object.keys(parse(chart('values.yaml')) as Data))
		expect(Object.keys(schema.properties.config?.properties ?? {})).to.have.members(Object.keys(CONFIG_SCHEMA.shape))
	})

	it('uses values that exist', () => {
		const values = parse(chart('values.yaml')) as Data
		const used = [...daemonSet.matchAll(/\.Values\.([\w.]+)/g)].map(match => match[1] ?? '')
		const valueAt = (path: string) => path.split('.').reduce<unknown>((data, key) => (data as Data)?.[key], values)
		expect(used.filter(path => valueAt(path) === undefined)).to.deep.equal([])
	})
})
