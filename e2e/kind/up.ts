/** `node e2e/kind/up.ts`: a cluster as the suite has it, with kube-lvs, that stays. `kind export kubeconfig` gives access. */
import {kind} from './provider.ts'

const cluster = await kind.create('none')
await cluster.install()
