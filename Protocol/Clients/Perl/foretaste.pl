#!/usr/bin/perl
# A client written from SPECIFICATION.md alone, to see whether the text suffices; and an example for languages without a client.
# Perl 5.14 and later, its standard library only.
#
#     foretaste.pl [--server HOST:PORT] METHOD ['{"params":...}']
#     foretaste.pl [--server HOST:PORT] --pipeline METHOD < parameters, one JSON object a line

use strict;
use warnings;
use IO::Select;
use IO::Socket::IP;
use JSON::PP;

my $MAX_REPLY     = 16_777_216;
my $MAX_REQUEST   = 4_194_304;
my $MAX_IN_FLIGHT = 128;
my $TIMEOUT       = 10;

my $json = JSON::PP->new->utf8->canonical->max_depth(64);

sub fail { print STDERR "foretaste.pl: @_\n"; exit 1 }

sub connect_to {
    my ($server) = @_;
    my ($host, $port) = $server =~ /^\[?(.*?)\]?:(\d+)$/ or fail("a server is HOST:PORT, not $server");
    my $socket = IO::Socket::IP->new(PeerHost => $host, PeerPort => $port, Timeout => $TIMEOUT)
        or fail("cannot connect to $server: $@");
    $socket->blocking(0);
    return $socket;
}

# The id is an integer: the reply brings it back as it was sent.
sub frame {
    my ($id, $method, $params) = @_;
    my $payload = $json->encode({ id => $id, method => $method, params => $params });
    fail("the request has " . length($payload) . " bytes, above $MAX_REQUEST") if length $payload > $MAX_REQUEST;
    return pack('N', length $payload) . $payload;
}

# Sends all requests, never more than may be in flight, and reads while it sends. Replies come in any order.
sub exchange {
    my ($socket, $method, @params) = @_;
    my ($sent, $answered, $out, $in, @replies) = (0, 0, '', '');
    my $select = IO::Select->new($socket);
    while ($answered < @params) {
        while ($sent < @params && $sent - $answered < $MAX_IN_FLIGHT) {
            $out .= frame($sent + 1, $method, $params[$sent]);
            $sent++;
        }
        my ($readable, $writable) = IO::Select->select($select, length $out ? $select : undef, undef, $TIMEOUT);
        fail("no answer within $TIMEOUT s") unless $readable;
        if (@$writable) {
            my $count = syswrite $socket, $out;
            substr($out, 0, $count, '') if $count;
        }
        next unless @$readable;
        my $count = sysread $socket, $in, 65_536, length $in;
        next if !defined $count && $!{EAGAIN};
        fail("the server closed the connection") unless $count;
        while (length $in >= 4) {
            my $length = unpack 'N', $in;
            fail("not a Foretaste server") if $length < 1 || $length > $MAX_REPLY;
            last if length $in < 4 + $length;
            my $reply = eval { $json->decode(substr $in, 4, $length) };
            fail("a frame that is no JSON object") unless ref $reply eq 'HASH';
            substr($in, 0, 4 + $length, '');
            # A notice answers nothing.
            next unless exists $reply->{result} || exists $reply->{error};
            # An error with id null is the connection's.
            fail("$reply->{error}{reason}: $reply->{error}{message}") unless defined $reply->{id};
            my $place = $reply->{id} - 1;
            fail("a reply to no request: id $reply->{id}") if $place < 0 || $place >= $sent || $replies[$place];
            $replies[$place] = $reply;
            $answered++;
        }
    }
    return @replies;
}

my $server = '127.0.0.1:7411';
my $is_pipeline = 0;
while (@ARGV && $ARGV[0] =~ /^--/) {
    my $option = shift @ARGV;
    if    ($option eq '--server')   { $server      = shift @ARGV // fail("--server needs HOST:PORT") }
    elsif ($option eq '--pipeline') { $is_pipeline = 1 }
    else                            { fail("unknown option $option") }
}
my ($method, $text) = @ARGV;
fail("usage: foretaste.pl [--server HOST:PORT] [--pipeline] METHOD [PARAMS]") unless defined $method;

my @params;
for my $line ($is_pipeline ? <STDIN> : $text // '{}') {
    my $object = eval { $json->decode($line) };
    fail("the parameters are no JSON object: $line") unless ref $object eq 'HASH';
    push @params, $object;
}
my $has_failed = 0;
for my $reply (exchange(connect_to($server), $method, @params)) {
    $has_failed = 1 if $reply->{error};
    print $json->encode($reply->{error} ? { error => $reply->{error} } : $reply->{result}), "\n";
}
exit $has_failed;
