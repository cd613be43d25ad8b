import {expect} from 'chai'
import {growthPercent} from '../../bench/whole/measure-process.ts'
import {entryPointOf, shippedCommand} from '../../bench/whole/shipped.ts'

describe('the product as it is shipped', () => {
	it('is started as the image starts it', async () => {
		expect(entryPointOf('FROM x\nENTRYPOINT ["node", "--flag", "/opt/kube-lvs/a.js"]\nCMD ["run"]')).to.deep.equal([
			'node',
			'--flag',
			'/opt/kube-lvs/a.js',
		])
		const {program, args} = await shippedCommand()
		expect(program).to.equal(process.execPath)
		expect(args.join(' ')).not.to.include('/opt/kube-lvs')
	})

	it('grows by what it grew over the last half', () => {
		expect(growthPercent([50, 80, 90, 100, 100, 100, 100, 110, 110, 110].slice(1))).to.be.closeTo(10, 0.001)
		expect(growthPercent([50, 100, 100, 100])).to.equal(0)
		expect(growthPercent([100])).to.equal(0)
	})
})
