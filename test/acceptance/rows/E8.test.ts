import {expect} from 'chai'
import {service, slice} from '../objects.ts'
import {row} from '../row.ts'

const FOREIGN = `*filter
:MINE - [0:0]
-A INPUT -p tcp -m tcp --dport 22 -j MINE
-A INPUT -j ACCEPT
-A MINE -s 198.51.100.0/24 -j DROP
COMMIT
*nat
:KUBE-MARK-DROP - [0:0]
-A POSTROUTING -o eth0 -j MASQUERADE
-A KUBE-MARK-DROP -j MARK --set-xmark 0x8000/0x8000
COMMIT
`

row('E8', 'rules and chains of others stay as they are', async world => {
	world.kernel.iptables.load('ipv4', FOREIGN)
	world.given(service(), slice())
	await world.settled()
	world.remove(service())
	await world.settled()
	expect(world.rules('filter', 'INPUT').slice(-2)).to.deep.equal(['-p tcp -m tcp --dport 22 -j MINE', '-j ACCEPT'])
	expect(world.rules('filter', 'MINE')).to.deep.equal(['-s 198.51.100.0/24 -j DROP'])
	expect(world.rules('nat', 'POSTROUTING').at(-1)).to.equal('-o eth0 -j MASQUERADE')
	expect(world.rules('nat', 'KUBE-MARK-DROP')).to.deep.equal(['-j MARK --set-xmark 0x8000/0x8000'])
})
