import {address, realServer, virtualServer} from '../state/build.ts'
import {FakeKernel} from '../support/fake-kernel/fake-kernel.ts'

/** The node of all cases, with nothing on it but its interface. */
export const fakeNode = (): FakeKernel =>
	new FakeKernel({interfaces: {eth0: ['192.0.2.10/24', '2001:db8::10/64', 'fe80::ff:fe00:10/64']}})

type Command = (fake: FakeKernel, ...words: readonly string[]) => void

const addAddress: Command = (fake, prefix = '', device = '') => {
	const [ip = '', length] = prefix.split('/')
	const link = fake.links.find(device)
	if (!link) {
		throw new Error(`no interface ${device}`)
	}
	link.addresses.set(address(ip), Number(length))
}

const restore: Command = (fake, table = 'filter', line = '') =>
	fake.iptables.load('ipv4', `*${table}\n${line}\nCOMMIT\n`)

/** The forms of commands that occur in the cases. */
const COMMANDS: readonly (readonly [RegExp, Command])[] = [
	[/^ip (?:-6 )?addr add (\S+) dev (\S+)$/, addAddress],
	[/^ip link add (\S+) type dummy$/, (fake, name = '') => fake.links.add(name, false)],
	[
		/^ip link set (\S+) up$/,
		(fake, name = '') => {
			const link = fake.links.find(name)
			if (link) {
				link.isUp = true
			}
		},
	],
	[
		/^ipvsadm -A -t (\S+) -s (\S+)(?: -p (\d+))?$/,
		(fake, where = '', scheduler = '', seconds) => {
			const persistence = seconds ? {timeoutSeconds: Number(seconds), prefixLength: 32} : undefined
			fake.ipvs.load(virtualServer(`tcp ${where}`, {scheduler, persistence}))
		},
	],
	[
		/^ipvsadm -a -t (\S+) -r (\S+) -m -w (\d+)$/,
		(fake, where = '', to = '', weight) => {
			const {server, realServers} = fake.ipvs.servers.get(`tcp ${where}`) ?? {server: virtualServer(`tcp ${where}`)}
			const known = [...(realServers?.values() ?? [])].map(({realServer}) => realServer)
			fake.ipvs.load(server, [...known, realServer(to, {weight: Number(weight)})])
		},
	],
	[/^iptables (?:-t (\w+) )?-N (\S+)$/, (fake, table, chain) => restore(fake, table ?? 'filter', `:${chain} - [0:0]`)],
	[/^iptables (?:-t (\w+) )?(-A .*)$/, (fake, table, rule = '') => restore(fake, table ?? 'filter', rule)],
]

/** Does to a fake kernel what these commands do to a real one; throws for a form that it does not know. */
export const runOnFake = (fake: FakeKernel, commands: readonly string[]): void => {
	for (const line of commands) {
		const [found, run] = COMMANDS.map(([form, run]) => [form.exec(line), run] as const).find(([match]) => match) ?? []
		if (!found || !run) {
			throw new Error(`a command that the fake host does not know: ${line}`)
		}
		run(fake, ...found.slice(1))
	}
}
