import {expect} from 'chai'
import {Failure} from '../../src/cli/failure.ts'
import {takeover} from '../../src/cli/takeover.ts'
import {DEFAULT_CONFIG} from '../../src/config/fields.ts'

describe('takeover without --dry-run', () => {
	it('says who takes over, and does nothing', () => {
		expect(() => takeover(DEFAULT_CONFIG, 'table', false)).to.throw(Failure, /the first sync of `kube-lvs run`/)
	})
})
