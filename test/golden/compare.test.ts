import {expect} from 'chai'
import {compareStates} from './compare.ts'

const CHAIN = 'rule4 nat KUBE-SERVICES'
const MATCH = '-m set --match-set KUBE-EXTERNAL-IP dst,dst'

/** kube-proxy's lines, ours, and the differences. */
const TABLE: Readonly<Record<string, readonly [readonly string[], readonly string[], readonly string[]]>> = {
	'equal states': [['vip 10.96.0.1', `${CHAIN} 01 -j ACCEPT`], ['vip 10.96.0.1', `${CHAIN} 02 -j ACCEPT`], []],
	'a missing line': [['vip 10.96.0.1'], [], ['- vip 10.96.0.1']],
	'one too many': [[], ['set KUBE-IPVS-IPS 10.96.0.1'], ['+ set KUBE-IPVS-IPS 10.96.0.1']],
	'a set and a chain of our own': [
		[],
		['setdef KUBE-6-LVS-X hash:ip inet6', 'set KUBE-LVS-X 10.0.0.1', 'chain4 mangle KUBE-LVS-X'],
		[],
	],
	'a jump of our own': [[], ['rule4 mangle PREROUTING -- -m comment --comment "mark" -j KUBE-LVS-X'], []],
	'a jump at another number': [
		['rule4 filter INPUT 01 -j KUBE-IPVS-FILTER'],
		['rule4 filter INPUT 02 -j KUBE-IPVS-FILTER'],
		['+ rule4 filter INPUT 02 -j KUBE-IPVS-FILTER', '- rule4 filter INPUT 01 -j KUBE-IPVS-FILTER'],
	],
	'a rule for a set without members': [[], [`${CHAIN} 01 ${MATCH} -j ACCEPT`], []],
	'a rule for a set with members': [
		[],
		['set KUBE-EXTERNAL-IP 10.0.0.1,tcp:80', `${CHAIN} 01 ${MATCH} -j ACCEPT`],
		[`+ ${CHAIN} ${MATCH} -j ACCEPT`, '+ set KUBE-EXTERNAL-IP 10.0.0.1,tcp:80'],
	],
	'a rule for what is not in a set without members': [
		[],
		[`${CHAIN} 01 -m set ! --match-set KUBE-EXTERNAL-IP dst,dst -j ACCEPT`],
		[`+ ${CHAIN} -m set ! --match-set KUBE-EXTERNAL-IP dst,dst -j ACCEPT`],
	],
	'a rule that is missing': [[`${CHAIN} 01 -j ACCEPT`], [], [`- ${CHAIN} -j ACCEPT`]],
	'a rule that has moved': [
		[`${CHAIN} 01 -j A`, `${CHAIN} 02 -j B`, `${CHAIN} 03 -j C`],
		[`${CHAIN} 01 -j C`, `${CHAIN} 02 -j A`, `${CHAIN} 03 -j B`],
		[`~ ${CHAIN} -j C`],
	],
	'the same rules of another family': [
		[`${CHAIN} 01 -j A`],
		['rule6 nat KUBE-SERVICES 01 -j A'],
		['+ rule6 nat KUBE-SERVICES -j A', `- ${CHAIN} -j A`],
	],
}

describe('the comparison of kernel states', () => {
	for (const [title, [golden, ours, differences]] of Object.entries(TABLE)) {
		it(`${differences.length > 0 ? 'shows' : 'passes'} ${title}`, () => {
			expect(compareStates(golden, ours)).to.deep.equal(differences)
		})
	}
})
