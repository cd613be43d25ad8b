import {systemClock} from '../../src/clock.ts'
import type {ApiAccess} from '../../src/kubernetes/api-access.ts'
import {createHttpClient} from '../../src/kubernetes/http-client.ts'
import {createKubernetesSource} from '../../src/kubernetes/kubernetes-source.ts'
import type {TransportReport} from '../../src/kubernetes/trouble.ts'
import type {Observer} from '../../src/observe/observer.ts'
import {QUICK} from '../kubernetes/reflect.ts'
import type {FakeKernel} from '../support/fake-kernel/fake-kernel.ts'
import {runController} from './run-controller.ts'

interface Told {
	readonly observer: Observer
	readonly report: (event: TransportReport) => void
}

/** From API servers to a kernel, until the result is called. */
export const runFromServers = (
	access: ApiAccess,
	fake: FakeKernel,
	{observer, report}: Told,
): (() => Promise<void>) => {
	const http = createHttpClient({access, clock: systemClock})
	const source = createKubernetesSource({
		...{http, nodeName: 'n1', watchAllNodes: true, clock: systemClock, random: Math.random, report},
		limits: QUICK,
	})
	const running = runController(fake, observer)
	const signal = new AbortController()
	const reading = source.run(running.controller, signal.signal)
	return async () => {
		signal.abort()
		await reading
		http.close()
		await running.stop()
	}
}
