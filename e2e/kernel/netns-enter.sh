#!/bin/sh
# Inside fresh network and mount namespaces: what belongs to the old network namespace is replaced, then the command runs.
mount --make-rprivate / &&
	mount -t sysfs sysfs /sys &&
	mount -t tmpfs tmpfs /run && mkdir -p /run/netns /run/lock &&
	ip link set lo up &&
	exec "$@"
