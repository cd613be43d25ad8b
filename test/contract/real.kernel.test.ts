import {describeAllContracts} from './describe-all.ts'
import {openReal} from './open-real.ts'

describeAllContracts('the real kernel', openReal, () => openReal({isPrivileged: true}))
