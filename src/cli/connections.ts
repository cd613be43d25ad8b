import {access} from 'node:fs/promises'
import type {Config} from '../config/fields.ts'
import {systemFiles} from '../kernel/files.ts'
import {type Connection, parseConnections} from '../kernel/ipvs/connections.ts'
import {formatSocketAddress} from '../net/address.ts'
import type {SocketAddress} from '../net/socket-address.ts'
import {type ConnectionOptions, connectionFilter} from './connection-filter.ts'
import {Failure} from './failure.ts'
import {findRunning} from './find-running.ts'
import {type FindService, serviceFinder} from './find-service.ts'
import type {OutputFormat} from './output.ts'
import {type Columns, printStream, renderStream} from './print-stream.ts'
import {NO_IPVS} from './with-ipvs.ts'

const FILE = '/proc/net/ip_vs_conn'

/** A connection as it is printed. */
interface ConnectionStatus extends Pick<Connection, 'protocol' | 'state' | 'expiresSeconds' | 'engine'> {
	readonly client: string
	readonly virtual: string
	/** `namespace/name`; absent when it is not known. */
	readonly service?: string
	readonly endpoint: string
}

/** Prints the connections of this node that IPVS forwards, in the order of the kernel, however many there are. */
export const connections = async (
	config: Config,
	format: OutputFormat,
	options: ConnectionOptions,
): Promise<number> => {
	await access(FILE).catch(() => {
		throw new Failure(NO_IPVS)
	})
	const running = await findRunning(config)
	if (!running) {
		sayUnknown(options)
	}
	const findService = serviceFinder(running ?? {owners: {}})
	const fits = connectionFilter(options, findService)
	const found = describe(parseConnections(systemFiles.pieces(FILE)), fits, findService)
	await printStream(renderStream(format, 'connections', found, COLUMNS))
	return 0
}

const sayUnknown = ({service}: ConnectionOptions): void => {
	if (service !== undefined) {
		throw new Failure('kube-lvs does not run on this node; it alone knows the Services of connections')
	}
	process.stderr.write('kube-lvs does not run on this node: the Services of connections are not known\n')
}

async function* describe(
	lists: AsyncIterable<readonly Connection[]>,
	fits: (connection: Connection) => boolean,
	findService: FindService,
): AsyncGenerator<readonly ConnectionStatus[]> {
	for await (const list of lists) {
		yield list.filter(fits).map(connection => statusOf(connection, findService(connection)))
	}
}

const statusOf = (connection: Connection, service: string | undefined): ConnectionStatus => {
	const {protocol, client, virtual, realServer, state, expiresSeconds, engine} = connection
	return {
		protocol,
		client: formatSocket(client),
		virtual: formatSocket(virtual),
		...(service !== undefined && {service}),
		endpoint: formatSocket(realServer),
		state,
		expiresSeconds,
		...(engine && {engine}),
	}
}

const formatSocket = ({address, port}: SocketAddress): string => formatSocketAddress(address, port)

const COLUMNS: Columns<ConnectionStatus> = {
	header: ['PROTOCOL', 'CLIENT', 'VIRTUAL', 'SERVICE', 'ENDPOINT', 'STATE', 'EXPIRES'],
	rowOf: ({protocol, client, virtual, service, endpoint, state, expiresSeconds, engine}) => [
		protocol,
		client,
		virtual,
		service ?? '-',
		endpoint,
		state,
		[`${expiresSeconds}s`, ...(engine ? [engine.name, engine.data] : [])].join(' '),
	],
}
