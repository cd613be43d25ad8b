# echo.pl NAME ADDRESSES PORT...: answers on every address and port over TCP, UDP and, where the kernel has it, SCTP. Each
# line (or datagram) gets one line of JSON that says who answers and whom it sees; an HTTP request gets the same as a page. Connections stay open until
# the client closes them, or says `bye`: that is answered, and the connection closed. On SIGTERM it takes no new connections,
# closes each that is there after its next answer, and ends when none is left. ADDRESSES is a list with commas; 0.0.0.0,::
# is all of them, but then UDP answers come from the address the kernel prefers, which on a host with several need not be
# the one that was asked.
use strict;
use warnings;
use Socket qw(SOMAXCONN);
use lib __FILE__ =~ s/[^\/]+$//r || '.';
require 'wire.pl';

my ($name, $addresses, @ports) = @ARGV;
my (%listeners, %datagrams, %clients);
my $is_leaving = 0;
for my $address (split /,/, $addresses) {
	for my $port (@ports) { listen_on($address, $port) }
}
$SIG{PIPE} = 'IGNORE';
$SIG{TERM} = sub { $is_leaving = 1 };
$| = 1;
print "ready\n";
serve() until $is_leaving;
leave();
serve() while %clients;

sub listen_on {
	my ($address, $port) = @_;
	for my $protocol (qw(tcp sctp udp)) {
		my $socket = eval { make_socket($protocol, $address, $port) };
		next if !$socket && $@ =~ /^socket sctp: Protocol not supported/;
		die $@ if !$socket;
		if ($protocol eq 'udp') { $datagrams{fileno $socket} = $socket; next }
		listen($socket, SOMAXCONN) or die "listen $protocol $address:$port: $!\n";
		$listeners{fileno $socket} = {socket => $socket, protocol => $protocol};
	}
	return;
}

# Who knocked before the door is closed is let in.
sub leave {
	for my $listener (values %listeners) { 1 while accept_client($listener) }
	close $_->{socket} for values %listeners;
	%listeners = ();
	return;
}

sub serve {
	my $bits = '';
	vec($bits, $_, 1) = 1 for keys %listeners, keys %datagrams, keys %clients;
	return if select($bits, undef, undef, 0.5) <= 0; # a signal may come just before
	accept_client($listeners{$_}) for grep { vec($bits, $_, 1) } keys %listeners;
	answer_datagram($datagrams{$_}) for grep { vec($bits, $_, 1) } keys %datagrams;
	read_client($clients{$_}) for grep { vec($bits, $_, 1) } keys %clients;
	return;
}

sub accept_client {
	my ($listener) = @_;
	my $peer = accept(my $socket, $listener->{socket}) or return;
	$socket->blocking(0);
	my $description = describe($listener->{protocol}, $peer, getsockname $socket);
	$clients{fileno $socket} = {socket => $socket, description => $description, input => ''};
	return 1;
}

sub answer_datagram {
	my ($socket) = @_;
	defined(my $peer = recv($socket, my $bytes, 65536, 0)) or return;
	send($socket, describe('udp', $peer, getsockname $socket) . "\n", 0, $peer);
	return;
}

sub read_client {
	my ($client) = @_;
	my $length = sysread($client->{socket}, $client->{input}, 65536, length $client->{input});
	return if !defined $length && $!{EAGAIN};
	return part($client) if !$length;
	while ($client->{input} =~ /\n/ && whole_request($client)) {
		my $is_last = $is_leaving || $client->{input} =~ /^bye\n/;
		syswrite($client->{socket}, next_answer($client));
		return part($client) if $is_last;
	}
	return;
}

sub part {
	my ($client) = @_;
	delete $clients{fileno $client->{socket}};
	close $client->{socket};
	return;
}

sub whole_request {
	my ($client) = @_;
	return $client->{input} !~ /^(?:GET|HEAD) \S+ HTTP/ || $client->{input} =~ /\r\n\r\n/;
}

sub next_answer {
	my ($client) = @_;
	my $line = "$client->{description}\n";
	return $line if $client->{input} !~ /^(GET|HEAD) \S+ HTTP/ && $client->{input} =~ s/^.*\n//;
	my $method = $1;
	$client->{input} =~ s/^.*?\r\n\r\n//s;
	my $head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " . length($line) . "\r\n\r\n";
	return $method eq 'HEAD' ? $head : $head . $line;
}

sub describe {
	my ($protocol, $peer, $self) = @_;
	my ($client, $client_port) = unpack_address($peer);
	my ($server, $server_port) = unpack_address($self);
	return qq({"pod":"$name","client":"$client","clientPort":$client_port,)
		. qq("server":"$server","serverPort":$server_port,"protocol":"$protocol"});
}
