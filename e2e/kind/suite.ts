import {describeSuite} from '../suite/suite.ts'
import {kind} from './provider.ts'

describeSuite(kind)
