# Lends a Java test the network of this machine's kernel, in two namespaces that nobody else has:
# in one the kernel is asked, the other holds the far ends of its links. Both vanish with this
# process. Needs root, and of perl only what Debian's perl-base has.
#
# One command a line on standard input, one answer a command: lines of events, if any, and then
# "ok" or "no REASON". Bytes are written in hexadecimal.
use strict;
use warnings;

my %CALLS = (
    x86_64  => {unshare => 272, setns => 308, fsuid => 122, fsgid => 123, affinity => 203},
    aarch64 => {unshare => 97,  setns => 268, fsuid => 151, fsgid => 152, affinity => 122},
);
my ($AF_INET, $AF_INET6, $AF_NETLINK, $AF_PACKET) = (2, 10, 16, 17);
my ($SOCK_STREAM, $SOCK_DGRAM, $SOCK_RAW) = (1, 2, 3);
my ($CLONE_NEWNET, $MSG_DONTWAIT, $NETLINK_NETFILTER) = (0x40000000, 0x40, 12);
my ($SOL_SOCKET, $SO_REUSEADDR, $SO_BROADCAST, $SO_RCVBUFFORCE, $SO_MARK) = (1, 2, 6, 33, 36);
my ($SOL_IP, $IP_TRANSPARENT, $SOL_IPV6, $IPV6_V6ONLY, $IPV6_TRANSPARENT) = (0, 19, 41, 26, 75);
# 253 is a protocol number for experiments (RFC 3692).
my $SENTINEL_PROTOCOL = 253;

open(my $uname, '-|', 'uname', '-m') or die "no uname: $!\n";
chomp(my $machine = <$uname>);
my $call = $CALLS{$machine} or die "no system call numbers for $machine\n";

sub call {
    my ($name, @arguments) = @_;
    my $result = syscall($call->{$name}, @arguments);
    die "$name: $!\n" if $result < 0;
    return $result;
}

sub new_namespace {
    call('unshare', $CLONE_NEWNET);
    open(my $handle, '<', "/proc/$$/ns/net") or die "namespace: $!\n";
    return $handle;
}

sub within {
    my ($namespace, $work) = @_;
    call('setns', fileno($namespace), $CLONE_NEWNET);
    my @result = eval { $work->() };
    my $failure = $@;
    call('setns', fileno($main::asked), $CLONE_NEWNET);
    die $failure if $failure;
    return wantarray ? @result : $result[0];
}

sub socket_of {
    my ($domain, $type, $protocol) = @_;
    socket(my $handle, $domain, $type, $protocol) or die "socket($domain, $type, $protocol): $!\n";
    return $handle;
}

sub option {
    my ($handle, $level, $name, $value) = @_;
    setsockopt($handle, $level, $name, $value) or die "socket option $level, $name: $!\n";
}

sub shell {
    my ($command) = @_;
    my $said = `$command 2>&1`;
    die "$command: exit " . ($? >> 8) . ": $said\n" if $?;
    return $said;
}

# Runs a command with these bytes on its standard input.
sub feed {
    my ($bytes, $command) = @_;
    pipe(my $in, my $to) and pipe(my $from, my $out) or die "pipe: $!\n";
    my $child = fork() // die "fork: $!\n";
    if (!$child) {
        open(STDIN, '<&', $in) and open(STDOUT, '>&', $out) and open(STDERR, '>&', $out) or die;
        close($_) for $in, $to, $from, $out;
        exec('sh', '-c', $command) or die "sh: $!\n";
    }
    close($in) and close($out);
    print $to $bytes;
    close($to);
    my $said = join '', <$from>;
    waitpid($child, 0);
    die "$command: exit " . ($? >> 8) . ": $said\n" if $?;
}

# A socket that sends and hears frames of one interface of the present namespace.
sub packet_socket {
    my ($name) = @_;
    my ($number) = shell("ip -o link show dev $name") =~ /^(\d+):/ or die "no index of $name\n";
    my $handle = socket_of($AF_PACKET, $SOCK_RAW, unpack('S', pack('n', 3)));
    option($handle, $SOL_SOCKET, $SO_RCVBUFFORCE, pack('i', 1 << 22));
    bind($handle, pack('S n i S C C a8', $AF_PACKET, 3, $number, 0, 0, 0, '')) or die "bind: $!\n";
    return $handle;
}

# The far end of a link, whose kernel sends nothing of its own.
sub far_link {
    my ($name) = @_;
    shell("echo 1 > /proc/sys/net/ipv6/conf/$name/disable_ipv6");
    shell("ip link set $name arp off up");
}

# Everything below runs on one processor: so packets are handled in the order in which they come.
call('affinity', 0, 8, pack('Q', 1));
my $far = new_namespace();
our $asked = new_namespace();
my (%links, @hearers, %senders, @listeners);
my $log = socket_of($AF_NETLINK, $SOCK_RAW, $NETLINK_NETFILTER);
option($log, $SOL_SOCKET, $SO_RCVBUFFORCE, pack('i', 1 << 24));
my $control = socket_of($AF_NETLINK, $SOCK_RAW, $NETLINK_NETFILTER);
my $sentinel;

# The error number of a netlink request; 0 is success.
sub request {
    my ($handle, $bytes) = @_;
    defined(send($handle, $bytes, 0)) or die "netlink: $!\n";
    while (1) {
        defined(recv($handle, my $answer, 65536, 0)) or die "netlink: $!\n";
        my ($length, $type) = unpack('L S', $answer);
        return -unpack('x16 l', $answer) if $type == 2;
    }
}

sub readable {
    my ($handle, $seconds) = @_;
    vec(my $set = '', fileno($handle), 1) = 1;
    return select($set, undef, undef, $seconds) > 0;
}

# Waits until all that was sent has been handled. A packet may be answered, and the answer loop:
# a sentinel that is sent after that has come back is behind it, so three are enough.
sub settle {
    for (1 .. 3) {
        defined(send($sentinel, sentinel_frame(), 0)) or die "sentinel: $!\n";
        while (1) {
            readable($log, 10) or die "the sentinel was lost\n";
            defined(recv($log, my $message, 65536, 0)) or die "log: $!\n";
            last if index($message, 'sentinel') >= 0;
            print 'log ', unpack('H*', $message), "\n";
        }
    }
    for my $name (sort keys %links) {
        while (defined(my $from = recv($links{$name}, my $frame, 65536, $MSG_DONTWAIT))) {
            # 4 is PACKET_OUTGOING: what this end sent itself
            print "wire $name ", unpack('H*', $frame), "\n" if unpack('x10 C', $from) != 4;
        }
    }
    for my $hearer (@hearers) {
        my ($handle, $family, $protocol) = @$hearer;
        while (defined(my $from = recv($handle, my $packet, 65536, $MSG_DONTWAIT))) {
            print "heard $family $protocol ", unpack('H*', $from), ' ', unpack('H*', $packet), "\n";
        }
    }
}

sub sentinel_frame {
    my $header = pack('C C n n n C C n a4 a4', 0x45, 0, 20, 0, 0, 64, $SENTINEL_PROTOCOL, 0,
        "\x7f\0\0\1", "\x7f\0\0\1");
    my $sum = 0;
    $sum += $_ for unpack('n*', $header);
    $sum = ($sum & 0xffff) + ($sum >> 16) while $sum > 0xffff;
    substr($header, 10, 2) = pack('n', ~$sum & 0xffff);
    return ("\0" x 12) . pack('n', 0x0800) . $header;
}

sub address {
    my ($family, $bytes, $port) = @_;
    return $family == 4 ? pack('S n a4 x8', $AF_INET, $port, $bytes)
        : pack('S n N a16 N', $AF_INET6, $port, 0, $bytes, 0);
}

# A socket that belongs to somebody. (To syscall() a number in a string is the address of a text.)
sub owned_socket {
    my ($uid, $gid, @kind) = @_;
    syscall($call->{fsgid}, $gid + 0);
    syscall($call->{fsuid}, $uid + 0);
    my $handle = eval { socket_of(@kind) };
    my $failure = $@;
    syscall($call->{fsuid}, 0);
    syscall($call->{fsgid}, 0);
    die $failure if $failure;
    return $handle;
}

sub sender {
    my ($family, $uid, $gid) = @_;
    my $domain = $family == 4 ? $AF_INET : $AF_INET6;
    return $senders{"$family $uid $gid"} //= do {
        my $handle = owned_socket($uid, $gid, $domain, $SOCK_RAW, 255);
        option($handle, $SOL_SOCKET, $SO_BROADCAST, pack('i', 1));
        $handle;
    };
}

sub listener {
    my ($family, $type, $port, $uid) = @_;
    my $handle = owned_socket($uid, 0, $family == 4 ? $AF_INET : $AF_INET6, $type, 0);
    option($handle, $SOL_SOCKET, $SO_REUSEADDR, pack('i', 1));
    option($handle, $SOL_IPV6, $IPV6_V6ONLY, pack('i', 1)) if $family == 6;
    option($handle, $family == 4 ? $SOL_IP : $SOL_IPV6,
        $family == 4 ? $IP_TRANSPARENT : $IPV6_TRANSPARENT, pack('i', 1));
    bind($handle, address($family, "\0" x ($family == 4 ? 4 : 16), $port)) or die "bind: $!\n";
    listen($handle, 128) or die "listen: $!\n" if $type == $SOCK_STREAM;
    push @listeners, $handle;
}

my %commands = (
    # run COMMAND: a shell command in the namespace
    run => sub { shell(join ' ', @_) },
    # read COMMAND: the same, with what it printed as an event
    read => sub { print 'text ', unpack('H*', shell(join ' ', @_)), "\n" },
    # file NAME: what a file holds
    file => sub {
        open(my $file, '<', $_[0]) or die "$_[0]: $!\n";
        local $/;
        print 'text ', unpack('H*', <$file> // ''), "\n";
    },
    # write BYTES COMMAND: the same, with bytes on its standard input
    write => sub { my ($bytes, @command) = @_; feed(pack('H*', $bytes), join ' ', @command) },
    # link NAME: a link whose far end this process holds
    link => sub {
        my ($name) = @_;
        my $there = "/proc/$$/fd/" . fileno($far);
        shell("ip link add $name type veth peer name $name netns $there");
        $links{$name} = within($far, sub { far_link($name); packet_socket($name) });
    },
    # hear FAMILY PROTOCOL: tell what is delivered here
    hear => sub {
        my ($family, $protocol) = @_;
        my $handle = socket_of($family == 4 ? $AF_INET : $AF_INET6, $SOCK_RAW, $protocol);
        push @hearers, [$handle, $family, $protocol];
    },
    # listen FAMILY TYPE PORT UID: a transparent socket, TYPE 1 for TCP and 2 for UDP
    listen => \&listener,
    # sentinel: lo is up, and the rules that tell of sentinels stand
    sentinel => sub { $sentinel = packet_socket('lo') },
    # settle: wait until all has been handled
    settle => \&settle,
    # log BYTES, ask BYTES: a netlink request, to the socket that hears of packets or another one
    log => sub { my $e = request($log, pack('H*', $_[0])); die "error $e\n" if $e },
    ask => sub { my $e = request($control, pack('H*', $_[0])); die "error $e\n" if $e },
    # in LINK BYTES: a frame arrives on a link
    in => sub {
        my ($name, $bytes) = @_;
        defined(send($links{$name}, pack('H*', $bytes), 0)) or die "send: $!\n";
        settle();
    },
    # out FAMILY UID GID MARK ADDRESS BYTES: a socket of that owner sends a packet
    out => sub {
        my ($family, $uid, $gid, $mark, $to, $bytes) = @_;
        my $handle = sender($family, $uid, $gid);
        option($handle, $SOL_SOCKET, $SO_MARK, pack('I', $mark));
        my $sent = send($handle, pack('H*', $bytes), 0, address($family, pack('H*', $to), 0));
        print 'sent ', defined $sent ? 0 : $! + 0, "\n";
        settle();
    },
);

$SIG{PIPE} = 'IGNORE';
$| = 1;
print "ready\n";
while (my $line = <STDIN>) {
    chomp $line;
    my ($name, @arguments) = split / /, $line;
    my $command = $commands{$name} or do { print "no such command: $name\n"; next };
    eval { $command->(@arguments); 1 } or do {
        my $reason = $@;
        $reason =~ s/\s+/ /g;
        print "no $reason\n";
        next;
    };
    print "ok\n";
}
