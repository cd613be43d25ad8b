# Runs the command inside the guest: its argv, folder and environment come from the file `command`, its output goes to
# two consoles that the host reads as stdout and stderr, its status into the file `status`.
# Pipes lie between command and consoles, so that the command sees no terminal where its caller has none.
use strict;
use warnings;
use Fcntl;
use POSIX ();

my ($dir) = @ARGV;
my ($cwd, $count, @rest) = read_command("$dir/command");
my @argv = splice(@rest, 0, $count);

my @pumps;
my $ended;
my $pid = start();
$SIG{CHLD} = sub { }; # wakes the waiting below
pump(0.1) while !finished();
pump_rest();
POSIX::tcdrain(fileno $_->{console}) for @pumps;
my $code = $? & 127 ? 128 + ($? & 127) : $? >> 8;
write_status($code);

sub read_command {
	open(my $file, '<', $_[0]) or die "$_[0]: $!";
	local $/;
	return split(/\0/, <$file>, -1);
}

sub console {
	sysopen(my $console, $_[0], O_WRONLY | O_NOCTTY) or die "$_[0]: $!";
	my $settings = POSIX::Termios->new;
	$settings->getattr(fileno $console);
	$settings->setoflag(0); # raw: no \r before \n
	$settings->setattr(fileno $console, POSIX::TCSANOW());
	return $console;
}

sub start {
	pipe(my $out, my $out_end) or die;
	pipe(my $err, my $err_end) or die;
	my $child = fork // die "fork: $!";
	run($out_end, $err_end) if $child == 0;
	@pumps = ({from => $out, console => console('/dev/tty1')}, {from => $err, console => console('/dev/tty2')});
	return $child;
}

sub run {
	my ($out, $err) = @_;
	open(STDIN, '<', '/dev/null');
	POSIX::setsid();
	POSIX::dup2(fileno $out, 1);
	POSIX::dup2(fileno $err, 2);
	%ENV = map { split(/=/, $_, 2) } grep { /=/ } @rest;
	if (!chdir $cwd) { print STDERR "$cwd: $!\n"; POSIX::_exit(126) }
	{ no warnings; exec { $argv[0] } @argv; }
	print STDERR "$argv[0]: $!\n";
	POSIX::_exit($!{ENOENT} ? 127 : 126);
}

sub finished { return $ended ||= waitpid($pid, POSIX::WNOHANG()) == $pid }

# Waits a little and copies what has come; true if something had.
sub pump {
	my ($wait) = @_;
	my $bits = '';
	vec($bits, fileno $_->{from}, 1) = 1 for grep { !$_->{closed} } @pumps;
	return select(undef, undef, undef, $wait) && 0 if $bits !~ /[^\0]/;
	return 0 if select($bits, undef, undef, $wait) <= 0;
	copy($_) for grep { vec($bits, fileno $_->{from}, 1) } @pumps;
	return 1;
}

sub copy {
	my ($pump) = @_;
	my $length = sysread($pump->{from}, my $bytes, 65536);
	return if !defined $length && $!{EINTR};
	return $pump->{closed} = 1 if !$length;
	my $done = 0;
	while ($done < $length) {
		$done += syswrite($pump->{console}, $bytes, $length - $done, $done) // ($!{EINTR} ? 0 : die "console: $!");
	}
	return;
}

# A daemon left behind may hold the pipes open for ever: what is there now is all we wait for.
sub pump_rest {
	my $status = $?;
	1 while pump(0);
	$? = $status;
	return;
}

sub write_status {
	open(my $file, '>', "$dir/status.part") or die "$dir/status: $!";
	print $file $_[0];
	close $file;
	rename("$dir/status.part", "$dir/status");
	return;
}
