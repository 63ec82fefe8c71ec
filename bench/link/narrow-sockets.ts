import { existsSync } from 'node:fs'
import { megabits } from './link-profile.js'
import type { LinkProfile } from './link-profile.js'

/**
 * On loopback a segment has 64 KiB, and the kernel lets a sender buffer many of them: 4 MB per connection, which with
 * six connections is three minutes ahead of a 1 Mbit/s line. Listening sockets with Ethernet-sized segments and a
 * small receive buffer reduce that to a fifth; `own-network.sh` reduces it to that of a real line. Node can set
 * neither option, so this script in Perl, which every Debian has, opens the sockets and then replaces itself with Node
 * (`exec`).
 */
const script = `
use Socket qw(:DEFAULT IPPROTO_TCP TCP_MAXSEG);
$^F = 255;
my ($count, $receive) = splice @ARGV, 0, 2;
my (@sockets, @numbers);
for (1 .. $count) {
  socket(my $socket, PF_INET, SOCK_STREAM, 0) or die "socket: $!";
  setsockopt($socket, SOL_SOCKET, SO_RCVBUF, pack('i', $receive)) or die "SO_RCVBUF: $!";
  setsockopt($socket, IPPROTO_TCP, TCP_MAXSEG, pack('i', 1460)) or die "TCP_MAXSEG: $!";
  bind($socket, sockaddr_in(0, INADDR_LOOPBACK)) or die "bind: $!";
  listen($socket, 511) or die "listen: $!";
  push @sockets, $socket;
  push @numbers, fileno $socket;
}
exec @ARGV, join(',', @numbers);
`

/** Options of `fork` that start a process with such sockets. */
export interface NarrowStart {
  readonly execPath: string
  readonly execArgv: readonly string[]
}

/** Bits per second. Faster lines need larger buffers, and drain them quickly. */
const fastestNarrow = megabits(200)
const perl = '/usr/bin/perl'

/**
 * Returns how to start a process with `count` listening sockets for the given {@link LinkProfile}; their file
 * descriptors are its last argument. Returns `null` if the line is fast, or without Perl.
 */
export function narrowStart(
  { upBitsPerSecond, rttMs }: LinkProfile,
  count: number,
  execArgv: readonly string[],
): NarrowStart | null {
  if (upBitsPerSecond === null || upBitsPerSecond > fastestNarrow || !existsSync(perl)) return null
  return {
    execPath: perl,
    execArgv: [
      '-e',
      script,
      '--',
      String(count),
      String(receiveBytes(upBitsPerSecond, rttMs)),
      process.execPath,
      ...execArgv,
    ],
  }
}

/** One bandwidth-delay product, between 16 KiB and 256 KiB; the kernel doubles it for its bookkeeping. */
function receiveBytes(bitsPerSecond: number, rttMs: number): number {
  const product = (bitsPerSecond / 8) * (rttMs / 1000)
  return Math.round(Math.min(256 * 1024, Math.max(16 * 1024, product)))
}

/** Parses the argument with the file descriptors that {@link narrowStart} passes on; empty without the argument. */
export function narrowSockets(argument: string | undefined): readonly number[] {
  return argument === undefined ? [] : argument.split(',').map(Number)
}
