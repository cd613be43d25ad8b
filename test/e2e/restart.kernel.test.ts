import {access, mkdtemp, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {expect} from 'chai'
import {readNodeState} from '../../e2e/scenario/node-state.ts'
import {serviceObject, sliceObjects} from '../../e2e/scenario/objects.ts'
import {createServedTopology, type ServedTopology} from '../../e2e/scenario/served-topology.ts'
import {eventually} from '../support/eventually.ts'

/**
 * When a first sync is killed, in the words of `DEADLY`: it counts calls of the programs that read and restore rules.
 * Sets are created before those are restored, and get their members, then virtual servers, behind that.
 */
const MOMENTS = {
	'before it writes anything': 'before save 1',
	'when it has created sets': 'before restore 1',
	'between the rules of the two families': 'after restore 1',
	'among members of sets': 'members restore 2',
	'among virtual servers, real servers and VIPs': 'servers restore 2',
}

const RULE_PROGRAMS = ['iptables', 'ip6tables'].flatMap(name =>
	['legacy', 'nft'].flatMap(variant => [`${name}-${variant}-save`, `${name}-${variant}-restore`]),
)

/** Stands in for a program: says that it is called, and waits for as long as there is a file. */
const PATIENT = `#!/bin/sh
PATH=\${PATH#*:}
touch "$HOLD.reached"
while [ -e "$HOLD" ]; do sleep 0.05; done
exec "\${0##*/}" "$@"
`

/** Stands in for a program: does what that is called to do, and kills the caller, which calls by way of a shell. */
const DEADLY = `#!/bin/sh
PATH=\${PATH#*:}
read -r _ _ _ CALLER _ </proc/$PPID/stat
program=\${0##*/}
verb=\${program##*-}
echo "$program $*" >>"$CALLS.$verb"
now="$verb $(wc -l <"$CALLS.$verb")"
if [ "$MOMENT" = "before $now" ]; then kill -9 $CALLER; exit 1; fi
"$program" "$@"
code=$?
if [ "$MOMENT" = "after $now" ]; then kill -9 $CALLER; fi
if [ "$MOMENT" = "members $now" ]; then
	(until ipset list -t KUBE-CLUSTER-IP | grep -q 'entries: [1-9]'; do :; done; kill -9 $CALLER) >/dev/null 2>&1 &
fi
if [ "$MOMENT" = "servers $now" ]; then
	(until grep -q '^TCP' /proc/net/ip_vs; do :; done; kill -9 $CALLER) >/dev/null 2>&1 &
fi
exit $code
`

describe('a restart', function () {
	this.timeout(300_000)
	let served: ServedTopology
	let expected: readonly string[]

	const state = () => readNodeState(served.topology, served.topology.node('n1'))

	before(async () => {
		served = await createServedTopology('restart')
		const {objects, topology} = served
		for (let number = 1; number <= 20; number++) {
			const name = `s${number}`
			const nodePort = number <= 5 ? 30000 + number : 0
			await objects.apply(serviceObject({name, number, nodePort}), ...sliceObjects(name, topology.pods))
		}
		const first = await served.kubeLvs.start()
		expect(first.operations).to.be.above(500)
		expected = await state()
	})

	after(() => served?.destroy())

	it('with nothing changed plans and writes nothing', async () => {
		await served.kubeLvs.stop()
		const {stdout, exitCode} = await served.kubeLvs.command('plan')
		expect({stdout, exitCode}).to.deep.equal({stdout: '0 operations', exitCode: 0})
		expect(await served.kubeLvs.start()).to.include({operations: 0, failures: 0})
		expect(await state()).to.deep.equal(expected)
	})

	describe('after a signal during a sync', () => {
		let folder: string
		let hold: string

		beforeEach(async () => {
			const {kubeLvs} = served
			await kubeLvs.stop()
			const cleanup = await kubeLvs.command('cleanup')
			expect(cleanup.exitCode, cleanup.stderr).to.equal(0)
			folder = await mkdtemp(join(tmpdir(), 'kube-lvs-patient-'))
			hold = join(folder, 'hold')
			for (const program of RULE_PROGRAMS.filter(name => name.endsWith('-restore'))) {
				await writeFile(join(folder, program), PATIENT, {mode: 0o755})
			}
			await writeFile(hold, '')
			kubeLvs.launch({env: {PATH: `${folder}:${process.env.PATH}`, HOLD: hold}, writable: [folder]})
			await eventually(() => access(`${hold}.reached`), 60_000, 100)
			kubeLvs.signal('SIGTERM')
			await eventually(async () => expect((await probe('/readyz')).reasons[0]).to.equal('it is ending'))
		})

		afterEach(() => rm(folder, {recursive: true}))

		const probe = async (path: string) => {
			const {topology} = served
			const {stdout} = await topology.exec(topology.node('n1'), 'curl', ['-s', `http://127.0.0.1:10256${path}`])
			return JSON.parse(stdout)
		}

		it('that sync has come to its end, and kube-lvs was alive and not ready until then', async () => {
			expect(await probe('/livez')).to.include({healthy: true})
			await rm(hold)
			expect(await served.kubeLvs.ended()).to.equal(0)
			expect(await state()).to.deep.equal(expected)
		})

		it('and a second one it ends at once, and the next process finishes the work', async () => {
			// One that comes sooner is taken for the first.
			await new Promise(resolve => setTimeout(resolve, 600))
			served.kubeLvs.signal('SIGTERM')
			expect(await served.kubeLvs.ended()).to.equal(143)
			await access(hold)
			await rm(hold)
			await served.kubeLvs.start()
			expect(await state()).to.deep.equal(expected)
		})
	})

	describe('after kill -9', () => {
		let folder: string

		before(async () => {
			folder = await mkdtemp(join(tmpdir(), 'kube-lvs-deadly-'))
			for (const program of RULE_PROGRAMS) {
				await writeFile(join(folder, program), DEADLY, {mode: 0o755})
			}
		})

		after(() => rm(folder, {recursive: true}))

		for (const [title, moment] of Object.entries(MOMENTS)) {
			it(`of a first sync ${title} ends in the same kernel state`, async () => {
				const {kubeLvs} = served
				await kubeLvs.stop()
				const cleanup = await kubeLvs.command('cleanup')
				expect(cleanup.exitCode, cleanup.stderr).to.equal(0)
				const PATH = `${folder}:${process.env.PATH}`
				kubeLvs.launch({env: {PATH, MOMENT: moment, CALLS: join(folder, moment)}, writable: [folder]})
				expect(await kubeLvs.ended()).to.equal(undefined)
				await kubeLvs.start()
				expect(await state()).to.deep.equal(expected)
			})
		}
	})
})
