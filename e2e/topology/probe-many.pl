# probe-many.pl SECONDS SOURCE_PORT: asks many targets at once. Each line of standard input is ID PROTOCOL ADDRESS PORT COUNT
# [SOURCE]: COUNT connections (or UDP sockets) are opened one after the other without waiting, from the address SOURCE where
# given. Each has a source port of its own, counted up from SOURCE_PORT: of two connections to one real server that have the
# same, IPVS cannot tell the answers apart, even if they asked for different VIPs.
# SECONDS begin when the last one is open; whole ones, because perl-base has no finer clock.
# Prints `ID ANSWER` or `ID {"error":"refused|timeout|..."}` for each, in the order in which they end.
use strict;
use warnings;
use lib __FILE__ =~ s/[^\/]+$//r || '.';
require 'wire.pl';

my ($seconds, $source_port) = @ARGV;
my %probes;
$SIG{PIPE} = 'IGNORE';
my @lines = <STDIN>;
for my $line (@lines) {
	chomp $line;
	my ($id, $protocol, $address, $port, $count, $source) = split / /, $line;
	begin($id, $protocol, $address, $port, $source) for 1 .. $count;
	serve(0);
}
my $deadline = time + 1 + $seconds;
my $now = time;
while (%probes && time < $deadline) {
	serve(0.2);
	repeat_questions() if time != $now;
	$now = time;
}
end_probe($_, 'timeout') for values %probes;

sub begin {
	my ($id, $protocol, $address, $port, $source) = @_;
	my $socket = make_socket($protocol, $source // ($address =~ /:/ ? '::' : '0.0.0.0'), $source_port++);
	my $probe = {id => $id, socket => $socket, protocol => $protocol, input => ''};
	$probes{fileno $socket} = $probe;
	return send_question($probe) if connect($socket, pack_address($address, $port));
	return end_probe($probe, error_word()) if !$!{EINPROGRESS};
	return;
}

sub serve {
	my ($seconds) = @_;
	my ($reading, $writing) = ('', '');
	vec($probes{$_}{asked} ? $reading : $writing, $_, 1) = 1 for keys %probes;
	return if select($reading, $writing, undef, $seconds) <= 0;
	for my $fd (keys %probes) {
		my $probe = $probes{$fd};
		if (vec($writing, $fd, 1)) { finish_connect($probe) }
		elsif (vec($reading, $fd, 1)) { read_answer($probe) }
	}
	return;
}

sub finish_connect {
	my ($probe) = @_;
	$! = unpack('i', getsockopt($probe->{socket}, Socket::SOL_SOCKET(), Socket::SO_ERROR()));
	return $! ? end_probe($probe, error_word()) : send_question($probe);
}

sub send_question {
	my ($probe) = @_;
	$probe->{asked} = 1;
	return end_probe($probe, error_word()) if !defined syswrite($probe->{socket}, "?\n");
	return;
}

# A question over UDP, or the refusal of it, may get lost.
sub repeat_questions {
	send_question($_) for grep { $_->{protocol} eq 'udp' } values %probes;
	return;
}

sub read_answer {
	my ($probe) = @_;
	my $length = sysread($probe->{socket}, $probe->{input}, 65536, length $probe->{input});
	return end_probe($probe, error_word()) if !defined $length;
	return end_probe($probe, 'closed') if !$length;
	return if $probe->{input} !~ /^(.*)\n/;
	print "$probe->{id} $1\n";
	delete $probes{fileno $probe->{socket}};
	return;
}

sub end_probe {
	my ($probe, $error) = @_;
	print qq($probe->{id} {"error":"$error"}\n);
	delete $probes{fileno $probe->{socket}};
	return;
}
