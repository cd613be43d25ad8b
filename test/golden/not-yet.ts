/**
 * Cases in which kube-lvs does not do yet what kube-proxy does, with what is missing. One that is listed here and
 * passes is an error: whoever makes it pass deletes its line.
 */
export const NOT_YET: Readonly<Record<string, string>> = {
	'B10-only-terminating': 'terminating endpoints that serve',
	'C1-zone-hints': 'topology',
	'C10-etp-local-terminating': 'externalTrafficPolicy',
	'C11-etp-local-only-remote': 'externalTrafficPolicy',
	'C12-itp-local': 'internalTrafficPolicy',
	'C13-itp-local-none': 'internalTrafficPolicy',
	'C14-both-local-none': 'externalTrafficPolicy',
	'C5-several-zones': 'topology',
	'C6-node-hints': 'topology',
	'C7-node-hints-fall-to-zone': 'topology',
	'C8-etp-local-ignores-hints': 'externalTrafficPolicy',
	'C9-etp-local': 'externalTrafficPolicy',
	'D13-lb-etp-local': 'externalTrafficPolicy',
	'D14-source-ranges': 'loadBalancerSourceRanges',
	'D15-source-ranges-with-node': 'loadBalancerSourceRanges',
	'D17-source-ranges-host-bits': 'loadBalancerSourceRanges',
	'D18-source-range-host': 'loadBalancerSourceRanges',
	'D22-nodeport-etp-local': 'externalTrafficPolicy',
	'D31-health-check-port': 'health-check ports',
	'D6-external-ip-etp-local': 'externalTrafficPolicy',
	'D9-no-external-ips-gate': 'serveExternalIPs: false',
	'F10-exclude-cidrs': 'removal of stale virtual servers in the networks of ServiceCIDRs',
	'M1-thirty-services': 'all of these together',
}
