import {readFileSync} from 'node:fs'
import {compile} from './compile.ts'

/** The library that linux.uml needs on this machine (LD_PRELOAD), if it needs one. */
export const umlPreload = async (): Promise<string | undefined> =>
	hasTiles() ? compile(new URL('uml-xstate.c', import.meta.url), ['-shared', '-fPIC']) : undefined

/** Whether the CPU has AMX. */
export const hasTiles = (): boolean => /^flags.* amx_tile /m.test(readFileSync('/proc/cpuinfo', 'utf8'))
