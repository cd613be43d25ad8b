#!/usr/bin/env -S node --max-semi-space-size=2 --expose-gc
// What is new and short-lived gets 3 times 2 MB of memory instead of 3 times 16 MB, all of which would be used, and the
// program may ask for the garbage of a sync of very many Services to be collected (src/cli/return-memory.ts).
//
// The cache has what V8 has compiled of the program, from when it was built. It may lie on a read-only file system.
process.getBuiltinModule('node:module').enableCompileCache(`${import.meta.dirname}/cache`)
await import('./main.mjs')
