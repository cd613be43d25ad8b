import {setFlagsFromString} from 'node:v8'

/**
 * Where Node.js was started with --expose-gc: collects all garbage, and gives back the pages that V8 keeps in reserve.
 * From then on its heap is tight: new objects have the room that they start with, and it looks for garbage among the
 * others when a twentieth of what is alive has come together. By its own measures, which are several times that, a
 * first sync is over before any of it is worth a look.
 */
export const collectGarbage = (): void => {
	if (globalThis.gc) {
		setFlagsFromString('--semi-space-growth-factor=1')
		setFlagsFromString('--heap-growing-percent=5')
		void globalThis.gc({type: 'major', execution: 'sync', flavor: 'last-resort'})
	}
}
