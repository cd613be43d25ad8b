import {expect} from 'chai'
import {isAtLeast, parseVersion, type Version} from '../../src/state/node-facts.ts'

describe('a version', () => {
	const texts: readonly (readonly [text: string, version: Version | undefined])[] = [
		['6.1.0-13-amd64', [6, 1, 0]],
		['5.15.167.4-microsoft-standard-WSL2', [5, 15, 167, 4]],
		['4.18.0-553.el8_10.x86_64', [4, 18, 0]],
		['6.12-rc3', [6, 12]],
		['ipset v7.17, protocol version: 7', [7, 17]],
		['iptables v1.8.9 (nf_tables)', [1, 8, 9]],
		['', undefined],
		['unknown', undefined],
	]
	for (const [text, version] of texts) {
		it(`of "${text}" is ${version?.join(' ')}`, () => expect(parseVersion(text)).to.deep.equal(version))
	}

	const pairs: readonly (readonly [version: Version, least: Version, is: boolean])[] = [
		[[4, 1], [4, 1], true],
		[[4, 1, 0], [4, 1], true],
		[[4, 1], [4, 1, 0], true],
		[[4, 0, 9], [4, 1], false],
		[[5, 10], [5, 9], true],
		[[5, 8, 18], [5, 9], false],
		[[1, 6, 1], [1, 6, 2], false],
		[[1, 6], [1, 6, 2], false],
		[[1, 8, 9], [1, 6, 2], true],
		[[6], [6, 0], true],
	]
	for (const [version, least, is] of pairs) {
		it(`${version.join('.')} is ${is ? '' : 'not '}at least ${least.join('.')}`, () =>
			expect(isAtLeast(version, least)).to.equal(is))
	}
})
