import {type FSWatcher, watch} from 'node:fs'

export interface FolderListener {
	/** Asks the file system to call, unless it has been asked already. */
	readonly listen: () => void
	readonly close: () => void
}

/** Calls back when the file system says that something has changed; NFS and hostfs of User-mode Linux never say so. */
export const createFolderListener = (folder: string, onChange: () => void): FolderListener => {
	let watcher: FSWatcher | undefined
	const close = () => {
		watcher?.close()
		watcher = undefined
	}
	const onEvent = (event: string) => {
		// Perhaps of the folder itself: another one may stand in its place now.
		if (event === 'rename') {
			close()
		}
		onChange()
	}
	const listen = () => {
		try {
			watcher ??= watch(folder, {persistent: false}, onEvent).on('error', close)
		} catch {
			close()
		}
	}
	return {listen, close}
}
