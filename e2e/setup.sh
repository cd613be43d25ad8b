#!/bin/sh
# Makes a fresh checkout ready for `npm test` and the demo: npm packages, and the programs and the kernel that the
# end-to-end tests run. Says nothing when all is there. Installs Debian packages as root on a system with apt-get;
# elsewhere it says what is missing, and fails.
set -eu
cd "$(dirname "$0")/.."
PATH=$PATH:/usr/sbin:/sbin

# npm writes this file last, so it is newer than the lock file it was made from.
installed=node_modules/.package-lock.json
if [ ! -e "$installed" ] || [ -n "$(find package-lock.json -newer "$installed")" ]; then
	npm ci --loglevel=error --no-audit --no-fund >&2
	touch "$installed"
fi

# program:package
programs='ipvsadm:ipvsadm ipset:ipset iptables:iptables ip:iproute2 modprobe:kmod conntrack:conntrack curl:curl sysctl:procps unshare:util-linux setpriv:util-linux perl:perl-base'
missing=
for pair in $programs; do
	command -v "${pair%%:*}" >/dev/null || missing="$missing ${pair#*:}"
done

# The machine's own kernel will do if it has IPVS, loaded or to be loaded, and we are root; User-mode Linux otherwise.
has_ipvs() {
	[ "$(id -u)" = 0 ] && { [ -e /proc/net/ip_vs ] || modprobe -q ip_vs 2>/dev/null; }
}
if ! has_ipvs; then
	command -v linux.uml >/dev/null || missing="$missing user-mode-linux"
	# On these CPUs it needs e2e/kernel/uml-xstate.c.
	! grep -qw amx_tile /proc/cpuinfo || missing="$missing$(sh e2e/kernel/missing-compiler.sh)"
fi

# Checks metrics and rules. Its package also has a server, which must not be started, so the program alone is taken.
needs_promtool() {
	! command -v promtool >/dev/null
}
install_promtool() {
	folder=$(mktemp -d)
	(cd "$folder" && apt-get -q -o APT::Sandbox::User=root download prometheus && dpkg-deb -x ./*.deb .) &&
		install "$folder/usr/bin/promtool" /usr/local/bin/promtool
	result=$?
	rm -rf "$folder"
	return "$result"
}
install_all() {
	apt-get -q update || return 1
	# shellcheck disable=SC2086 # a list of packages
	[ -z "$missing" ] || apt-get -qy install --no-install-recommends $missing || return 1
	! needs_promtool || install_promtool
}

if [ -n "$missing" ] || needs_promtool; then
	if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
		[ -z "$missing" ] || echo "missing programs; as root on Debian: apt-get install --no-install-recommends$missing" >&2
		! needs_promtool || echo 'promtool is missing: it is part of Prometheus, and of the Debian package prometheus' >&2
		exit 1
	fi
	echo "installing$missing$(! needs_promtool || echo ' promtool')" >&2
	export DEBIAN_FRONTEND=noninteractive
	log=$(mktemp)
	if ! install_all >"$log" 2>&1; then
		cat "$log" >&2
		rm -f "$log"
		echo "could not install$missing$(! needs_promtool || echo ' promtool')" >&2
		exit 1
	fi
	rm -f "$log"
fi

# Where the guest mounts its modules; containers often lack it.
if command -v linux.uml >/dev/null && [ ! -d /lib/modules ]; then
	mkdir -p /lib/modules 2>/dev/null || {
		echo 'the folder /lib/modules is missing; as root: mkdir /lib/modules' >&2
		exit 1
	}
fi
