#!/bin/sh
# Tells whether this kernel takes rules that name a set by the nft variant of iptables, for both families.
for family in inet:iptables-nft inet6:ip6tables-nft; do
	ipset create "probe-${family%%:*}" hash:ip,port family "${family%%:*}" &&
		"${family#*:}" -t nat -A POSTROUTING -m set --match-set "probe-${family%%:*}" dst,dst -j MASQUERADE || exit 1
done
