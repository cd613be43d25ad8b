import {expect} from 'chai'
import {addressPortEntry, SET_DEFINITIONS, SET_ROLES, setComment, setName} from '../../src/state/ipset.ts'
import {address, realServer, virtualServer, withKey} from './build.ts'

describe('names in the kernel', () => {
	it('of sets are those of kube-proxy, cut to 31 characters', () => {
		expect(setName('CLUSTER-IP', 'ipv4')).to.equal('KUBE-CLUSTER-IP')
		expect(setName('LOAD-BALANCER-SOURCE-CIDR', 'ipv6')).to.equal('KUBE-6-LOAD-BALANCER-SOURCE-CID')
		expect(setName('NODE-PORT-LOCAL-SCTP-HASH', 'ipv6')).to.equal('KUBE-6-NODE-PORT-LOCAL-SCTP-HAS')
		expect([...SET_DEFINITIONS.keys()].every(name => name.length <= 31)).to.equal(true)
	})

	it('of sets are distinct: 23 for each family', () => {
		expect(SET_DEFINITIONS.size).to.equal(46)
		expect(SET_ROLES.every(({role}) => setComment(role) !== '')).to.equal(true)
	})

	it('of virtual servers tell protocol, address and port, or the mark', () => {
		expect(virtualServer('tcp [fd00:96:0::a]:80').key).to.equal('tcp [fd00:96::a]:80')
		expect(withKey({kind: 'firewall-mark', family: 'ipv6', mark: 0x1001}).key).to.equal('firewall-mark ipv6 0x1001')
		expect(realServer('10.244.1.5:8080').key).to.equal('10.244.1.5:8080')
		expect(addressPortEntry(address('fd00::a'), 'sctp', 80)).to.equal('fd00::a,sctp:80')
	})
})
