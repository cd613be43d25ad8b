import type {ServiceSettings} from '../annotations/fields.ts'
import {ignoredAnnotation} from '../annotations/read.ts'
import type {Problem} from '../model/problem.ts'
import type {Family} from '../net/address.ts'
import {ignoredForwarding} from './forwarding.ts'
import {compileGroup} from './group.ts'
import {groupSettings, whyNotGrouped} from './group-endpoints.ts'
import type {PortContext} from './port-context.ts'
import {compileApart, compilePort, type PortState} from './service-port.ts'

/** All ports of a Service: each on its own, or one group for each family where annotations ask for it and it can be. */
export const compilePorts = (
	ports: readonly PortContext[],
	families: readonly Family[],
): {readonly compiled: readonly PortState[]; readonly ignored: readonly Problem[]} => {
	const [first] = ports
	const asking = first ? groupSettings(first.settings) : []
	const whyNot = asking.length > 0 ? whyNotGrouped(ports) : undefined
	if (!first || asking.length === 0 || whyNot !== undefined) {
		const ignored = first && whyNot !== undefined ? asking.flatMap(name => ignoredIn(first, name, whyNot)) : []
		return {compiled: ports.map(compilePort), ignored}
	}
	const groups = families.map(family => compileGroup(ports.filter(context => context.family === family)))
	return {compiled: [...groups, ...ports.map(compileApart)], ignored: []}
}

const ignoredIn = ({settings, service}: PortContext, name: keyof ServiceSettings, why: string): readonly Problem[] =>
	name === 'forwardingMethod' ? ignoredForwarding(settings, service, why) : [ignoredAnnotation(service, name, why)]
