import type {Logger} from 'pino'
import type {TransportReport} from '../kubernetes/trouble.ts'

/** Says in the log what happens on the way to the API server; the source has seen to it that nothing is said twice. */
export const logTransport =
	(log: Logger) =>
	({source, kind, message}: TransportReport): void =>
		kind === 'recovered' ? log.info({source, kind}, message) : log.warn({source, kind}, message)
