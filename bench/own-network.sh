#!/bin/sh
# Runs a command in a network namespace of its own whose loopback buffers as little as a real line: packets of 1 500 bytes, a
# send and a receive buffer of at most 128 KiB for each connection (tcp_wmem, tcp_rmem; the kernel's bookkeeping included).
# Needs no privileges where a user may make namespaces (unshare, of util-linux); there is no internet inside.
set -eu
exec unshare --map-root-user --net sh -c '
  ip link set lo mtu 1500 up
  sysctl -q -w net.ipv4.tcp_wmem="4096 16384 131072" net.ipv4.tcp_rmem="4096 32768 131072"
  exec "$@"
' sh "$@"
