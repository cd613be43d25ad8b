#!/bin/sh
# Inside fresh network and mount namespaces: what belongs to the old network namespace is replaced, then the command runs.
mount --make-rprivate / &&
	mount -t sysfs sysfs /sys &&
	mkdir -p /run/netns && mount -t tmpfs tmpfs /run/netns &&
	ip link set lo up &&
	exec "$@"
