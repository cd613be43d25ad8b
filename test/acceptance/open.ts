import {type OpenNode, openNode} from '../../src/cli/open-node.ts'
import {parseConfig} from '../../src/config/parse.ts'
import {prepareKernel} from '../../src/kernel/prepare.ts'
import type {NodeFacts} from '../../src/state/node-facts.ts'
import {FakeKernel, type FakeKernelOptions} from '../support/fake-kernel/fake-kernel.ts'

/** What `run` does on this node before the first sync, with fields as in the configuration file. */
export const begin = (kernel: FakeKernel, config: Readonly<Record<string, unknown>> = {}): Promise<OpenNode> =>
	openNode(kernel.doors, parseConfig('', config), {load: true})

/** The message that ends it, for a node that cannot be served. */
export const failureOf = async (begun: Promise<unknown>): Promise<string> => {
	try {
		await begun
	} catch (error) {
		return String(error)
	}
	throw new Error('was no failure')
}

/** What is learned about such a node. */
export const factsOf = async (host: FakeKernelOptions): Promise<NodeFacts> =>
	(await prepareKernel(new FakeKernel(host).doors, {load: true})).facts
