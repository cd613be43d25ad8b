# asker.pl: for each line `PROTOCOL ADDRESS PORT COUNT TIMEOUT_MS` on standard input, asks once over each of COUNT new
# connections (or new UDP sockets), and prints an answer or {"error":WORD} per line. As probe.pl, but it starts only once.
use strict;
use warnings;
use lib (__FILE__ =~ s/[^\/]+$//r || './') . '../topology';
require 'wire.pl';

$| = 1;
while (my $line = <STDIN>) {
	my ($protocol, $address, $port, $count, $timeout) = split ' ', $line;
	for (1 .. $count) {
		my ($socket, $error) = connect_to($protocol, $address, $port, $timeout / 1000);
		(my $answer, $error) = ask($socket, $timeout / 1000) if $socket;
		print defined $error ? qq({"error":"$error"}) : $answer, "\n";
	}
}
