import type {Family} from '../net/address.ts'
import {type MarkTest, steeredTest} from './mark.ts'

/**
 * Packets with these marks are delivered to this node whatever their address, so that IPVS sees those to a VIP that the
 * node does not have: a policy rule sends them to a routing table of their own, whose one route calls every address
 * local. A VIP that is served by direct routing or tunnels must not be on the node: the answers of its own pods have it
 * as their source, and a node drops what comes in with an address of its own.
 */
export type SteeringPart =
	| {readonly kind: 'route'; readonly family: Family}
	| (MarkTest & {readonly kind: 'rule'; readonly family: Family})

/** `route ipv4`, `rule ipv4 0xf00000/0xfff00000`: equal for equal parts. */
export type SteeringKey = string

/**
 * Our routing table. Network plugins and their like use numbers up to 255 (Calico 1 to 250, kube-router 77 to 79,
 * Tailscale 52) and from 2004 (Cilium) or 10,000 (AWS) on.
 */
export const STEERING_TABLE = 7676

/**
 * Before the rules by which network plugins choose a route for pods (Cilium from 100 on, AWS 512 and 1024, main 32,766):
 * a packet to a VIP is not to be routed but to be balanced.
 */
export const STEERING_PRIORITY = 76

export const steeringKey = (part: SteeringPart): SteeringKey =>
	part.kind === 'route' ? `route ${part.family}` : `rule ${part.family} ${hex(part.mark)}/${hex(part.mask)}`

/** What one family needs, in the order in which it is made: no packet is led to a table without a route. */
export const steeringOf = (family: Family, masqueradeBit: number): readonly SteeringPart[] => [
	{kind: 'route', family},
	{kind: 'rule', family, ...steeredTest(masqueradeBit)},
]

const hex = (number: number): string => `0x${number.toString(16)}`
