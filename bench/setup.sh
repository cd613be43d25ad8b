#!/bin/sh
# Makes a checkout that e2e/setup.sh has made ready for the tests ready for the benchmark as well: a C compiler, and the
# peers that it measures. Says nothing when all is there. Installs Debian packages as root on a system with apt-get;
# elsewhere it says what is missing, and fails.
set -eu
PATH=$PATH:/usr/sbin:/sbin

missing=$(sh "$(dirname "$0")/../e2e/kernel/missing-compiler.sh")
command -v keepalived >/dev/null || missing="$missing keepalived"

[ -n "$missing" ] || exit 0
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
	echo "missing programs; as root on Debian: apt-get install --no-install-recommends$missing" >&2
	exit 1
fi
echo "installing$missing" >&2
export DEBIAN_FRONTEND=noninteractive
log=$(mktemp)
# shellcheck disable=SC2086 # a list of packages
if ! { apt-get -q update && apt-get -qy install --no-install-recommends $missing; } >"$log" 2>&1; then
	cat "$log" >&2
	rm -f "$log"
	echo "could not install$missing" >&2
	exit 1
fi
rm -f "$log"
