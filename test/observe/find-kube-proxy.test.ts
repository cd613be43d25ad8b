import {expect} from 'chai'
import {findKubeProxy, formatLiveKubeProxy} from '../../src/observe/find-kube-proxy.ts'

const HEALTH = '{"lastUpdated": "2026-11-21 15:00:00 +0000 UTC","currentTime": "2026-11-21 15:00:01 +0000 UTC"}'

/** A node on which these addresses answer. */
const findWhere = (answers: Readonly<Record<string, string>>) => findKubeProxy(async url => answers[url])

describe('a kube-proxy that still runs', () => {
	for (const [title, answers, expected] of [
		[
			'tells its mode beside its metrics',
			{'http://127.0.0.1:10249/proxyMode': 'ipvs'},
			{where: '127.0.0.1:10249', mode: 'ipvs'},
		],
		['does so over IPv6', {'http://[::1]:10249/proxyMode': 'iptables\n'}, {where: '[::1]:10249', mode: 'iptables'}],
		[
			'is known by its health server',
			{'http://127.0.0.1:10256/livez': HEALTH},
			{where: '127.0.0.1:10256', mode: undefined},
		],
		[
			'is not anybody else on these ports',
			{'http://127.0.0.1:10249/proxyMode': 'hello', 'http://127.0.0.1:10256/livez': 'ok'},
			undefined,
		],
		['is not there where nobody answers', {}, undefined],
	] as const) {
		it(title, async () => {
			expect(await findWhere(answers as Readonly<Record<string, string>>)).to.deep.equal(expected)
		})
	}

	it('is said with its mode where it tells it', () => {
		expect(formatLiveKubeProxy({where: '127.0.0.1:10249', mode: 'ipvs'})).to.match(
			/^a kube-proxy in mode ipvs runs on this node \(it answers on 127\.0\.0\.1:10249\)/,
		)
		expect(formatLiveKubeProxy({where: '127.0.0.1:10256', mode: undefined})).to.match(/^a kube-proxy runs on this node/)
	})
})
