#!/usr/bin/perl
# The inbound and outbound side of a sidecar, at the level of TCP: takes redirected connections on
# 15006 and 15001, asks the kernel where they were going, and connects there.
#   proxy.pl pod        inbound goes on to the address called, from 127.0.0.6
#   proxy.pl loopback   inbound goes on to 127.0.0.1
use strict;
use warnings;
use IO::Select;
use IO::Socket::INET;
use Socket qw(inet_ntoa unpack_sockaddr_in);

use constant { SOL_IP => 0, SO_ORIGINAL_DST => 80 };

my $mode = $ARGV[0] || 'pod';
$SIG{PIPE} = 'IGNORE';
my %listener;
for my $port (15006, 15001) {
  my $socket = IO::Socket::INET->new(
    LocalAddr => '0.0.0.0', LocalPort => $port, Listen => 128, ReuseAddr => 1)
    or die "cannot listen on $port: $!";
  $listener{$socket} = $port;
  $listener{"$socket "} = $socket;
}
my $select = IO::Select->new(grep { ref } values %listener);
my %peer;

sub call {
  my ($from, $to, $port) = @_;
  my %options = (PeerAddr => $to, PeerPort => $port, Proto => 'tcp', Timeout => 5);
  $options{LocalAddr} = $from if $from;
  return IO::Socket::INET->new(%options);
}

sub take {
  my ($socket) = @_;
  my $client = $socket->accept or return;
  my $original = getsockopt($client, SOL_IP, SO_ORIGINAL_DST);
  my $called = substr $original, 0, 16;
  my ($port, $address) = unpack_sockaddr_in($called);
  my $to = inet_ntoa($address);
  my $upstream;
  if ($listener{$socket} == 15001) { $upstream = call(undef, $to, $port) }
  elsif ($mode eq 'loopback') { $upstream = call(undef, '127.0.0.1', $port) }
  else { $upstream = call('127.0.0.6', $to, $port) }
  if (!$upstream) { warn "no way to $to:$port: $@ $!\n"; close $client; return }
  $peer{$client} = $upstream;
  $peer{$upstream} = $client;
  $select->add($client, $upstream);
}

sub drop {
  my ($socket) = @_;
  my $other = delete $peer{$socket};
  delete $peer{$other} if $other;
  for my $end ($socket, $other) {
    next unless $end;
    $select->remove($end);
    close $end;
  }
}

while (1) {
  for my $socket ($select->can_read) {
    if ($listener{$socket}) { take($socket); next }
    my $other = $peer{$socket} or next;
    my $count = sysread $socket, my $data, 65536;
    if (!$count) { drop($socket); next }
    my $sent = 0;
    while ($sent < $count) {
      my $more = syswrite $other, $data, $count - $sent, $sent;
      if (!defined $more) { drop($socket); last }
      $sent += $more;
    }
  }
}
