# Sockets for the echo server and the clients: TCP, UDP and SCTP over both families.
use strict;
use warnings;
use Fcntl;
use Socket qw(:all);

our %TYPES = (tcp => [SOCK_STREAM, IPPROTO_TCP], udp => [SOCK_DGRAM, IPPROTO_UDP], sctp => [SOCK_STREAM, 132]);

sub family_of { return $_[0] =~ /:/ ? AF_INET6 : AF_INET }

sub pack_address {
	my ($address, $port) = @_;
	return pack_sockaddr_in6($port, inet_pton(AF_INET6, $address)) if $address =~ /:/;
	return pack_sockaddr_in($port, inet_pton(AF_INET, $address));
}

sub unpack_address {
	my ($packed) = @_;
	my $family = sockaddr_family($packed);
	my ($port, $host) = $family == AF_INET6 ? unpack_sockaddr_in6($packed) : unpack_sockaddr_in($packed);
	return (inet_ntop($family, $host), $port);
}

# A non-blocking socket, bound where `port` is given.
sub make_socket {
	my ($protocol, $address, $port) = @_;
	my ($type, $number) = @{$TYPES{$protocol} // die "unknown protocol $protocol\n"};
	my $family = family_of($address);
	socket(my $socket, $family, $type, $number) or die "socket $protocol: $!\n";
	setsockopt($socket, SOL_SOCKET, SO_REUSEADDR, 1);
	setsockopt($socket, IPPROTO_IPV6, IPV6_V6ONLY, 1) if $family == AF_INET6;
	if (defined $port) { bind($socket, pack_address($address, $port)) or die "bind $protocol $address:$port: $!\n" }
	fcntl($socket, F_SETFL, O_NONBLOCK) or die "fcntl: $!\n";
	return $socket;
}

# The words that tests compare; `closed` is an end of file where an answer was due.
sub error_word {
	return 'refused' if $!{ECONNREFUSED};
	return 'timeout' if $!{ETIMEDOUT};
	return 'reset' if $!{ECONNRESET} || $!{EPIPE} || $!{ECONNABORTED};
	return 'unreachable' if $!{EHOSTUNREACH} || $!{ENETUNREACH} || $!{EACCES} || $!{EPERM};
	return "$!";
}

# Waits until the socket can be read or written; false when time is up.
sub wait_for {
	my ($socket, $write, $seconds) = @_;
	vec(my $bits = '', fileno $socket, 1) = 1;
	return select($write ? undef : $bits, $write ? $bits : undef, undef, $seconds) > 0;
}

# Returns (socket, undef) or (undef, error word).
sub connect_to {
	my ($protocol, $address, $port, $seconds, $source_port, $source) = @_;
	my $any = $address =~ /:/ ? '::' : '0.0.0.0';
	my $socket = make_socket($protocol, $source // $any, $source_port);
	return ($socket, undef) if connect($socket, pack_address($address, $port));
	return (undef, error_word()) if !$!{EINPROGRESS};
	return (undef, 'timeout') if !wait_for($socket, 1, $seconds);
	$! = unpack('i', getsockopt($socket, SOL_SOCKET, SO_ERROR));
	return $! ? (undef, error_word()) : ($socket, undef);
}

# Sends one line (or a question of the caller's), gives (answer line, undef) or (undef, error word).
sub ask {
	my ($socket, $seconds, $question) = @_;
	local $SIG{PIPE} = 'IGNORE';
	defined syswrite($socket, $question // "?\n") or return (undef, error_word());
	my $answer = '';
	while ($answer !~ /\n/) {
		return (undef, 'timeout') if !wait_for($socket, 0, $seconds);
		my $length = sysread($socket, $answer, 65536, length $answer);
		return (undef, error_word()) if !defined $length;
		return (undef, 'closed') if !$length;
	}
	chomp $answer;
	return ($answer, undef);
}

1;
