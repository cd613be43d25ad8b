import {expect} from 'chai'
import {tellRefusedSettings} from '../../src/observe/refused-settings.ts'

const FORWARD = {
	sysctl: {path: 'net/ipv4/ip_forward', value: '1', why: 'no packet reaches a pod over IPv4'},
	code: 'EROFS',
}
const TEXT =
	'the kernel setting net/ipv4/ip_forward should be 1, and this process may not write it (EROFS): no packet reaches a ' +
	'pod over IPv4; `kube-lvs doctor --prepare` sets it, in a privileged container or on the node'

describe('a kernel setting that may not be written', () => {
	it('is said once for as long as it is wrong, and once when it is right', () => {
		const lines: string[] = []
		const log = {warn: (text: string) => lines.push(`warn ${text}`), info: (text: string) => lines.push(`info ${text}`)}
		let refused = [FORWARD]
		const {observer, warnings} = tellRefusedSettings(log as never, () => refused)
		const synced = () => observer.synced({kind: 'audit', done: new Map(), failures: [], milliseconds: 1, services: 1})
		synced()
		synced()
		expect(lines).to.deep.equal([`warn ${TEXT}`])
		expect(warnings()).to.deep.equal([TEXT])
		refused = []
		synced()
		synced()
		expect(lines.slice(1)).to.deep.equal(['info the kernel setting net/ipv4/ip_forward is as it should be'])
		expect(warnings()).to.deep.equal([])
		refused = [FORWARD]
		synced()
		expect(lines).to.have.lengthOf(3)
	})
})
