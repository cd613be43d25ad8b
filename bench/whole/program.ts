import {join} from 'node:path'
import {bundle, PROGRAM} from '../../bundle/bundle.ts'

/** What the image runs: the bundle, unless `KUBE_LVS_PROGRAM` names another program. It is built into this folder. */
export const shippedProgram = async (folder: string): Promise<string> => {
	const given = process.env.KUBE_LVS_PROGRAM
	if (given) {
		return given
	}
	await bundle(folder)
	return join(folder, PROGRAM)
}
