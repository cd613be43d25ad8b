import {existsSync, readFileSync} from 'node:fs'
import {fileURLToPath} from 'node:url'
import {expect} from 'chai'
import {parseDockerfile} from '../../image/dockerfile.ts'

const ROOT = new URL('../../', import.meta.url)
const DOCKERFILE = readFileSync(new URL('Dockerfile', ROOT), 'utf8')

describe('the Dockerfile', () => {
	it('is read in stages, with bases by argument and instructions over several lines', () => {
		const base = ['$', '{A}'].join('')
		const text = `ARG A=debian:x\nFROM ${base} AS one\nRUN a \\\n\t# why\n\t&& b\n\nfrom one\nCOPY --from=one /x /y\n`
		expect(parseDockerfile(text)).to.deep.equal([
			{base: 'debian:x', name: 'one', steps: [{instruction: 'RUN', text: 'a && b'}]},
			{base: 'one', name: undefined, steps: [{instruction: 'COPY', text: '--from=one /x /y'}]},
		])
		expect(() => parseDockerfile('RUN x')).to.throw('RUN before FROM')
	})

	const stages = parseDockerfile(DOCKERFILE)

	it('ends in a base without Node.js packages, of the same release as the one that builds', () => {
		const bases = stages.map(({base}) => /^(\w+):.*?(\w+)-slim$/.exec(base)?.slice(1))
		expect(bases).to.deep.equal([
			['node', bases[1]?.[1]],
			['debian', bases[1]?.[1]],
		])
	})

	it('installs what `run` starts, and nothing else', () => {
		const {steps = []} = stages.at(-1) ?? {}
		const [, packages] = /apt-get install ([^&]*?) *&&/.exec(steps.map(({text}) => text).join('\n')) ?? []
		expect(packages?.split(' ').filter(word => !word.startsWith('-'))).to.deep.equal(['iptables', 'ipset', 'kmod'])
	})

	it('copies what is there, and what .dockerignore lets through', () => {
		const ignored = readFileSync(new URL('.dockerignore', ROOT), 'utf8').split('\n')
		const copies = stages.flatMap(({steps}) => steps.filter(({instruction}) => instruction === 'COPY'))
		const sources = copies.flatMap(({text}) => (text.startsWith('--from') ? [] : text.split(' ').slice(0, -1)))
		expect(sources).to.include.members(['package.json', 'package-lock.json', 'src', 'bundle', 'LICENSE'])
		expect(sources.filter(path => !existsSync(fileURLToPath(new URL(path, ROOT))))).to.deep.equal([])
		expect(sources.filter(path => !ignored.includes(`!${path}`))).to.deep.equal([])
	})
})
