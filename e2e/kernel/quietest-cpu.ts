import {readdirSync, readFileSync} from 'node:fs'
import {basename} from 'node:path'
import {UML_BINARY} from './choose.ts'

/**
 * The CPU, among those that we may use, with the fewest processes of test kernels. A test kernel and its processes hand
 * over to each other at each system call and page fault, one running at a time; from one CPU to another that takes
 * several times longer (measured: 200 against 44 microseconds for a page fault).
 */
export const quietestCpu = (): number => {
	const uses = new Map(allowedCpus('self').map(cpu => [cpu, 0]))
	for (const pid of readdirSync('/proc').filter(name => /^\d+$/.test(name))) {
		const [cpu, ...others] = isTestKernel(pid) ? allowedCpus(pid) : []
		if (cpu !== undefined && others.length === 0 && uses.has(cpu)) {
			uses.set(cpu, (uses.get(cpu) ?? 0) + 1)
		}
	}
	return [...uses].reduce((best, entry) => (entry[1] < best[1] ? entry : best))[0]
}

const isTestKernel = (pid: string): boolean => readProc(pid, 'comm').trim() === basename(UML_BINARY)

/** proc(5): `Cpus_allowed_list: 0-3,8`; empty for a process that has ended. */
const allowedCpus = (pid: string): readonly number[] => {
	const list = /^Cpus_allowed_list:\s*(\S+)/m.exec(readProc(pid, 'status'))?.[1] ?? ''
	return list.split(',').flatMap(range => {
		const [first = '', last = first] = range.split('-')
		return first === '' ? [] : Array.from({length: Number(last) - Number(first) + 1}, (_, at) => Number(first) + at)
	})
}

const readProc = (pid: string, name: string): string => {
	try {
		return readFileSync(`/proc/${pid}/${name}`, 'utf8')
	} catch {
		return ''
	}
}
