import {inflateRawSync} from 'node:zlib'

/**
 * One file of a ZIP archive, which has less than 4 GB and a short comment or none (APPNOTE.TXT 4.3). Throws when it is not
 * in there.
 */
export const readEntry = (archive: Buffer, name: string): Buffer => {
	const end = archive.lastIndexOf(END_OF_DIRECTORY)
	let at = archive.readUInt32LE(end + 16)
	for (let left = archive.readUInt16LE(end + 10); left > 0; left--) {
		const nameLength = archive.readUInt16LE(at + 28)
		if (archive.toString('utf8', at + 46, at + 46 + nameLength) === name) {
			return readData(archive, at)
		}
		at += 46 + nameLength + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32)
	}
	throw new Error(`the archive has no ${name}`)
}

const END_OF_DIRECTORY = Buffer.from('PK\x05\x06', 'latin1')

const STORED = 0

/** What the record of the central directory at `at` leads to. */
const readData = (archive: Buffer, at: number): Buffer => {
	const header = archive.readUInt32LE(at + 42)
	const start = header + 30 + archive.readUInt16LE(header + 26) + archive.readUInt16LE(header + 28)
	const data = archive.subarray(start, start + archive.readUInt32LE(at + 20))
	return archive.readUInt16LE(at + 10) === STORED ? data : inflateRawSync(data)
}
