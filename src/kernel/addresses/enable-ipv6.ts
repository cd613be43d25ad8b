import {VIP_DEVICE} from '../../state/addresses.ts'
import type {FilesDoor} from '../doors.ts'

const BY_DEFAULT = '/proc/sys/net/ipv6/conf/default/disable_ipv6'
const ON_DEVICE = `/proc/sys/net/ipv6/conf/${VIP_DEVICE}/disable_ipv6`

/** Lets the device have IPv6 where new ones have none by default. Where this may not be set, binding is refused. */
export const enableIPv6 = async (files: FilesDoor): Promise<void> => {
	try {
		if ((await files.read(ON_DEVICE))?.trim() === '1') {
			await files.write(ON_DEVICE, '0')
		}
	} catch {
		// Where it matters, the kernel refuses the binding, which is said.
	}
}

/** A new device has to be made, and IPv6 enabled on it, by somebody who may make settings. */
export const hasIPv6ByDefault = async (files: FilesDoor): Promise<boolean> =>
	(await files.read(BY_DEFAULT).catch(() => undefined))?.trim() !== '1'
