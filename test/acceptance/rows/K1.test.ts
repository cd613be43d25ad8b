import {expect} from 'chai'
import {configFrom, kubeProxyConfig} from '../kube-proxy-config.ts'
import {row} from '../row.ts'

row('K1', "a file of kube-proxy that says nothing but mode ipvs has kube-proxy's defaults", () => {
	expect(kubeProxyConfig('').notes).to.deep.equal([])
	expect(configFrom('')).to.deep.include({
		nodeName: '',
		kubeconfig: '',
		bindAddress: undefined,
		healthzBindAddress: {address: '0.0.0.0', port: 10_256},
		metricsBindAddress: {address: '127.0.0.1', port: 10_249},
		bindAddressHardFail: false,
		clusterCIDR: [],
		detectLocalMode: 'ClusterCIDR',
		nodePortAddresses: [],
		scheduler: 'rr',
		auditInterval: 30_000,
		minSyncInterval: 0,
		excludeCIDRs: [],
		strictARP: false,
		tcpTimeout: 0,
		tcpFinTimeout: 0,
		udpTimeout: 0,
		masqueradeAll: false,
		masqueradeBit: 14,
		conntrackMaxPerCore: 32_768,
		conntrackMin: 131_072,
		conntrackTCPEstablishedTimeout: 86_400_000,
		conntrackTCPCloseWaitTimeout: 3_600_000,
		conntrackTCPBeLiberal: false,
		conntrackUDPTimeout: 0,
		conntrackUDPStreamTimeout: 0,
		serveExternalIPs: true,
		oomScoreAdj: -999,
	})
})
