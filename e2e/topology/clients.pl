# clients.pl TIMEOUT_MS: many clients in one process, whose connections begin one after the other: each has its answer
# before the next one begins. Each line of standard input is a command, with spaces between its words:
#   ask GROUP PROTOCOL ADDRESS PORT COUNT SOURCE QUESTION: COUNT new connections (or UDP sockets) from the address SOURCE (- is
#     any), each with a source port that none had before. Those of a GROUP stay open; without one (-) each is closed after
#     its answer. QUESTION is in hexadecimal.
#   again GROUP: each of the group asks once more
#   close GROUP
# Each gets one line back: a list of answers or {"error":"refused|timeout|..."}, in the order of the connections.
use strict;
use warnings;
use lib __FILE__ =~ s/[^\/]+$//r || '.';
require 'wire.pl';

# Above those of other programs here.
use constant {FIRST_PORT => 30_000, LAST_PORT => 60_000};

my ($timeout) = map { $_ / 1000 } @ARGV;
my $source_port = FIRST_PORT;
my %groups;
my %commands = (ask => \&ask_anew, again => \&ask_again, close => \&close_group);
$| = 1;
print "[]\n";
while (my $line = <STDIN>) {
	my ($command, @words) = split ' ', $line;
	print '[', join(',', $commands{$command}->(@words)), "]\n";
}

sub ask_anew {
	my ($group, $protocol, $address, $port, $count, $source, $question) = @_;
	my @from = $source eq '-' ? () : ($source);
	return map { ask_once($group, pack('H*', $question), $protocol, $address, $port, $timeout, next_port(), @from) } 1 .. $count;
}

sub next_port {
	die "no source port is left\n" if $source_port > LAST_PORT;
	return $source_port++;
}

sub ask_once {
	my ($group, $question, @target) = @_;
	my ($socket, $error) = connect_to(@target);
	push @{$groups{$group}}, {socket => $socket, question => $question} if $socket && $group ne '-';
	return $socket ? answer($socket, $question) : failure($error);
}

sub ask_again {
	my ($group) = @_;
	return map { answer($_->{socket}, $_->{question}) } @{$groups{$group} // []};
}

sub answer {
	my ($socket, $question) = @_;
	my ($answer, $error) = ask($socket, $timeout, $question);
	return $answer // failure($error);
}

sub failure { return qq({"error":"$_[0]"}) }

sub close_group {
	my ($group) = @_;
	delete $groups{$group};
	return;
}
