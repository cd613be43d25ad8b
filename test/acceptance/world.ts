import {parseConfig} from '../../src/config/parse.ts'
import {Controller} from '../../src/controller/controller.ts'
import {IpvsClient} from '../../src/kernel/ipvs/client.ts'
import {openKernel} from '../../src/kernel/kernel.ts'
import {FormerSettings} from '../../src/kernel/sysctl/former-settings.ts'
import {goneChange} from '../../src/kubernetes/decode-change.ts'
import {readManifestEntry} from '../../src/kubernetes/manifest-entry.ts'
import {OBJECT_KINDS, objectKey} from '../../src/model/object.ts'
import {formatProblem} from '../../src/model/problem.ts'
import type {Family} from '../../src/net/address.ts'
import {combineObservers} from '../../src/observe/combine-observers.ts'
import {createJournal} from '../../src/observe/journal/create-journal.ts'
import {type JournalEntry, parseEntry} from '../../src/observe/journal/journal-entry.ts'
import {readServiceTraffic} from '../../src/observe/metrics/read-service-traffic.ts'
import {MODERN_NODE, type NodeFacts} from '../../src/state/node-facts.ts'
import {NO_READINGS} from '../observe/metrics/readings.ts'
import {FakeKernel, type FakeKernelOptions} from '../support/fake-kernel/fake-kernel.ts'
import {FakeServers} from '../support/fake-servers.ts'
import {RecordingObserver} from '../support/recording-observer.ts'
import {type Call, failingDoors, isWrite, recordingDoors} from './doors.ts'
import {ManualClock, untilIdle} from './manual-clock.ts'
import {type KubernetesObject, node} from './objects.ts'
import {randomFrom, shuffled} from './random.ts'
import {createTelemetry, type Telemetry} from './telemetry.ts'
import {viewInside, viewRules, viewServers, viewSet, viewVips} from './view.ts'

type ConfigFields = Readonly<Record<string, unknown>>

/** What differs from the common setting of the acceptance table. */
export interface WorldSettings {
	/** Fields as in the configuration file. */
	readonly config?: ConfigFields
	readonly host?: FakeKernelOptions
	/** What this node can do, where it is not a modern one. */
	readonly facts?: Partial<NodeFacts>
}

/** Time passes only in `settled` and `advance`: nothing is slow, and nothing happens in between. */
const COMMON_CONFIG: ConfigFields = {
	nodeName: 'n1',
	clusterCIDR: ['10.244.0.0/16', 'fd00:244::/56'],
	minSyncInterval: '100ms',
	auditInterval: '1s',
	drainInterval: '1s',
}

/** With one call in ten failing, dozens are customary. */
const MOST_AUDITS = 2000

interface Running {
	readonly controller: Controller
	readonly stop: () => Promise<void>
}

/** Node `n1` with its kernel, the objects that it is told of, and a controller in between. */
export class World {
	/** For damage by hand, connections, flows and addresses. */
	readonly kernel: FakeKernel
	readonly clock = new ManualClock()
	readonly observer = new RecordingObserver()
	/** TCP servers that are open, and what they answer. */
	readonly http = new FakeServers()
	/** All that was written down of this node, whichever process did it. */
	readonly journal: JournalEntry[] = []
	#telemetry: Telemetry | undefined
	/** Undefined: nothing fails, and objects come in the order given. */
	readonly #random: (() => number) | undefined
	readonly #facts: NodeFacts
	readonly #objects = new Map<string, KubernetesObject>()
	readonly #calls: Call[] = []
	#config: ConfigFields
	#auditInterval = 0
	#running: Running | undefined
	#mark = 0

	constructor({config = {}, host = {}, facts = {}}: WorldSettings, seed: number | undefined) {
		this.kernel = new FakeKernel(host)
		this.#random = seed === undefined ? undefined : randomFrom(seed)
		this.#facts = {...MODERN_NODE, ...facts}
		this.#config = {...COMMON_CONFIG, ...config}
	}

	/** Nothing fails, so that calls may be counted and moments looked at. */
	get isQuiet(): boolean {
		return this.#random === undefined
	}

	/** Starts on a node where these objects exist, and node `n1` of the common setting unless it is among them. */
	given(...objects: readonly KubernetesObject[]): void {
		const others = objects.some(({kind}) => kind === 'Node') ? [] : [node()]
		this.start()
		this.change(...others, ...objects)
		this.synced()
	}

	/** Starts a controller that has heard of nothing yet. */
	start(): void {
		const {clock} = this
		const config = parseConfig('', this.#config)
		const telemetry = createTelemetry({
			config,
			families: this.#facts.families,
			clock,
			open: this.http.open,
			traffic: {
				total: async () => undefined,
				services: detail =>
					readServiceTraffic(
						new IpvsClient(this.kernel.doors),
						server => this.controller.readings.serviceOf(server),
						detail,
					),
			},
			readings: () => ({...NO_READINGS, ...this.controller.readings}),
		})
		this.#telemetry = telemetry
		// Another process knows nothing of what the one before it said.
		this.observer.problemsOf.clear()
		const journal = createJournal({
			clock,
			askers: () => controller.model,
			writer: {
				write: lines => void this.journal.push(...lines.flatMap(line => parseEntry(line) ?? [])),
				flush: async () => undefined,
			},
		})
		const observer = combineObservers([this.observer, telemetry.observer, journal.observer])
		this.#auditInterval = config.auditInterval
		const doors = this.#random ? failingDoors(this.kernel, this.#random) : this.kernel.doors
		const recording = recordingDoors(doors, call => this.#calls.push(call))
		const former = new FormerSettings(this.kernel.doors.files, config.runtimeDirectory)
		const kernel = openKernel(recording, this.#facts, this.kernel.iptables.variant, former)
		const controller = new Controller({kernel, config, clock, observer})
		const signal = new AbortController()
		const running = controller.run(signal.signal)
		this.#running = {
			controller,
			stop: async () => {
				signal.abort()
				await running
				telemetry.close()
				await journal.flush()
			},
		}
	}

	/** The first listing of these kinds is complete. */
	synced(...kinds: readonly (typeof OBJECT_KINDS)[number][]): void {
		for (const kind of kinds.length > 0 ? kinds : OBJECT_KINDS) {
			this.controller.synced(kind)
		}
	}

	/** The objects are made or are now like this; one after the other, in no fixed order. */
	change(...objects: readonly KubernetesObject[]): void {
		for (const object of this.#random ? shuffled(objects, this.#random) : objects) {
			this.#objects.set(idOf(object), object)
			this.#deliver(object)
		}
	}

	/** The objects are gone. */
	remove(...objects: readonly KubernetesObject[]): void {
		for (const object of objects) {
			this.#objects.delete(idOf(object))
			this.controller.change(goneChange(object.kind, keyOf(object)))
		}
	}

	/** Until two audits that began after this call have found nothing to do, and nothing else had to be done since. */
	async settled(): Promise<void> {
		const from = this.observer.syncs.length
		for (let audits = 0, calm = 0; calm < 2; audits++) {
			if (audits > MOST_AUDITS) {
				throw new Error(`does not settle: ${this.#lastTrouble()}`)
			}
			await this.advance(this.#auditInterval)
			const syncs = this.observer.syncs.slice(from)
			const lastAct = syncs.findLastIndex(({outcomes}) => outcomes.length > 0)
			calm = syncs.slice(lastAct + 1).filter(({kind}) => kind !== 'change').length
		}
	}

	/** Lets so many milliseconds pass, and all that happens in them; 0: all that is due now. */
	async advance(milliseconds: number): Promise<void> {
		await this.clock.advance(milliseconds)
	}

	/** A new process on the same kernel, with the same objects and perhaps other settings. */
	async restart(config: ConfigFields = {}): Promise<void> {
		await this.stop()
		this.#config = {...this.#config, ...config}
		this.start()
		this.change(...this.#objects.values())
		this.synced()
	}

	/** Ends the process as SIGTERM does. */
	async stop(): Promise<void> {
		const stopped = this.#running?.stop()
		this.#running = undefined
		await untilIdle()
		await stopped
		this.kernel.faults.clear()
	}

	get controller(): Controller {
		if (!this.#running) {
			throw new Error('begin with given()')
		}
		return this.#running.controller
	}

	/** Forgets the calls so far. */
	mark(): void {
		this.#mark = this.#calls.length
	}

	/** All that the kernel was asked since the mark, questions included. */
	calls(): readonly Call[] {
		return this.#calls.slice(this.#mark)
	}

	/** All that the kernel was told to change since the mark. */
	writes(): readonly Call[] {
		return this.calls().filter(isWrite)
	}

	readonly servers = () => viewServers(this.kernel)
	/** Real servers and weights of one virtual server; undefined when it is not there. */
	readonly realServers = (key: string) => this.servers()[key]?.realServers
	/** Real servers that clients inside the cluster reach through it. */
	readonly inside = (key: string) => viewInside(this.kernel, key)
	readonly vips = () => viewVips(this.kernel)
	readonly set = (name: string) => viewSet(this.kernel, name)
	readonly rules = (table: string, chain: string, family?: Family) => viewRules(this.kernel, table, chain, family)

	/** What could not be served as asked, a line each. */
	problems(): readonly string[] {
		return [...this.observer.garbledObjects, ...[...this.observer.problemsOf.values()].flat()].map(formatProblem)
	}

	/** Value of a metric of this process; undefined when it has none for these labels. */
	metric(name: string, labels: Readonly<Record<string, string>> = {}): Promise<number | undefined> {
		return this.telemetry.metric(name, labels)
	}

	/** What the running process tells load balancers, the kubelet and Prometheus. */
	get telemetry(): Telemetry {
		if (!this.#telemetry) {
			throw new Error('begin with given()')
		}
		return this.#telemetry
	}

	#lastTrouble(): string {
		const {syncs, failures} = this.observer
		const operations = syncs.at(-1)?.outcomes.map(({operation, error}) => `${operation.kind} ${error?.message ?? ''}`)
		return [...(operations ?? []), String(failures.at(-1))].slice(0, 5).join('; ')
	}

	/** As the API server would: what its selectors leave out is gone. */
	#deliver(object: KubernetesObject): void {
		const entry = readManifestEntry({json: object, line: 1}, 'row')
		if (entry && entry.type !== 'object') {
			this.controller.problem(entry.problem)
		} else {
			this.controller.change(entry?.change ?? goneChange(object.kind, keyOf(object)))
		}
	}
}

const keyOf = ({metadata}: KubernetesObject): string => objectKey(metadata.namespace ?? '', metadata.name)

const idOf = (object: KubernetesObject): string => `${object.kind} ${keyOf(object)}`
