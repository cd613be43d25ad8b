#!/bin/sh
# PID 1 of the User-mode Linux guest. The whole file system of the host is here already (hostfs); what belongs to a
# kernel is mounted fresh, the command runs, its status goes out through a file, and the guest powers off.
# The runner copies this file into the run's own folder, which is how we know that folder.
dir=${0%/*}
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin

mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t tmpfs tmpfs /run # ip netns, xtables.lock: nothing may reach the host or another guest
mkdir -p /dev/pts /dev/shm /run/lock
mount -t devpts devpts /dev/pts
mount -t tmpfs tmpfs /dev/shm
ln -sf /proc/self/fd /dev/fd
ln -sf fd/0 /dev/stdin
ln -sf fd/1 /dev/stdout
ln -sf fd/2 /dev/stderr
echo kube-lvs >/proc/sys/kernel/hostname
# Guests of Linux 6.12 and later crash when a Node.js that uses it ends; older ones have no such switch.
[ ! -e /proc/sys/kernel/io_uring_disabled ] || echo 2 >/proc/sys/kernel/io_uring_disabled

# The host's /lib/modules knows nothing of this kernel.
mount -t tmpfs tmpfs /lib/modules
ln -s "/usr/lib/uml/modules/$(uname -r)" /lib/modules/

# Only what no request loads by itself, or not one of a container without privileges: the rest (schedulers, sets, matches,
# dummy, veth, sctp) comes when first used.
modprobe -a ip_vs br_netfilter ip_tables ip6_tables
ip link set lo up

perl "$dir/uml-exec.pl" "$dir"
echo o >/proc/sysrq-trigger
sleep 10
