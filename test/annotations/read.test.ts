import {expect} from 'chai'
import {readServiceSettings} from '../../src/annotations/read.ts'
import {service} from '../model/build.ts'

const read = (annotations: Readonly<Record<string, string>>, affinitySeconds?: number) => {
	const named = Object.entries(annotations).map(([name, text]) => [`kube-lvs.io/${name}`, text] as const)
	const {settings, problems} = readServiceSettings(service({annotations: new Map(named), affinitySeconds}))
	return {settings, problems: problems.map(({field, reason, message}) => `${field} ${reason}: ${message}`)}
}

describe('the annotations of a Service', () => {
	it('are read to values', () => {
		const {settings, problems} = read({
			scheduler: 'mh',
			'scheduler-flags': 'mh-port , mh-fallback',
			'persistence-timeout': '1h30m',
			'persistence-prefix-ipv4': '24',
			weights: 'zone=a 3, 10.244.1.0/24  0,default 1',
			'port-range': 'udp:10000-10999, tcp:5060',
			'one-packet': 'false',
		})
		expect(problems).to.deep.equal([])
		expect(settings).to.deep.equal({
			scheduler: 'mh',
			schedulerFlags: ['mh-fallback', 'mh-port'],
			persistenceTimeout: 5_400_000,
			persistencePrefixIpv4: 24,
			weights: [
				{selector: {kind: 'zone', name: 'a'}, weight: 3, text: 'zone=a'},
				{
					selector: {kind: 'prefix', prefix: {address: '10.244.1.0', length: 24}},
					weight: 0,
					text: '10.244.1.0/24',
				},
				{selector: {kind: 'default'}, weight: 1, text: 'default'},
			],
			portRange: [
				{protocol: 'udp', first: 10_000, last: 10_999},
				{protocol: 'tcp', first: 5060, last: 5060},
			],
			onePacket: false,
		})
	})

	it('count as absent when their value is not allowed, which is said with the value and what is allowed', () => {
		const {settings, problems} = read({scheduler: 'RR', 'drain-deadline': '1h'})
		expect(settings).to.deep.equal({drainDeadline: 3_600_000})
		expect(problems).to.deep.equal([
			'metadata.annotations[kube-lvs.io/scheduler] InvalidAnnotation: "RR" is not allowed: expected one of rr, wrr, ' +
				'lc, wlc, lblc, lblcr, dh, sh, mh, sed, nq, fo, ovf, twos; the default stands',
		])
	})

	it('are known by name', () => {
		expect(read({shceduler: 'rr'}).problems).to.deep.equal([
			'metadata.annotations[kube-lvs.io/shceduler] UnknownAnnotation: Services have no such annotation',
		])
	})

	it('are said one by one while they are few, and by their number beyond', () => {
		const names = Array.from({length: 5000}, (_, at) => [`x-${at}`, ''] as const)
		const {problems} = read(Object.fromEntries(names))
		expect(problems).to.have.length(9)
		expect(problems.slice(7)).to.deep.equal([
			'metadata.annotations[kube-lvs.io/x-7] UnknownAnnotation: Services have no such annotation',
			'metadata.annotations UnknownAnnotation: 4992 more under kube-lvs.io/, which Services do not have',
		])
	})

	it('are ignored where they need another one', () => {
		const {settings, problems} = read({'tunnel-port': '7000', 'tunnel-type': 'gue', 'lower-threshold': '5'})
		expect(settings).to.deep.equal({tunnelPort: undefined, tunnelType: undefined, lowerThreshold: undefined})
		expect(problems).to.deep.equal([
			'metadata.annotations[kube-lvs.io/lower-threshold] AnnotationIgnored: "5" is ignored: it needs ' +
				'kube-lvs.io/upper-threshold, which must not be below it',
			'metadata.annotations[kube-lvs.io/tunnel-type] AnnotationIgnored: "gue" is ignored: it needs ' +
				'kube-lvs.io/forwarding-method tunnel',
			'metadata.annotations[kube-lvs.io/tunnel-port] AnnotationIgnored: "7000" is ignored: it needs ' +
				'kube-lvs.io/tunnel-type gue',
		])
	})

	it('may build on the rest of the Service', () => {
		expect(read({'persistence-prefix-ipv6': '64'}, 600).problems).to.deep.equal([])
		expect(read({'persistence-prefix-ipv6': '64'}).problems).to.have.length(1)
	})
})
