import {link, mkdtemp, rm, writeFile} from 'node:fs/promises'
import {createServer} from 'node:http'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {expect} from 'chai'
import {askLocally} from '../../src/observe/local-client.ts'
import {serveLocally, socketPath} from '../../src/observe/local-server.ts'

describe('the socket of a running kube-lvs', () => {
	let folder: string
	beforeEach(async () => {
		folder = await mkdtemp(join(tmpdir(), 'kube-lvs-socket-'))
	})
	afterEach(() => rm(folder, {recursive: true}))

	it('tells who runs and who owns what', async () => {
		const status = {pid: 7, owners: {'tcp 10.96.0.1:443': 'default/kubernetes'}, warnings: ['a kube-proxy runs']}
		const server = await serveLocally(folder, () => status)
		expect(await askLocally(folder)).to.deep.equal(status)
		await server.close()
	})

	it('is not taken from a process that answers', async () => {
		const first = await serveLocally(folder, () => ({pid: 7, owners: {}}))
		const second = await serveLocally(folder, () => ({pid: 8, owners: {}})).catch(error => error)
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
		const server = await serveLocally(folder, () => ({pid: 7, owners: {}}))
		expect(await askLocally(folder)).to.have.property('pid', 7)
		await server.close()
	})

	it('is nobody where there is none, and where a killed process has left one', async () => {
		expect(await askLocally(folder)).to.equal(undefined)
		expect(await askLocally(join(folder, 'no', 'such', 'folder'))).to.equal(undefined)
		await (await serveLocally(folder, () => ({pid: 7, owners: {}, warnings: []}))).close()
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
})
