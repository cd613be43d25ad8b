#!/bin/sh
# Tells whether this kernel can do what a node needs; says the first thing it cannot.
modprobe -qa ip_vs br_netfilter 2>/dev/null # may be built in, or this may be a container: what follows decides

try() {
	what=$1
	shift
	message=$("$@" 2>&1) || {
		echo "$what: $message" >&2
		exit 1
	}
}

try 'dummy interface' ip link add probe0 type dummy
try 'veth pair' ip link add probe1 type veth peer name probe2
try 'bridge' ip link add probe3 type bridge
try 'IPVS' ipvsadm -A -t 192.0.2.1:80 -s rr
try '/proc/net/ip_vs' test -r /proc/net/ip_vs
try 'ipset' ipset create probe hash:ip,port
# The nft variant is the default of most systems, but not every kernel speaks it.
masquerade() { "$1" -t nat -A POSTROUTING -m set --match-set probe dst,dst -j MASQUERADE; }
masquerade iptables-legacy >/dev/null 2>&1 || try 'iptables' masquerade iptables
try 'conntrack' conntrack -L
