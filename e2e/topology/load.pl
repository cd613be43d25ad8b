# load.pl INTERVAL_MS LONG TIMEOUT_MS FIRST_PORT PORTS CLOSERS ADDRESS,PORT...: constant load over TCP. Every INTERVAL_MS a new
# connection (request, answer, close) to one of the targets in turn, from source ports that are used again and again; and
# LONG connections that each ask every 100 ms. Each target has PORTS source ports of its own, for both: IPVS cannot tell the
# answers apart of two connections from one port to one real server by way of two VIPs. For each line on standard input it
# prints what it has seen so far, as a line of JSON; at the end of its input it finishes what is under way, prints that line
# once more, and ends.
#
# Who closes takes turns: CLOSERS is a list of server, reset (by the client) and client. Source ports in TIME_WAIT are passed
# over, which net.ipv4.tcp_tw_reuse=1 makes rare. Time in which this process itself did not run (a busy machine) is not counted.
use strict;
use warnings;
use Config;
use Fcntl;
use Socket qw(SOL_SOCKET SO_ERROR SO_LINGER);
use lib __FILE__ =~ s/[^\/]+$//r || '.';
require 'wire.pl';

use constant {LONG_INTERVAL => 0.1, LOOK => 0.01, PAUSE => 0.05, SLOW => 0.9, FAILURES_TOLD => 40};
use constant CLOCK_GETTIME => $Config{archname} =~ /^x86_64/ ? 228 : 113; # Time::HiRes is not in perl-base

my ($interval, $long, $timeout, $first_port, $ports, $closers, @names) = @ARGV;
my @closers = split /,/, $closers;
$_ /= 1000 for $interval, $timeout;
my @targets = map { describe_target($_) } 0 .. $#names;

my (%open, %pods, @failures, @to_open);
my %count = map { $_ => 0 } qw(requests failed slow busyPorts longRequests longOpened longEnded longLost);
my ($paused, $longest_pause, $slowest, $turn, $is_ending) = (0, 0, 0, 0, 0);

$SIG{PIPE} = 'IGNORE';
$| = 1;
fcntl(STDIN, F_SETFL, O_NONBLOCK) or die "fcntl: $!\n";
my $now = clock(1);
my $due = $now;
print "ready\n";
open_long($targets[$_ % @targets]) for 0 .. $long - 1;
run() while !$is_ending || %open;
report();

sub describe_target {
	my ($number) = @_;
	my ($address, $port) = split /,/, $names[$number];
	my $first = $first_port + $number * $ports;
	return {name => $names[$number], address => $address, port => $port, first_port => $first, used => 0};
}

# 0 is the time of day, 1 one that nobody sets.
sub clock {
	my ($which) = @_;
	my $bytes = "\0" x 16;
	syscall(CLOCK_GETTIME, $which, $bytes);
	my ($seconds, $nanoseconds) = unpack 'qq', $bytes;
	return $seconds + $nanoseconds / 1e9;
}

sub run {
	my ($read, $write) = ('', '');
	vec($read, fileno STDIN, 1) = 1 if !$is_ending;
	$_->{stage} eq 'connect' ? (vec($write, $_->{fd}, 1) = 1) : (vec($read, $_->{fd}, 1) = 1) for values %open;
	my $rest = $due - clock(1);
	my $ready = select($read, $write, undef, $is_ending || $rest > LOOK ? LOOK : $rest < 0 ? 0 : $rest);
	take_time();
	if ($ready > 0) {
		proceed($_) for grep { vec($read, $_->{fd}, 1) || vec($write, $_->{fd}, 1) } values %open;
		read_commands() if vec($read, fileno STDIN, 1);
	}
	look_at($_) for values %open;
	open_long((shift @to_open)->{target}) while @to_open && $to_open[0]{at} < $now;
	return if $is_ending || $now < $due;
	$due += $interval;
	$due = $now if $due < $now; # what a busy machine did not get done is not made up for
	open_short($targets[$turn++ % @targets]);
	return;
}

# What lies between two looks at the clock is a pause when it is too long to be work.
sub take_time {
	my $before = $now;
	$now = clock(1);
	my $gap = $now - $before;
	return if $gap < PAUSE;
	$paused += $gap - LOOK;
	$longest_pause = $gap if $gap > $longest_pause;
	return;
}

sub read_commands {
	my $length = sysread(STDIN, my $bytes, 4096);
	return if !defined $length;
	return $is_ending = 1 if !$length;
	report() for 1 .. ($bytes =~ tr/\n//);
	return;
}

sub look_at {
	my ($connection) = @_;
	if ($connection->{stage} eq 'rest') {
		return drop($connection) if $is_ending;
		return if $now < $connection->{asked} + LONG_INTERVAL;
		receive($connection); # the server may have closed in this moment
		return if $connection->{stage} ne 'rest';
		begin($connection);
		return ask_now($connection);
	}
	return fail($connection, 'timeout') if time_of($connection) > $timeout;
	return;
}

sub open_short {
	my ($target) = @_;
	for (1 .. $ports) {
		my $use = $target->{used};
		my $closer = $closers[($use + int($use / $ports)) % @closers];
		return if start({target => $target, source_port => next_port($target), closer => $closer});
		$count{busyPorts}++;
	}
	return;
}

sub open_long {
	my ($target) = @_;
	$count{longOpened}++;
	for (1 .. $ports) {
		return if start({target => $target, is_long => 1, source_port => next_port($target), closer => 'client'});
	}
	die "no source port: $!\n";
}

sub next_port {
	my ($target) = @_;
	return $target->{first_port} + $target->{used}++ % $ports;
}

# False when the source port cannot be used just now.
sub start {
	my ($connection) = @_;
	my ($address, $port) = @{$connection->{target}}{qw(address port)};
	my $any = $address =~ /:/ ? '::' : '0.0.0.0';
	my $socket = eval { make_socket('tcp', $any, $connection->{source_port}) } or return 0;
	my $error = connect($socket, pack_address($address, $port)) || $!{EINPROGRESS} ? undef : error_word();
	return 0 if defined $error && ($!{EADDRNOTAVAIL} || $!{EADDRINUSE});
	@{$connection}{qw(socket fd stage input)} = ($socket, fileno $socket, 'connect', '');
	$open{$connection->{fd}} = $connection;
	begin($connection);
	fail($connection, $error) if defined $error;
	return 1;
}

# A request begins; that of a new connection begins with its SYN.
sub begin {
	my ($connection) = @_;
	@{$connection}{qw(asked paused)} = ($now, $paused);
	return;
}

sub time_of {
	my ($connection) = @_;
	return $now - $connection->{asked} - ($paused - $connection->{paused});
}

sub proceed {
	my ($connection) = @_;
	return if $connection->{stage} eq 'gone';
	return receive($connection) if $connection->{stage} ne 'connect';
	$! = unpack('i', getsockopt($connection->{socket}, SOL_SOCKET, SO_ERROR));
	return fail($connection, error_word()) if $!;
	return ask_now($connection);
}

sub ask_now {
	my ($connection) = @_;
	my $line = $connection->{closer} eq 'server' ? "bye\n" : "?\n";
	defined syswrite($connection->{socket}, $line) or return fail($connection, error_word());
	$connection->{stage} = 'answer';
	return;
}

# Stages: connect, answer, and then rest (a long connection) or close (the server is to close).
sub receive {
	my ($connection) = @_;
	my $length = sysread($connection->{socket}, $connection->{input}, 65536, length $connection->{input});
	return if !defined $length && $!{EAGAIN};
	return fail($connection, error_word()) if !defined $length;
	return answered($connection) if $length && $connection->{stage} eq 'answer' && $connection->{input} =~ /\n/;
	return if $length;
	return fail($connection, 'closed') if $connection->{stage} eq 'answer';
	$count{longEnded}++ if $connection->{is_long};
	return again($connection);
}

sub answered {
	my ($connection) = @_;
	my $took = time_of($connection);
	$slowest = $took if $took > $slowest;
	tell_failure($connection, 'slow') if $took > SLOW;
	$count{slow}++ if $took > SLOW;
	$count{$connection->{is_long} ? 'longRequests' : 'requests'}++;
	($connection->{pod}) = $connection->{input} =~ /"pod":"([^"]+)"/;
	$connection->{input} = '';
	return $connection->{stage} = 'rest' if $connection->{is_long};
	$pods{$connection->{pod}}++;
	return $connection->{stage} = 'close' if $connection->{closer} eq 'server';
	setsockopt($connection->{socket}, SOL_SOCKET, SO_LINGER, pack('ii', 1, 0)) if $connection->{closer} eq 'reset';
	return drop($connection);
}

sub fail {
	my ($connection, $kind) = @_;
	$count{$connection->{is_long} && defined $connection->{pod} ? 'longLost' : 'failed'}++;
	tell_failure($connection, $kind);
	return again($connection);
}

sub tell_failure {
	my ($connection, $kind) = @_;
	return if @failures >= FAILURES_TOLD;
	my ($stage, $pod) = ($connection->{stage}, $connection->{pod} // '');
	my ($long, $port) = ($connection->{is_long} ? 'true' : 'false', $connection->{source_port} // 0);
	push @failures, qq({"kind":"$kind","target":"$connection->{target}{name}","stage":"$stage","pod":"$pod","isLong":$long,)
		. sprintf('"sourcePort":%d,"at":%.0f,"milliseconds":%.0f}', $port, clock(0) * 1000, time_of($connection) * 1000);
	return;
}

sub again {
	my ($connection) = @_;
	drop($connection);
	push @to_open, {target => $connection->{target}, at => $now + LONG_INTERVAL} if $connection->{is_long} && !$is_ending;
	return;
}

sub drop {
	my ($connection) = @_;
	delete $open{$connection->{fd}};
	close $connection->{socket};
	$connection->{stage} = 'gone';
	return;
}

sub report {
	my $counts = join ',', map { qq("$_":$count{$_}) } sort keys %count;
	my $by_pod = join ',', map { qq("$_":$pods{$_}) } sort keys %pods;
	my $times = sprintf '"slowest":%.0f,"longestPause":%.0f', $slowest * 1000, $longest_pause * 1000;
	print "{$counts,$times,\"pods\":{$by_pod},\"failures\":[", join(',', @failures), "]}\n";
	return;
}
