# connection.pl PROTOCOL ADDRESS PORT TIMEOUT_MS SOURCE_PORT: one connection. Prints `connected` or an error, then asks
# once for each line on standard input, and prints each answer. Resets the connection when standard input ends.
use strict;
use warnings;
use Socket qw(SOL_SOCKET SO_LINGER);
use lib __FILE__ =~ s/[^\/]+$//r || '.';
require 'wire.pl';

my ($protocol, $address, $port, $timeout, $source_port) = @ARGV;
$| = 1;
my ($socket, $error) = connect_to($protocol, $address, $port, $timeout / 1000, $source_port);
print defined $error ? qq({"error":"$error"}\n) : qq({"connected":true}\n);
exit 1 if defined $error;
while (<STDIN>) {
	(my $answer, $error) = ask($socket, $timeout / 1000);
	print defined $error ? qq({"error":"$error"}) : $answer, "\n";
}
setsockopt($socket, SOL_SOCKET, SO_LINGER, pack('ii', 1, 0));
