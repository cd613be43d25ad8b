import type {IpvsTimeouts} from '../../state/ipvs.ts'
import type {FormerSetting, FormerSettings} from '../sysctl/former-settings.ts'
import type {IpvsClient} from './client.ts'

/** Their name among the former settings. */
export const TIMEOUTS = 'IPVS timeouts'

/**
 * Sets the timeouts of IPVS where they differ; 0 leaves one as it is. They belong to the network namespace, for both
 * families. Rejects with the kernel's error.
 */
export const ensureTimeouts = async (
	ipvs: IpvsClient,
	wanted: IpvsTimeouts,
	former: FormerSettings | undefined,
): Promise<void> => {
	if (Object.values(wanted).every(seconds => seconds === 0)) {
		return
	}
	const present = await ipvs.readTimeouts()
	const next = {
		tcpSeconds: wanted.tcpSeconds || present.tcpSeconds,
		tcpFinSeconds: wanted.tcpFinSeconds || present.tcpFinSeconds,
		udpSeconds: wanted.udpSeconds || present.udpSeconds,
	}
	if (format(next) === format(present)) {
		return
	}
	const unnoted = await former?.note(TIMEOUTS, {former: format(present), written: format(next)})
	await ipvs.setTimeouts(wanted)
	if (unnoted) {
		throw unnoted
	}
}

/** Whether they were still ours, and are now as they were before. Rejects with the kernel's error. */
export const putBackTimeouts = async (ipvs: IpvsClient, {former, written}: FormerSetting): Promise<boolean> => {
	const isOurs = format(await ipvs.readTimeouts()) === written
	const [tcpSeconds = 0, tcpFinSeconds = 0, udpSeconds = 0] = former.split(' ').map(Number)
	if (isOurs) {
		await ipvs.setTimeouts({tcpSeconds, tcpFinSeconds, udpSeconds})
	}
	return isOurs
}

/** As `ipvsadm --set` takes them. */
const format = ({tcpSeconds, tcpFinSeconds, udpSeconds}: IpvsTimeouts): string =>
	`${tcpSeconds} ${tcpFinSeconds} ${udpSeconds}`
