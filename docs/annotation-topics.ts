import type {ServiceSettings} from '../src/annotations/fields.ts'

/** A part of annotations.md: what a user has to know of some annotations that belong together. */
export interface Topic {
	readonly title: string
	readonly settings: readonly (keyof ServiceSettings)[]
	readonly text: string
}

export const TOPICS: readonly Topic[] = [
	{
		title: 'Schedulers',
		settings: ['scheduler', 'schedulerFlags'],
		text: `
[Schedulers](schedulers.md) says which is for what, and what each does with real connections.

A change of the scheduler keeps the connections. A scheduler that a node's kernel lacks is said in an Event of that node,
and the configured one serves there.

\`sh\` and \`mh\` choose the endpoint from the address alone. When that endpoint drains, is full or has weight 0, new
connections are refused; with the flags \`sh-fallback\` and \`mh-fallback\` they go to another one. So these two flags are set
where \`scheduler-flags\` is absent; \`none\` sets no flag. With \`sh-port\` and \`mh-port\` the client's port counts too, so
that connections of one client are spread.`,
	},
	{
		title: 'Persistence',
		settings: [
			'persistenceTimeout',
			'persistencePrefixIpv4',
			'persistencePrefixIpv6',
			'persistenceEngine',
			'groupPorts',
		],
		text: `
Persistence ([more](schedulers.md#persistence)) is what \`sessionAffinity: ClientIP\` asks for: a client stays with its
endpoint until it has been silent for the timeout. \`persistence-timeout\` turns it on by itself, and wins over
\`sessionAffinityConfig\`. With a prefix all clients of one network count as one, as users behind several proxies need.

Each port has persistence of its own, unless \`group-ports\` makes them one: then a client gets the same endpoint on all
ports of the Service. IPVS keeps the port of the packet for such a group, so every port must equal its \`targetPort\`; where
one does not, the annotation is ignored with an Event. An endpoint has to serve every port to be one of the group. Node
ports are not part of it.

\`persistence-engine: sip\` (module \`ip_vs_pe_sip\`) sends UDP packets of one call to one endpoint, by the Call-ID in the
packet; ports of other protocols have persistence by address.`,
	},
	{
		title: 'Ports',
		settings: ['portRange'],
		text: `
Thousands of ports are one virtual server, of a firewall mark; a set in the kernel holds the ports. They are served together
with \`spec.ports\`, as by \`group-ports\`: each port must equal its \`targetPort\`, and node ports are not part of it. Ports
that are named twice are served once.

\`all\` gives whole addresses to the Service. An address of the node itself is never given away whole, nor is
one with \`loadBalancerSourceRanges\`: there \`spec.ports\` alone are served, with an Event. Nor is a port taken on which an
API server answers. On an address of the node a range has to end below 32768: the node's own connections come from the ports
above, and the answers to them would be taken for clients. Each port is a member of a set for each address, and on
load-balancer IPs with \`loadBalancerSourceRanges\` one more for each of these; what would be more than 131,072 for a
Service in a family is not served at that address.`,
	},
	{
		title: 'Weights and slow start',
		settings: ['weights', 'slowStart'],
		text: `
Of several who say a weight for an endpoint the first counts:

1. \`kube-lvs.io/weights\` of the Service, the first entry that matches the endpoint;
2. \`kube-lvs.io/weights\` of the EndpointSlice, likewise;
3. \`kube-lvs.io/weight\` of the Node on which the endpoint is;
4. 1.

| entry | matches endpoints |
| --- | --- |
| \`zone=NAME\` | in this zone, by \`zone\` of the EndpointSlice |
| \`node=NAME\` | on this Node |
| an address | with this address |
| a network such as \`10.244.3.0/24\` | with an address in it |
| \`default\` | all |

Whoever may annotate a Node, such as its own kubelet, may draw connections to its endpoints: \`default\` in the
annotation of a Service leaves Nodes no say.

Weight 0 takes no new connections and keeps those that are there: an endpoint drains for as long as you want. With weights
that differ, a scheduler that knows none would be of no use: where no annotation chooses one, \`rr\` becomes \`wrr\` and \`lc\`
becomes \`wlc\`. A scheduler in an annotation stays as it is.

With \`slow-start\` an endpoint that is new, or comes back from weight 0, begins with a twentieth of its share and has all of
it after the given time, in twenty steps: caches fill and compilers warm up before the full load comes. Where no other
endpoint serves it begins with its whole share; so do all endpoints of a new Service. Shares need a scheduler that balances
by weight: \`wrr\`, \`wlc\`, \`lblc\`, \`lblcr\`, \`sed\`, \`nq\`, \`mh\` or \`twos\`; with another one in the annotation
\`slow-start\` is ignored. So that there are weights below the smallest, \`ipvsadm\` shows them a hundredfold (as long as the
greatest is 655 at most; with greater ones the steps are coarser).`,
	},
	{
		title: 'Limits',
		settings: ['upperThreshold', 'lowerThreshold'],
		text: `
An endpoint with \`upper-threshold\` connections, active and inactive ones together, gets no new one until it has fewer than
\`lower-threshold\`; \`ipvsadm -Ln --thresholds\` shows both. When all endpoints are full, clients are refused. Each node counts the connections that it balances
itself: the limit of an endpoint is per node.`,
	},
	{
		title: 'Draining',
		settings: ['drainDeadline', 'udpDrain'],
		text: `
A real server whose endpoint goes gets weight 0, and is deleted when it has no connections left, at the latest after the
deadline. With \`0s\` it is deleted at once, and its connections are cut.

UDP has no connections that end. Without \`udp-drain\` the clients of an endpoint that goes move on at once; with it they stay
until they are silent for the kernel's timeout, or the deadline is over. That is for endpoints that go while the Service
stays: when it is deleted, its UDP clients have nowhere to stay.`,
	},
	{
		title: 'One packet at a time',
		settings: ['onePacket'],
		text: `
IPVS sends all packets of one client address and port to one endpoint. A resolver that asks from one port would never be
balanced. With \`one-packet\` each UDP packet is a choice of its own, and no connection is kept. Without a connection answers
cannot be translated, so endpoints have to answer clients directly.`,
	},
	{
		title: 'Direct server return',
		settings: ['forwardingMethod', 'forwardingAddresses', 'tunnelType', 'tunnelPort', 'tunnelChecksum'],
		text: `
With \`masquerade\`, the default, answers come back through the node that balances. With the other two the endpoints answer
clients directly: they receive packets for the address of the Service, and answer under it. kube-lvs prepares the nodes
that balance. **The endpoints are yours to prepare:**

- the addresses of the Service are on their loopback device, and they do not answer ARP for them (\`arp_ignore=1\`,
  \`arp_announce=2\`);
- they listen on the port of the Service: port and \`targetPort\` must be equal, for no port is translated;
- with \`direct-routing\` they are in the same network as the node that balances, for only the MAC address is changed;
- with \`tunnel\` they have a device that receives it (\`ipip\`, \`gue\` by a \`fou\` port, \`gre\`) and accept its packets
  (\`rp_filter=0\` on that device).

Node ports are always masqueraded. With \`forwarding-addresses: external\` ClusterIPs are too, each port on its own, so that
only external IPs and load-balancer IPs have to be on the endpoints.

Where port and \`targetPort\` differ the annotation is ignored, with an Event, and the Service is masqueraded. The addresses
are not bound to \`kube-ipvs0\` then. Packets through a tunnel are longer by its header: TCP connections of such a Service
get a smaller MSS on their way. [Endpoints that answer clients directly](direct-routing.md) has the commands, and what
networks have to let pass.`,
	},
]
