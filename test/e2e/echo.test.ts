import {fileURLToPath} from 'node:url'
import {expect} from 'chai'
import {execa} from 'execa'

const ECHO = fileURLToPath(new URL('../../e2e/topology/echo.pl', import.meta.url))

describe('the echo server', () => {
	it('starts on the kernel of this machine, which need not have SCTP', async () => {
		const server = execa('perl', [ECHO, 'a', '127.0.0.1', '0'])
		const lines: string[] = []
		for await (const line of server) {
			lines.push(String(line))
			server.kill('SIGTERM')
		}
		expect(lines).to.deep.equal(['ready'])
	})
})
