import {expect} from 'chai'
import {execa} from 'execa'
import {findTool, type Tool} from '../../charts/tools.ts'
import {cleanupPod, nodeOrigins} from '../../e2e/kind/manifests.ts'
import {kind} from '../../e2e/kind/provider.ts'
import type {Cluster} from '../../e2e/suite/cluster.ts'
import {deployment, SCRIPTS, service} from '../../e2e/suite/workload.ts'
import {problemsOf} from '../charts/schemas.ts'
import {type RecordedCall, RecordedTools} from '../support/recorded-tools.ts'

const [FIRST, SECOND, CONTROL_PLANE] = ['kube-lvs-e2e-worker', 'kube-lvs-e2e-worker2', 'kube-lvs-e2e-control-plane']

const workerObject = (name: string, number: number) => ({
	metadata: {name},
	status: {
		addresses: [
			{type: 'InternalIP', address: `172.18.0.${number}`},
			{type: 'InternalIP', address: `fc00:f853:ccd:e793::${number}`},
			{type: 'Hostname', address: name},
		],
	},
})

const podObject = (name: string, nodeName: string, number: number) => ({
	metadata: {name},
	spec: {nodeName},
	status: {
		podIPs: [{ip: `10.244.1.${number}`}, {ip: `fd00:244:0:1::${number}`}],
		conditions: [{type: 'Ready', status: 'True'}],
	},
})

const list = (...items: readonly object[]) => JSON.stringify({apiVersion: 'v1', kind: 'List', items})

/** The image on the network of a node. */
const BESIDE = `docker run --rm --user 0 --cap-add NET_ADMIN --network container:${FIRST}`

const ANSWERS = [
	['kubectl get nodes', list(workerObject(FIRST, 3), workerObject(SECOND, 2))],
	[
		'kubectl get pods --namespace demo --selector app=node ',
		list(podObject('node-x2x', SECOND, 7), podObject('node-x1x', FIRST, 8)),
	],
	[
		'kubectl get pods --namespace demo --selector app=web ',
		list(
			podObject('web-1', FIRST, 2),
			{...podObject('web-2', SECOND, 3), status: {podIPs: []}},
			{...podObject('web-3', SECOND, 4), metadata: {name: 'web-3', deletionTimestamp: '2026-01-01T00:00:00Z'}},
		),
	],
	[
		'kubectl get pods --namespace kube-system',
		list(...[FIRST, SECOND, CONTROL_PLANE].map((node, at) => podObject(`kube-lvs-${at}`, node, at))),
	],
	['kubectl get service web', JSON.stringify(service('web'))],
	['kubectl get events', list({reason: 'AddressInUse'})],
	['docker inspect', 'kindest/node:v1.35.0'],
	[`${BESIDE} --entrypoint kube-lvs`, '-A -t 10.96.0.10:80 -s rr\n-A -t 10.96.0.1:443 -s rr'],
	[`${BESIDE} --entrypoint sh kube-lvs:first -c ipset save`, 'create FOREIGN hash:ip'],
	[`docker exec ${FIRST} sh -c`, 'ipv4/ip_forward:1\n*nat\n-A POSTROUTING -j FOREIGN\nCOMMIT'],
	['docker exec kube-lvs-e2e-outside perl', 'an answer'],
] as const

/** Every part of the interface, once. */
const useAll = async (cluster: Cluster) => {
	await cluster.install()
	await cluster.apply(deployment({name: 'web', replicas: 2}), service('web'))
	await cluster.setLoadBalancer('web', ['203.0.113.5'])
	await cluster.rolledOut('web', 'asker')
	await cluster.drain(SECOND)
	await cluster.uncordon(SECOND)
	await cluster.administer(FIRST, 'ipset create FOREIGN hash:ip')
	await cluster.withoutApiServer(async () => {
		await cluster.at('outside').exec('perl', ['probe.pl'], {input: 'targets'})
	})
	await cluster.at({pod: 'web-1'}).exec('cat', ['/proc/net/tcp'])
	const load = cluster.at({node: FIRST}).spawn('perl', ['load.pl'])
	load.stdin.end('\n')
	await load
	await cluster.upgrade('next')
	await cluster.remove('Service', 'web', 'late')
	await cluster.uninstall()
}

const USED = `
helm upgrade --install kube-lvs CHART --namespace kube-system --set image.repository=kube-lvs --set image.tag=first --set apiServers={https://kube-lvs-e2e-control-plane:6443} --set config.clusterCIDR={10.244.0.0/16,fd00:244::/56} --set nodes=all
kubectl rollout status daemonset/kube-lvs --namespace kube-system --timeout 5m
kubectl apply --filename -
kubectl patch service web --namespace demo --subresource status --type merge --patch {"status":{"loadBalancer":{"ingress":[{"ip":"203.0.113.5"}]}}}
kubectl rollout status deployment/web --namespace demo --timeout 5m
kubectl rollout status deployment/asker --namespace demo --timeout 5m
kubectl drain kube-lvs-e2e-worker2 --ignore-daemonsets --delete-emptydir-data --timeout 5m
kubectl uncordon kube-lvs-e2e-worker2
docker run --rm --interactive --user 0 --cap-add NET_ADMIN --network container:kube-lvs-e2e-worker --entrypoint sh kube-lvs:first -e
docker pause kube-lvs-e2e-control-plane
docker exec --interactive kube-lvs-e2e-outside perl probe.pl
docker unpause kube-lvs-e2e-control-plane
kubectl exec --namespace demo web-1 -- cat /proc/net/tcp
kubectl exec --namespace demo --stdin node-x1x -- perl load.pl
helm upgrade --install kube-lvs CHART --namespace kube-system --set image.repository=kube-lvs --set image.tag=next --set apiServers={https://kube-lvs-e2e-control-plane:6443} --set config.clusterCIDR={10.244.0.0/16,fd00:244::/56} --set nodes=all
kubectl rollout status daemonset/kube-lvs --namespace kube-system --timeout 5m
kubectl delete Service web late --namespace demo --ignore-not-found
helm uninstall kube-lvs --namespace kube-system
kubectl wait pod --for delete --namespace kube-system --selector app.kubernetes.io/name=kube-lvs --timeout 5m
kubectl apply --filename -
kubectl wait pod/cleanup-kube-lvs-e2e-worker --namespace demo --for jsonpath={.status.phase}=Succeeded --timeout 2m
kubectl apply --filename -
kubectl wait pod/cleanup-kube-lvs-e2e-worker2 --namespace demo --for jsonpath={.status.phase}=Succeeded --timeout 2m
kubectl apply --filename -
kubectl wait pod/cleanup-kube-lvs-e2e-control-plane --namespace demo --for jsonpath={.status.phase}=Succeeded --timeout 2m
`.trim()

const MADE = `
docker build --tag kube-lvs:first --tag kube-lvs:next ROOT
kind create cluster --name kube-lvs-e2e --config FOLDER/kind.json --kubeconfig FOLDER/kubeconfig --wait 5m
kind load docker-image --name kube-lvs-e2e kube-lvs:first kube-lvs:next
kubectl wait node --all --for condition=Ready --timeout 5m
kubectl get nodes --selector !node-role.kubernetes.io/control-plane --output json
docker run --detach --name kube-lvs-e2e-outside --network kind --volume SCRIPTS:SCRIPTS:ro debian:12-slim sleep infinity
docker inspect --format {{.Config.Image}} kube-lvs-e2e-control-plane
docker run --rm --interactive --network container:kube-lvs-e2e-outside --cap-add NET_ADMIN --entrypoint ip kindest/node:v1.35.0 -batch -
kubectl create namespace demo
kubectl apply --filename -
kubectl rollout status daemonset/node --namespace demo --timeout 5m
kubectl get pods --namespace demo --selector app=node --output json
`.trim()

const TAKEN_OVER = `
helm upgrade --install kube-lvs CHART --namespace kube-system --set image.repository=kube-lvs --set image.tag=first --set apiServers={https://kube-lvs-e2e-control-plane:6443} --set config.clusterCIDR={10.244.0.0/16,fd00:244::/56} --set kubeProxyConfig.configMap=kube-proxy
kubectl patch daemonset kube-proxy --namespace kube-system --patch {"spec":{"template":{"spec":{"affinity":{"nodeAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":{"nodeSelectorTerms":[{"matchExpressions":[{"key":"kube-lvs.io/serve","operator":"DoesNotExist"}]}]}}}}}}}
kubectl rollout status daemonset/kube-proxy --namespace kube-system --timeout 5m
kubectl label node kube-lvs-e2e-worker kube-lvs.io/serve=true
kubectl get pods --namespace kube-system --selector app.kubernetes.io/name=kube-lvs --output json
kubectl label node kube-lvs-e2e-worker2 kube-lvs.io/serve=true
kubectl get pods --namespace kube-system --selector app.kubernetes.io/name=kube-lvs --output json
kubectl label node kube-lvs-e2e-control-plane kube-lvs.io/serve=true
kubectl get pods --namespace kube-system --selector app.kubernetes.io/name=kube-lvs --output json
`.trim()

const DESTROYED = `
docker rm --force kube-lvs-e2e-outside
kind delete cluster --name kube-lvs-e2e --kubeconfig FOLDER/kubeconfig
`.trim()

const ROOT = SCRIPTS.replace(/\/e2e\/topology$/, '')

/** As a line, with names in place of what differs from run to run. */
const lineOf = ({program, args}: RecordedCall): string =>
	[program, ...args]
		.join(' ')
		.replace(/\S*\/kube-lvs-kind-[^/ ]*/g, 'FOLDER')
		.replaceAll(SCRIPTS, 'SCRIPTS')
		.replace(`${ROOT}/charts/kube-lvs`, 'CHART')
		.replace(new RegExp(` ${RegExp.escape(ROOT)}/?$`), ' ROOT')

describe('clusters of kind', () => {
	let tools: RecordedTools
	let cluster: Cluster

	/** The lines of the calls that this makes. */
	const callsOf = async (act: () => Promise<unknown>): Promise<readonly RecordedCall[]> => {
		const before = (await tools.calls()).length
		await act()
		return (await tools.calls()).slice(before)
	}
	const linesOf = async (act: () => Promise<unknown>) => (await callsOf(act)).map(lineOf).join('\n')

	before(async () => {
		tools = await RecordedTools.install(['docker', 'kind', 'kubectl', 'helm'], ANSWERS)
		cluster = await kind.create('none')
	})

	after(() => tools.remove())

	it('are made of an image, two workers, a client outside with routes, and a pod on each node', async () => {
		const calls = await tools.calls()
		expect(calls.map(lineOf).join('\n')).to.equal(MADE)
		expect(calls.find(({args}) => args.includes('-batch'))?.stdin).to.equal(
			[
				'route add 10.96.0.0/16 via 172.18.0.3',
				'route add fd00:96::/112 via fc00:f853:ccd:e793::3',
				'route add 203.0.113.0/24 via 172.18.0.3',
				'route add 2001:db8:f::/64 via fc00:f853:ccd:e793::3',
			].join('\n'),
		)
		expect(cluster.nodes[0]).to.deep.equal({
			name: FIRST,
			addresses: {ipv4: '172.18.0.3', ipv6: 'fc00:f853:ccd:e793::3'},
		})
	})

	it('are used through kubectl, helm and docker', async () => {
		const calls = await callsOf(() => useAll(cluster))
		expect(calls.map(lineOf).join('\n')).to.equal(USED)
		expect(calls.find(({args}) => args.includes('perl'))?.stdin).to.equal('targets')
		const [applied] = calls.filter(({args}) => args[0] === 'apply')
		expect(JSON.parse(applied?.stdin ?? '').items).to.have.lengthOf(2)
	})

	it('tell what is in them', async () => {
		const addresses = (number: number) => ({ipv4: `10.244.1.${number}`, ipv6: `fd00:244:0:1::${number}`})
		expect(await cluster.pods('web')).to.deep.equal([
			{name: 'web-1', node: FIRST, addresses: addresses(2), isReady: true, isTerminating: false},
			{name: 'web-3', node: SECOND, addresses: addresses(4), isReady: true, isTerminating: true},
		])
		expect(await cluster.service('web')).to.deep.equal(service('web'))
		expect(await cluster.events('late')).to.deep.equal(['AddressInUse'])
		expect((await cluster.at('outside').exec('perl')).stdout).to.equal('an answer')
		expect(await cluster.state(FIRST)).to.deep.equal([
			'-A -t 10.96.0.10:80 -s rr',
			'-A -t 10.96.0.1:443 -s rr',
			'create FOREIGN hash:ip',
			'ipv4/ip_forward:1',
			...['*nat', '-A POSTROUTING -j FOREIGN', 'COMMIT'],
		])
	})

	it('are taken over from kube-proxy node by node', async () => {
		expect(await linesOf(() => cluster.takeOver())).to.equal(TAKEN_OVER)
	})

	it('take these objects', () => {
		const objects = [
			deployment({name: 'web', replicas: 2}),
			deployment({name: 'asker', replicas: 1, node: FIRST}),
			service('web', {nodePort: 30080, spec: {type: 'LoadBalancer', externalIPs: ['203.0.113.7']}}),
			nodeOrigins(),
			cleanupPod(FIRST, 'kube-lvs:first'),
		]
		expect(objects.flatMap(object => problemsOf({apiVersion: '', ...object}))).to.deep.equal([])
	})

	describe('with the real tools, as far as they go without a cluster', () => {
		const NOBODY = 'http://127.0.0.1:9'

		/** Flags and arguments are looked at before anybody is asked. */
		const runReal = async (tool: Tool, {args, stdin}: Omit<RecordedCall, 'program'>, ...server: readonly string[]) => {
			const path = await findTool(tool)
			return execa(path, [...server, ...args], {reject: false, input: stdin, env: {KUBECONFIG: '/dev/null'}})
		}
		const callsTo = (tool: Tool) =>
			new Map(calls.filter(({program}) => program === tool).map(call => [lineOf(call), call]))

		let calls: readonly RecordedCall[]

		before(async () => {
			calls = await tools.calls()
			await tools.remove()
		})

		after(async () => {
			tools = await RecordedTools.install(['docker', 'kind'], [])
		})

		it('kubectl understands each command, and fails for want of a server alone', async () => {
			const lines = callsTo('kubectl')
			expect(lines.size).to.be.above(20)
			await Promise.all(
				[...lines].map(async ([line, call]) => {
					const {stderr} = await runReal('kubectl', call, '--server', NOBODY)
					expect(stderr, line).to.match(/connection( to the server \S+ was)? refused/)
				}),
			)
		})

		it('helm understands each command, and renders the chart with these values', async () => {
			for (const [line, call] of callsTo('helm')) {
				const {args, stdin} = call
				const {stderr} = await runReal('helm', call, '--kube-apiserver', NOBODY)
				expect(stderr, line).to.match(/cluster unreachable|connection refused/)
				if (args[0] === 'upgrade') {
					const {stdout, stderr} = await runReal('helm', {args: ['template', ...args.slice(2)], stdin})
					expect(stderr, line).to.equal('')
					expect(stdout).to.include('https://kube-lvs-e2e-control-plane:6443')
				}
			}
		})
	})

	it('are removed with the client outside, and leave their logs where they are asked to', async () => {
		expect(await linesOf(() => cluster.destroy())).to.equal(DESTROYED)
		process.env.KIND_LOGS = '/logs'
		const withLogs = await linesOf(() => cluster.destroy())
		delete process.env.KIND_LOGS
		expect(withLogs).to.equal(`kind export logs --name kube-lvs-e2e /logs/none\n${DESTROYED}`)
	})
})
