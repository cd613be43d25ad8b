#!/usr/bin/env -S MALLOC_ARENA_MAX=1 MALLOC_TRIM_THRESHOLD_=131072 node --min-semi-space-size=4 --max-semi-space-size=16 --expose-gc
// Why these settings: bundle/README.md, where the sources are.
// The cache has what V8 has compiled of the program, from when it was built. It may lie on a read-only file system.
process.getBuiltinModule('node:module').enableCompileCache(`${import.meta.dirname}/cache`)
await import('./main.mjs')
