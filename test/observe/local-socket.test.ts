import {subscribe, unsubscribe} from 'node:diagnostics_channel'
import type {EventEmitter} from 'node:events'
import {link, mkdtemp, rm, stat, writeFile} from 'node:fs/promises'
import {createServer, get} from 'node:http'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {expect} from 'chai'
import fc from 'fast-check'
import {askLocally, askToExplain} from '../../src/observe/local-client.ts'
import {type LocalAnswers, type LocalStatus, serveLocally, socketPath} from '../../src/observe/local-server.ts'

const answers = (status: LocalStatus, explain: LocalAnswers['explain'] = () => undefined): LocalAnswers => ({
	status: () => status,
	explain,
})

describe('the socket of a running kube-lvs', () => {
	let folder: string
	beforeEach(async () => {
		folder = await mkdtemp(join(tmpdir(), 'kube-lvs-socket-'))
	})
	afterEach(() => rm(folder, {recursive: true}))

	it('tells who runs and who owns what', async () => {
		const status = {pid: 7, owners: {'tcp 10.96.0.1:443': 'default/kubernetes'}, warnings: ['a kube-proxy runs']}
		const server = await serveLocally(folder, answers(status))
		expect(await askLocally(folder)).to.deep.equal(status)
		await server.close()
	})

	it('is in a folder that is made where there is none, for nobody else to look into', async () => {
		const made = join(folder, 'run', 'kube-lvs')
		const server = await serveLocally(made, answers({pid: 7, owners: {}}))
		expect((await stat(made)).mode & 0o777).to.equal(0o700)
		expect(await askLocally(made)).to.have.property('pid', 7)
		await server.close()
	})

	it('is not taken from a process that answers', async () => {
		const first = await serveLocally(folder, answers({pid: 7, owners: {}}))
		const second = await serveLocally(folder, answers({pid: 8, owners: {}})).catch(error => error)
		expect(second).to.have.property('code', 'EADDRINUSE')
		expect(await askLocally(folder)).to.have.property('pid', 7)
		await first.close()
	})

	it('is taken where a killed process has left it', async () => {
		const killed = createServer()
		const elsewhere = join(folder, 'elsewhere')
		await new Promise<void>(resolve => killed.listen(elsewhere, resolve))
		await link(elsewhere, socketPath(folder))
		await new Promise(resolve => killed.close(resolve))
		const server = await serveLocally(folder, answers({pid: 7, owners: {}}))
		expect(await askLocally(folder)).to.have.property('pid', 7)
		await server.close()
	})

	it('stays open when a connection could not be taken, as when the node has no file handle left', async () => {
		const server = await serveLocally(folder, answers({pid: 7, owners: {}}))
		const fail = (message: unknown) => {
			const {socket} = message as {readonly socket: {readonly server: EventEmitter}}
			socket.server.emit('error', Object.assign(new Error('accept ENFILE'), {code: 'ENFILE'}))
		}
		subscribe('net.server.socket', fail)
		expect(await askLocally(folder)).to.have.property('pid', 7)
		unsubscribe('net.server.socket', fail)
		expect(await askLocally(folder)).to.have.property('pid', 7)
		await server.close()
	})

	it('is nobody where there is none, and where a killed process has left one', async () => {
		expect(await askLocally(folder)).to.equal(undefined)
		expect(await askLocally(join(folder, 'no', 'such', 'folder'))).to.equal(undefined)
		await (await serveLocally(folder, answers({pid: 7, owners: {}, warnings: []}))).close()
		expect(await askLocally(folder)).to.equal(undefined)
	})

	it('is an error, not nobody, where what answers cannot be read', async () => {
		const server = createServer((_request, response) => response.end('what?'))
		await new Promise<void>(resolve => server.listen(socketPath(folder), resolve))
		const answer = await askLocally(folder).catch(error => error)
		expect(answer).to.be.an('error')
		await new Promise(resolve => server.close(resolve))
	})

	it('is an error, not nobody, where the path is no folder', async () => {
		await writeFile(join(folder, 'file'), '')
		const answer = await askLocally(join(folder, 'file')).catch(error => error)
		expect(answer).to.be.an('error')
	})

	it('explains a Service, whatever its name is', async () => {
		const server = await serveLocally(
			folder,
			answers({pid: 7, owners: {}}, service => ({service})),
		)
		await fc.assert(
			fc.asyncProperty(fc.string({unit: 'binary', maxLength: 200}), async name => {
				const service = name.toWellFormed()
				expect(await askToExplain(folder, service)).to.deep.equal({service})
			}),
			{numRuns: 10, examples: [['ns/a&b=c'], ['../..'], ['ns/ä\n\u0000'], ['?#%']]},
		)
		await server.close()
	})

	it('tells an unknown Service from nobody to ask, and from an answer that cannot be given', async () => {
		expect(await askToExplain(folder, 'ns/s')).to.equal(undefined)
		const explain = (service: string) => {
			if (service === 'ns/late') {
				throw new Error('not yet')
			}
			return undefined
		}
		const server = await serveLocally(folder, answers({pid: 7, owners: {}}, explain))
		expect(await askToExplain(folder, 'ns/s')).to.equal(null)
		const error = await askToExplain(folder, 'ns/late').catch(error => error)
		expect(error).to.be.an('error').with.property('message', 'not yet')
		expect(await askLocally(folder)).to.have.property('pid', 7)
		await server.close()
	})

	it('answers requests that make no sense', async () => {
		const server = await serveLocally(folder, answers({pid: 7, owners: {}}))
		for (const path of ['//', '/explain', '/%', '/explain?service=%ff', '//[']) {
			const status = await new Promise(resolve =>
				get({socketPath: socketPath(folder), path}, response => resolve(response.resume().statusCode)),
			)
			expect(status, path).to.equal(200)
		}
		await server.close()
	})
})
