/** `node bench/data-plane/measure.ts FILE`, in a test kernel: all that docs/data-plane.md shows, as JSON. */
import {readdir, readFile, writeFile} from 'node:fs/promises'
import {execa} from 'execa'
import {describeMachine} from '../machine.ts'
import {untilIdle} from '../until-idle.ts'
import {Plane} from './plane.ts'
import type {DataPlane, Measured, Round, Setting} from './result.ts'
import {rulesMet} from './rules.ts'

const [FEW, MANY] = [10, 10_000]
const IDLE = 50_000
const LARGER_TABLE = 20
const ROUNDS = 10
const CONNECT_MS = 500
const SEND_MS = 1000
/** The kernel adds its counters up every two seconds: each round has one such moment. */
const ESTIMATION_MS = 2500
/** A connection that was reset is forgotten after ten seconds. */
const FORGET_MS = 11_000

interface Case {
	readonly plane: Plane
	readonly setting: Setting
	readonly rounds: Round[]
}

/** All cases in turns, so that a machine that gets slower or faster does so for all; every other round backwards. */
const inTurns = async (cases: readonly Case[], connectMs: number, sendMs: number, count = ROUNDS) => {
	for (let round = 0; round < count; round++) {
		for (const {plane, setting, rounds} of round % 2 === 0 ? cases : cases.toReversed()) {
			await plane.set(setting)
			rounds.push(await plane.measure(connectMs, sendMs))
		}
	}
	return cases.map(({setting, rounds}) => ({setting, rounds}))
}

const tableBits = async (): Promise<number> =>
	Number(await readFile('/sys/module/ip_vs/parameters/conn_tab_bits', 'utf8'))

const caseOf = async (plane: Plane, setting: Partial<Setting> = {}): Promise<Case> => ({
	plane,
	setting: {
		services: plane.services,
		conntrack: 1,
		estimation: 1,
		idle: 0,
		tableBits: await tableBits(),
		...setting,
	},
	rounds: [],
})

const measureRules = async (plane: Plane) => {
	const before = await plane.rules()
	await plane.measure(0, 0)
	return {services: plane.services, ...rulesMet(before, await plane.rules())}
}

/** A node for each: what a kernel tracks from before its setting was changed is not what it makes afterwards. */
const measureSizes = async (): Promise<Pick<DataPlane, 'rules' | 'sizes'>> => {
	const cases: Case[] = []
	for (const conntrack of [1, 0] as const) {
		for (const services of [FEW, MANY]) {
			const plane = await Plane.open(`size-${services}-${conntrack}`, services)
			cases.push(await caseOf(plane, {conntrack}))
		}
	}
	await untilIdle()
	const rules = []
	for (const {plane, setting} of cases.filter(({setting: {conntrack}}) => conntrack === 1)) {
		await plane.set(setting)
		rules.push(await measureRules(plane))
	}
	const sizes = await inTurns(cases, CONNECT_MS, SEND_MS)
	await closeAll(cases)
	return {rules, sizes}
}

const measureEstimation = async (): Promise<readonly Measured[]> => {
	const cases: Case[] = []
	for (const services of [FEW, MANY]) {
		const plane = await Plane.open(`estimation-${services}`, services)
		cases.push(await caseOf(plane, {estimation: 1}), await caseOf(plane, {estimation: 0}))
	}
	await untilIdle()
	const measured = await inTurns(cases, ESTIMATION_MS, 0)
	await closeAll(cases)
	return measured
}

const closeAll = async (cases: readonly Case[]): Promise<void> => {
	for (const plane of new Set(cases.map(({plane}) => plane))) {
		await plane.destroy()
	}
	await untilIdle()
}

/** Before, with and after the idle connections; before and after are one. */
const measureTable = async (): Promise<readonly Measured[]> => {
	const plane = await Plane.open('table', FEW)
	const [none, some] = [await caseOf(plane), await caseOf(plane, {idle: IDLE})]
	await inTurns([none], CONNECT_MS, SEND_MS, ROUNDS / 2)
	const release = await plane.hold(IDLE)
	if ((await plane.connections()) < IDLE) {
		throw new Error('the kernel does not know all connections that were opened')
	}
	await inTurns([some], CONNECT_MS, SEND_MS)
	await release()
	await new Promise(resolve => setTimeout(resolve, FORGET_MS))
	await inTurns([none], CONNECT_MS, SEND_MS, ROUNDS / 2)
	await closeAll([none])
	return [none, some].map(({setting, rounds}) => ({setting, rounds}))
}

/** Only where the kernel is nobody else's. */
const reloadWith = async (bits: number): Promise<void> => {
	await execa('rmmod', [...(await readdir('/sys/module/ip_vs/holders')), 'ip_vs'])
	await execa('modprobe', ['ip_vs', `conn_tab_bits=${bits}`])
}

const [file = ''] = process.argv.slice(2)
const say = (text: string) => process.stderr.write(`${text} ...\n`)
say('numbers of Services')
const sizes = await measureSizes()
say('with and without estimation')
const estimation = await measureEstimation()
say('idle connections')
const table = [...(await measureTable())]
if (process.env.KUBE_LVS_KERNEL === 'uml') {
	say('idle connections in a larger table')
	await reloadWith(LARGER_TABLE)
	table.push(...(await measureTable()))
}
await writeFile(file, JSON.stringify({machine: describeMachine(), ...sizes, estimation, table}))
