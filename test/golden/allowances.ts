import type {Difference} from './compare.ts'
import type {GoldenCase} from './golden-case.ts'

/** Where kube-lvs is meant to differ from kube-proxy, and in which lines alone. */
export interface Allowance {
	/** The number in docs/differences-from-kube-proxy.md, which also has a line for each `why`. */
	readonly fault: string
	readonly why: string
	readonly cases: readonly string[]
	readonly allows: RegExp
}

/** Of the rules that are the same whatever is served; where they matter, the lines of members show it. */
export const CONSTANT: readonly Omit<Allowance, 'cases'>[] = [
	{
		fault: 'L18',
		why: 'the node itself and pods of other nodes, which are inside, are masqueraded on their way to all endpoints of a Local address',
		allows: /^\+ rule[46] nat KUBE-POSTROUTING -m mark --mark 0x2000000\/0x[0-9a-f]{8} -j KUBE-LVS-MARKED$/,
	},
	{
		fault: 'L19',
		why: 'what is known for a VIP is not asked for the number of a node port as well',
		allows: /^~ rule[46] nat KUBE-SERVICES -m addrtype --dst-type LOCAL -j KUBE-NODE-PORT$/,
	},
	{
		fault: 'L25',
		why: 'packets of a group of ports keep their mark, and reach the group',
		allows:
			/^\+ rule[46] (nat KUBE-SERVICES|filter KUBE-IPVS-FILTER) -m mark --mark 0x3800000\/0x[0-9a-f]{8} -j (ACCEPT|RETURN)$/,
	},
]

/** As narrow as can be: one that a case does not need is an error. */
export const ALLOWANCES: readonly Allowance[] = [
	{
		fault: 'L18',
		why: 'clients inside the cluster get all endpoints, by a virtual server for their mark',
		cases: [
			'C10-etp-local-terminating',
			'C11-etp-local-only-remote',
			'C14-both-local-none',
			'C8-etp-local-ignores-hints',
			'C9-etp-local',
			'D13-lb-etp-local',
			'D22-nodeport-etp-local',
			'D31-health-check-port',
			'D6-external-ip-etp-local',
			'M1-thirty-services',
		],
		allows: /^\+ (vs|rs) firewall-mark /,
	},
	{
		fault: 'L18',
		why: 'external traffic is refused where no endpoint is local',
		cases: ['C11-etp-local-only-remote'],
		allows: /^- rs tcp (203\.0\.113\.5:80|192\.0\.2\.10:30080) -> 10\.244\.2\.\d+:8080 /,
	},
	{
		fault: 'L18',
		why: 'external traffic to s18 is refused, which has no local endpoint',
		cases: ['M1-thirty-services'],
		allows: /^- rs tcp 203\.0\.113\.[12]18:8080 -> 10\.244\.2\.33:7000 /,
	},
	{
		fault: 'L23',
		why: 'whatever the source address, the node is kept from a VIP whose ranges leave it out',
		cases: ['D14-source-ranges', 'D17-source-ranges-host-bits', 'D18-source-range-host', 'M1-thirty-services'],
		allows: /^[-+] rule[46] filter KUBE-IPVS-OUT-FILTER /,
	},
]

/** The differences of a case that nothing allows, and allowances that it does not need. */
export const judge = (golden: GoldenCase, differences: readonly Difference[]): readonly string[] => {
	const allowances = ALLOWANCES.filter(({cases}) => cases.includes(golden.name))
	return [
		...differences.filter(difference => ![...CONSTANT, ...allowances].some(({allows}) => allows.test(difference))),
		...allowances
			.filter(({allows}) => !differences.some(difference => allows.test(difference)))
			.map(({fault, why}) => `not needed any more in test/golden/allowances.ts: ${fault}, ${why}`),
	]
}
