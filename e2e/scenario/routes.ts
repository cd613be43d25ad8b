/**
 * Lists all routes of a node, but for those to fe80::/10 and ff00::/8: the kernel makes them for each interface some time
 * after that is up.
 */
export const LIST_ROUTES =
	"ip -4 route show table all; ip -6 route show table all | sed -E '/^((local|anycast|multicast) )?(fe80|ff00)::/d'"
