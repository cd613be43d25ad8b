# probe.pl PROTOCOL ADDRESS PORT COUNT TIMEOUT_MS [SOURCE_PORT]: asks once over each of COUNT new connections (or new UDP
# sockets), and prints an answer or {"error":"refused|timeout|reset|unreachable|closed"} per line.
use strict;
use warnings;
use Socket qw(SOL_SOCKET SO_LINGER);
use lib __FILE__ =~ s/[^\/]+$//r || '.';
require 'wire.pl';

my ($protocol, $address, $port, $count, $timeout, $source_port) = @ARGV;
$| = 1;
for (1 .. $count) {
	my ($socket, $error) = connect_to($protocol, $address, $port, $timeout / 1000, $source_port);
	(my $answer, $error) = ask($socket, $timeout / 1000) if $socket;
	print defined $error ? qq({"error":"$error"}) : $answer, "\n";
	# With a fixed source port the next connection has the same five numbers: this one must leave nothing behind.
	setsockopt($socket, SOL_SOCKET, SO_LINGER, pack('ii', 1, 0)) if $socket && $source_port && $protocol ne 'udp';
}
