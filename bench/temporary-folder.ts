import {mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'

export const inTemporaryFolder = async <Result>(work: (folder: string) => Promise<Result>): Promise<Result> => {
	const folder = await mkdtemp(join(tmpdir(), 'kube-lvs-bench-'))
	try {
		return await work(folder)
	} finally {
		await rm(folder, {recursive: true})
	}
}
