import {hasNoEffect, type KubeProxyField, sets, writeDuration} from './field.ts'
import {
	boolean,
	count,
	duration,
	durationOrNanoseconds,
	integer,
	mode,
	number,
	objects,
	quantity,
	text,
	texts,
	type Value,
} from './kinds.ts'

const MINUTE = 60_000

const ONE_REQUEST = 'objects come over a few long watches, and Events have a limit of their own'
const JSON_ALWAYS = 'the log is JSON, a line each, written at once'
const IPTABLES_MODE = 'for mode iptables; here ipvs.syncPeriod and ipvs.minSyncPeriod count'
const NFTABLES_MODE = 'for mode nftables'
const WINDOWS = 'for nodes with Windows'
const EMPTY_LISTEN = 'An empty text is the default; to disable the server, use the flag or the field of kube-lvs'

/** 0 means the default. */
const unlessZero = (value: Value) => (value === 0 ? undefined : writeDuration(value))

/** klog's level 4 is for debugging. */
const toLogLevel = (verbosity: Value) => (Number(verbosity) >= 4 ? 'debug' : undefined)

const CONNECTION: readonly KubeProxyField[] = [
	sets('clientConnection.kubeconfig', text, 'kubeconfig'),
	hasNoEffect(
		'clientConnection.acceptContentTypes',
		text,
		['', 'application/vnd.kubernetes.protobuf', 'application/json'],
		'objects are read as JSON',
	),
	hasNoEffect(
		'clientConnection.contentType',
		text,
		['application/vnd.kubernetes.protobuf', '', 'application/json'],
		'objects are read as JSON',
	),
	hasNoEffect('clientConnection.qps', number, [5, 0], ONE_REQUEST),
	hasNoEffect('clientConnection.burst', count, [10, 0], ONE_REQUEST),
]

const SERVERS: readonly KubeProxyField[] = [
	sets('bindAddress', text, 'bindAddress', {byDefault: '0.0.0.0'}),
	sets('healthzBindAddress', text, 'healthzBindAddress', {byDefault: '0.0.0.0:10256', note: EMPTY_LISTEN}),
	sets('metricsBindAddress', text, 'metricsBindAddress', {byDefault: '127.0.0.1:10249', note: EMPTY_LISTEN}),
	sets('bindAddressHardFail', boolean, 'bindAddressHardFail', {byDefault: 'false'}),
	hasNoEffect('enableProfiling', boolean, [false], 'there is no profiler to ask over HTTP'),
	hasNoEffect('showHiddenMetricsForVersion', text, [''], 'no metric is hidden'),
]

const LOCAL_TRAFFIC: readonly KubeProxyField[] = [
	sets('clusterCIDR', text, 'clusterCIDR', {
		convert: value =>
			String(value)
				.split(',')
				.map(part => part.trim())
				.filter(Boolean),
		note: 'One network, or one of each family with a comma',
	}),
	sets('detectLocalMode', text, 'detectLocalMode', {byDefault: 'ClusterCIDR'}),
	sets('detectLocal.bridgeInterface', text, 'bridgeInterface'),
	sets('detectLocal.interfaceNamePrefix', text, 'interfaceNamePrefix'),
	sets('nodePortAddresses', texts, 'nodePortAddresses'),
]

const IPVS: readonly KubeProxyField[] = [
	sets('ipvs.scheduler', text, 'scheduler', {byDefault: 'rr'}),
	sets('ipvs.syncPeriod', duration, 'auditInterval', {
		byDefault: '30s',
		convert: unlessZero,
		note: '0s is the default. Changes do not wait for it',
	}),
	sets('ipvs.minSyncPeriod', duration, 'minSyncInterval', {
		byDefault: '0s',
		always: true,
		note: '0s, and no value, is no pause, as in kube-proxy; without its file kube-lvs pauses 100ms',
	}),
	sets('ipvs.excludeCIDRs', texts, 'excludeCIDRs'),
	sets('ipvs.strictARP', boolean, 'strictARP', {byDefault: 'false'}),
	sets('ipvs.tcpTimeout', duration, 'tcpTimeout', {byDefault: '0s'}),
	sets('ipvs.tcpFinTimeout', duration, 'tcpFinTimeout', {byDefault: '0s'}),
	sets('ipvs.udpTimeout', duration, 'udpTimeout', {byDefault: '0s'}),
]

const IPTABLES: readonly KubeProxyField[] = [
	sets('iptables.masqueradeAll', boolean, 'masqueradeAll', {byDefault: 'false'}),
	sets('iptables.masqueradeBit', integer, 'masqueradeBit', {byDefault: '14'}),
	hasNoEffect(
		'iptables.localhostNodePorts',
		boolean,
		[true],
		'for mode iptables; node ports are not served on loopback addresses, as in mode ipvs of kube-proxy',
	),
	hasNoEffect('iptables.syncPeriod', duration, [MINUTE / 2, 0], IPTABLES_MODE),
	hasNoEffect('iptables.minSyncPeriod', duration, [1000, 0], IPTABLES_MODE),
]

const CONNTRACK: readonly KubeProxyField[] = [
	sets('conntrack.maxPerCore', integer, 'conntrackMaxPerCore', {byDefault: '32768'}),
	sets('conntrack.min', integer, 'conntrackMin', {byDefault: '131072'}),
	sets('conntrack.tcpEstablishedTimeout', duration, 'conntrackTCPEstablishedTimeout', {byDefault: '24h'}),
	sets('conntrack.tcpCloseWaitTimeout', duration, 'conntrackTCPCloseWaitTimeout', {byDefault: '1h'}),
	sets('conntrack.tcpBeLiberal', boolean, 'conntrackTCPBeLiberal', {byDefault: 'false'}),
	sets('conntrack.udpTimeout', duration, 'conntrackUDPTimeout', {byDefault: '0s'}),
	sets('conntrack.udpStreamTimeout', duration, 'conntrackUDPStreamTimeout', {byDefault: '0s'}),
]

const LOGGING: readonly KubeProxyField[] = [
	sets('logging.verbosity', count, 'logLevel', {
		byDefault: '0',
		convert: toLogLevel,
		note: '4 or more is `debug`, less is `info`',
	}),
	hasNoEffect('logging.format', text, ['text', ''], JSON_ALWAYS),
	hasNoEffect('logging.flushFrequency', durationOrNanoseconds, [5000, 0], JSON_ALWAYS),
	hasNoEffect('logging.vmodule', objects, [], 'there is one level for all parts'),
	hasNoEffect('logging.options.text.splitStream', boolean, [false], JSON_ALWAYS),
	hasNoEffect('logging.options.text.infoBufferSize', quantity, ['0'], JSON_ALWAYS),
	hasNoEffect('logging.options.json.splitStream', boolean, [false], JSON_ALWAYS),
	hasNoEffect('logging.options.json.infoBufferSize', quantity, ['0'], JSON_ALWAYS),
]

const OTHER_MODES: readonly KubeProxyField[] = [
	hasNoEffect('nftables.masqueradeAll', boolean, [false], NFTABLES_MODE),
	hasNoEffect('nftables.masqueradeBit', integer, [14], NFTABLES_MODE),
	hasNoEffect('nftables.syncPeriod', duration, [MINUTE / 2, 0], NFTABLES_MODE),
	hasNoEffect('nftables.minSyncPeriod', duration, [1000, 0], NFTABLES_MODE),
	hasNoEffect('winkernel.networkName', text, [''], WINDOWS),
	hasNoEffect('winkernel.sourceVip', text, [''], WINDOWS),
	hasNoEffect('winkernel.enableDSR', boolean, [false], WINDOWS),
	hasNoEffect('winkernel.rootHnsEndpointName', text, [''], WINDOWS),
	hasNoEffect('winkernel.forwardHealthCheckVip', boolean, [false], WINDOWS),
	hasNoEffect('windowsRunAsService', boolean, [false], WINDOWS),
	hasNoEffect('portRange', text, [''], 'of the user-space mode, which kube-proxy has no more either'),
]

/** No value is a mode, too: iptables. */
const MODE: KubeProxyField = {
	...hasNoEffect(
		'mode',
		mode,
		['ipvs'],
		'Services are served by IPVS, whatever kube-proxy did: VIPs become local to the node, new connections are' +
			' balanced by ipvs.scheduler, and node ports do not answer on loopback addresses',
	),
	byDefault: '',
	always: true,
}

/**
 * Every field of KubeProxyConfiguration (kubeproxy.config.k8s.io/v1alpha1, Kubernetes 1.36), once: reading its file,
 * the messages about it and the documentation are made from this table.
 */
export const KUBE_PROXY_FIELDS: readonly KubeProxyField[] = [
	MODE,
	sets('hostnameOverride', text, 'nodeName'),
	...CONNECTION,
	...SERVERS,
	...LOCAL_TRAFFIC,
	...IPVS,
	...IPTABLES,
	...CONNTRACK,
	sets('featureGates.AllowServiceExternalIPs', boolean, 'serveExternalIPs', {byDefault: 'true'}),
	hasNoEffect('featureGates.*', boolean, [], 'kube-lvs has no such gate'),
	hasNoEffect('configSyncPeriod', duration, [15 * MINUTE, 0], 'objects are not delivered again without a change'),
	sets('oomScoreAdj', integer, 'oomScoreAdj', {byDefault: '-999'}),
	...LOGGING,
	...OTHER_MODES,
]
