# probe.pl PROTOCOL ADDRESS PORT COUNT TIMEOUT_MS SOURCE_PORT STEP: asks once over each of COUNT new connections (or new UDP
# sockets), the first from SOURCE_PORT, each other one from a port STEP higher, and prints an answer or {"error":"refused|timeout|reset|unreachable|closed"} per line.
use strict;
use warnings;
use Socket qw(SOL_SOCKET SO_LINGER);
use lib __FILE__ =~ s/[^\/]+$//r || '.';
require 'wire.pl';

my ($protocol, $address, $port, $count, $timeout, $source_port, $step) = @ARGV;
$| = 1;
for (1 .. $count) {
	my ($socket, $error) = connect_to($protocol, $address, $port, $timeout / 1000, $source_port);
	(my $answer, $error) = ask($socket, $timeout / 1000) if $socket;
	print defined $error ? qq({"error":"$error"}) : $answer, "\n";
	# Without a step the next connection has the same five numbers: this one must leave nothing behind.
	setsockopt($socket, SOL_SOCKET, SO_LINGER, pack('ii', 1, 0)) if $socket && !$step && $protocol ne 'udp';
	$source_port += $step;
}
