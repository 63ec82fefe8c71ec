import { existsSync } from 'node:fs'
import { megabits } from './link-profile.js'
import type { LinkProfile } from './link-profile.js'

/**
 * On loopback a segment has 64 KiB, and the kernel lets a sender buffer many of them: 4 MB a connection, with six of them
 * three minutes ahead of a line of 1 Mbit/s. Listening sockets that announce the segments of an Ethernet and a small
 * receive buffer make that a fifth; `own-network.sh` makes it what a real line has. Node sets neither option; Perl,
 * which every Debian has, does, and becomes Node.
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

/** How a process is started that has them, in the words of `fork`. */
export interface NarrowStart {
  readonly execPath: string
  readonly execArgv: readonly string[]
}

/** Faster lines need larger buffers, and carry what is buffered in no time. */
const fastestNarrow = megabits(200)
const perl = '/usr/bin/perl'

/**
 * The start of a process whose last argument is the file descriptors of `count` listening sockets as {@link LinkProfile}
 * asks for; `null` for a line that is fast enough, or where there is no Perl.
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

/** A bandwidth-delay product, within 16 KiB and 256 KiB; the kernel doubles it for its own needs. */
function receiveBytes(bitsPerSecond: number, rttMs: number): number {
  const product = (bitsPerSecond / 8) * (rttMs / 1000)
  return Math.round(Math.min(256 * 1024, Math.max(16 * 1024, product)))
}

/** File descriptors handed over by {@link narrowStart}; empty: none. */
export function narrowSockets(argument: string | undefined): readonly number[] {
  return argument === undefined ? [] : argument.split(',').map(Number)
}
