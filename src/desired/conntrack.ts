import type {FlowPolicy} from '../state/conntrack.ts'

/**
 * UDP and SCTP have no connection that could be drained: kube-proxy and we let their flows go with the real server, so
 * that a client that keeps its port reaches a live one with the next datagram. TCP connections are drained.
 */
export const flowPolicy: FlowPolicy = {endWithRealServer: new Set(['udp', 'sctp'])}
