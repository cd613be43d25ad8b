/** Opens the doors and does through them what its parent asks: `confined-doors.ts`. */
import {systemClock} from '../../src/clock.ts'
import {openSystemDoors} from '../../src/kernel/system-doors.ts'
import type {Answer, Call} from './confined-doors.ts'

const doors = openSystemDoors(systemClock)
const say = (answer: Answer) => process.send?.(answer)

const carryOut = async ({id, call}: Call): Promise<unknown> => {
	switch (call.kind) {
		case 'exchange':
			return doors.netlink.exchange(call.protocol, call.datagram, call.lastSequence, bytes =>
				say({id, kind: 'reply', bytes: bytes.slice()}),
			)
		case 'room':
			return doors.netlink.room?.(call.protocol)
		case 'run':
			return doors.exec.run(call.program, call.args, call.stdin)
		case 'read':
			return doors.files.read(call.path)
		case 'pieces':
			return Array.fromAsync(doors.files.pieces(call.path))
		case 'write':
			return doors.files.write(call.path, call.text)
		default:
			return call satisfies never
	}
}

process.on('message', (call: Call) => {
	carryOut(call).then(
		value => say({id: call.id, kind: 'done', value}),
		({name, message, code}) => say({id: call.id, kind: 'failed', name, message, code}),
	)
})
process.on('disconnect', () => process.exit())
