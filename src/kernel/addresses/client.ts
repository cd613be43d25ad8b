import type {Clock} from '../../clock.ts'
import {type Address, familyOf} from '../../net/address.ts'
import type {Operation} from '../../plan/operation.ts'
import {type Binding, VIP_DEVICE} from '../../state/addresses.ts'
import type {ActualState} from '../../state/node-state.ts'
import {type SteeringPart, steeringKey} from '../../state/steering.ts'
import type {Doors} from '../doors.ts'
import {type MessageResult, sendInBatches} from '../netlink/batch.ts'
import {NETLINK_ROUTE} from '../netlink/constants.ts'
import {pickFromDump} from '../netlink/dump.ts'
import {NetlinkError} from '../netlink/netlink-error.ts'
import {Sequence} from '../netlink/sequence.ts'
import type {Encoded} from '../netlink/template.ts'
import * as k from './constants.ts'
import {decodeGateways, decodeLink, decodeLinkAddress, decodeLocalRoute, type Link} from './decode.ts'
import {enableIPv6} from './enable-ipv6.ts'
import {encodeCreateDevice, encodeDevice, encodeDump, VipEncoder} from './encode.ts'
import {type AddressChange, AddressWatch} from './notices.ts'
import {decodeSteeringRoute, decodeSteeringRule, encodeSteering} from './steering.ts'

type DeviceOperation = Extract<
	Operation,
	{readonly kind: 'create-device' | 'delete-device' | 'bind-vip' | 'unbind-vip'}
>

type SteeringOperation = Extract<Operation, {readonly kind: 'create-steering' | 'delete-steering'}>

export type AddressOperation = DeviceOperation | SteeringOperation

/** What rtnetlink tells. */
export type AddressState = Pick<ActualState, 'hasDevice' | 'bindings' | 'steering' | 'hostAddresses' | 'gateways'>

/** errno for an operation on a device that is not there, and for an address that is not on it. */
const ENODEV = 19
const EADDRNOTAVAIL = 99

/** The dummy device, its addresses and the local routes through it, and what steers marked packets, over rtnetlink. */
export class AddressClient {
	readonly #doors: Doors
	readonly #sequence = new Sequence()

	constructor(doors: Doors) {
		this.#doors = doors
	}

	async read(): Promise<AddressState> {
		const device = await this.#findDevice()
		const bindings = new Map<Address, Binding>()
		const gateways = new Set<Address>()
		const parts = await this.#readRules()
		for (const route of await this.#dump(k.RTM_GETROUTE, 12, payload => decodeRoute(payload, device))) {
			if (typeof route === 'string') {
				bindings.set(route, 'route')
				continue
			}
			for (const gateway of route.hops) {
				gateways.add(gateway)
			}
			parts.push(...route.steering)
		}
		const hostAddresses = new Set<Address>()
		for (const {index, address, isNarrow} of await this.#dump(k.RTM_GETADDR, 8, decodeLinkAddress)) {
			if (!isNarrow) {
				index === device?.index ? bindings.set(address, 'address') : hostAddresses.add(address)
			}
		}
		const steering = new Map(parts.map(part => [steeringKey(part), part]))
		return {hasDevice: device !== undefined, bindings, steering, hostAddresses, gateways}
	}

	/** None where the kernel has no policy rules. */
	async #readRules(): Promise<SteeringPart[]> {
		try {
			return [...(await this.#dump(k.RTM_GETRULE, 12, decodeSteeringRule))]
		} catch (error) {
			if (error instanceof NetlinkError && error.code === 'ENOTSUP') {
				return []
			}
			throw error
		}
	}

	/** In the order given; the results are in the same order. */
	async apply(operations: readonly AddressOperation[]): Promise<readonly MessageResult[]> {
		const results: (readonly MessageResult[])[] = []
		for (let at = 0; at < operations.length; ) {
			const steering = leading(operations, at, isSteering)
			const device = leadingDevice(operations, at)
			results.push(await (steering.length > 0 ? this.#steer(steering) : this.#applyRun(device)))
			at += Math.max(steering.length, device.length)
		}
		return results.flat()
	}

	#steer(operations: readonly SteeringOperation[]): Promise<readonly MessageResult[]> {
		return this.#send(
			operations.map(({kind, part}) => encodeSteering(kind === 'create-steering' ? 'create' : 'delete', part)),
		)
	}

	/** The device's index is not known before it is made. */
	async #applyRun(run: readonly DeviceOperation[]): Promise<readonly MessageResult[]> {
		if (run[0]?.kind === 'create-device') {
			return this.#send([encodeCreateDevice()])
		}
		const device = await this.#findDevice()
		if (!device) {
			return run.map(() => ENODEV)
		}
		if (!device.isUp && run.some(operation => operation.kind === 'bind-vip' && operation.binding === 'route')) {
			// The kernel takes no route through a device that is down.
			await this.#send([encodeDevice('raise', device.index)])
		}
		if (run.some(operation => operation.kind === 'bind-vip' && familyOf(operation.address) === 'ipv6')) {
			await enableIPv6(this.#doors.files)
		}
		const encoder = new VipEncoder(device.index)
		const results = await this.#send(run.map(operation => encodeOperation(encoder, device, operation)))
		return this.#unbindWide(run, results, device, encoder)
	}

	/** Others bind addresses with a shorter prefix, and the kernel deletes one under its own prefix length only. */
	async #unbindWide(
		run: readonly DeviceOperation[],
		results: readonly MessageResult[],
		device: Link,
		encoder: VipEncoder,
	): Promise<readonly MessageResult[]> {
		const refused = new Set<string>()
		for (const [at, operation] of run.entries()) {
			if (operation.kind === 'unbind-vip' && results[at] === EADDRNOTAVAIL) {
				refused.add(operation.address)
			}
		}
		if (refused.size === 0) {
			return results
		}
		const wide = (await this.#dump(k.RTM_GETADDR, 8, decodeLinkAddress)).filter(
			({index, address}) => index === device.index && refused.has(address),
		)
		const again = wide.map(found => encoder.address('delete', found.address, found.prefixLength))
		const answers = new Map((await this.#send(again)).map((answer, at) => [wide[at]?.address, answer]))
		return run.map(
			(operation, at) =>
				(operation.kind === 'unbind-vip' ? answers.get(operation.address) : undefined) ?? results[at] ?? 0,
		)
	}

	/**
	 * Calls back soon after somebody changed addresses or interfaces. Resolves with what ends it; rejects where this
	 * process can have no notices.
	 */
	async watch(clock: Clock, onChange: (change: AddressChange) => void): Promise<() => void> {
		const watch = new AddressWatch(this.#doors.netlink, clock, onChange)
		await watch.start(() => this.#readLinks())
		return () => watch.stop()
	}

	#send(messages: readonly Encoded[]): Promise<readonly MessageResult[]> {
		return sendInBatches(this.#doors.netlink, NETLINK_ROUTE, messages, this.#sequence)
	}

	/** What `decode` makes of each message, undefined left out; while the dump is under way, which may be a long one. */
	#dump<Value>(
		type: number,
		headerSize: number,
		decode: (payload: Uint8Array) => Value | undefined,
	): Promise<readonly Value[]> {
		const line = {door: this.#doors.netlink, protocol: NETLINK_ROUTE, sequence: this.#sequence} as const
		return pickFromDump(line, encodeDump(type, new Uint8Array(headerSize)), ({payload}) => decode(payload))
	}

	async #findDevice(): Promise<Link | undefined> {
		return (await this.#readLinks()).find(({name}) => name === VIP_DEVICE)
	}

	async #readLinks(): Promise<readonly Link[]> {
		return this.#dump(k.RTM_GETLINK, 16, decodeLink)
	}
}

const isSteering = (operation: AddressOperation): operation is SteeringOperation => 'part' in operation

const isOfDevice = (operation: AddressOperation): operation is DeviceOperation => !isSteering(operation)

/** The longest run from `at` of operations of one type. */
const leading = <Type extends AddressOperation>(
	operations: readonly AddressOperation[],
	at: number,
	isIt: (operation: AddressOperation) => operation is Type,
): readonly Type[] => {
	const rest = operations.slice(at)
	const end = rest.findIndex(operation => !isIt(operation))
	return rest.slice(0, end < 0 ? rest.length : end).filter(isIt)
}

/** The longest run from `at` that needs no new look at the device. */
const leadingDevice = (operations: readonly AddressOperation[], at: number): readonly DeviceOperation[] => {
	const rest = leading(operations, at, isOfDevice)
	const end = rest.findIndex(({kind}) => kind === 'create-device')
	return end < 0 ? rest : rest.slice(0, Math.max(end, 1))
}

const encodeOperation = (encoder: VipEncoder, device: Link, operation: DeviceOperation): Encoded => {
	switch (operation.kind) {
		case 'create-device':
			return encodeCreateDevice()
		case 'delete-device':
			return encodeDevice('delete', device.index)
		case 'bind-vip':
		case 'unbind-vip': {
			const change = operation.kind === 'bind-vip' ? 'add' : 'delete'
			return operation.binding === 'address'
				? encoder.address(change, operation.address)
				: encoder.route(change, operation.address)
		}
		default:
			return operation satisfies never
	}
}

/** What of a route that binds no VIP is of use. */
interface Route {
	readonly hops: readonly Address[]
	readonly steering: readonly SteeringPart[]
}

/** For most of them, which bind VIPs to the device, the address alone; undefined for other local ones. */
const decodeRoute = (payload: Uint8Array, device: Link | undefined): Address | Route | undefined => {
	const local = decodeLocalRoute(payload)
	if (local) {
		return local.index === device?.index && !local.isByKernel ? local.address : undefined
	}
	const steering = decodeSteeringRoute(payload)
	return {hops: decodeGateways(payload), steering: steering ? [steering] : []}
}
