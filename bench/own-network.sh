#!/bin/sh
# Runs a command in its own network namespace, in which loopback buffers as little as a real line: packets of 1 500 bytes, and
# send and receive buffers of at most 128 KiB each per connection (tcp_wmem, tcp_rmem; including the kernel's bookkeeping).
# Needs no privileges if users may create namespaces (unshare, from util-linux). There is no internet inside.
set -eu
exec unshare --map-root-user --net sh -c '
  ip link set lo mtu 1500 up
  sysctl -q -w net.ipv4.tcp_wmem="4096 16384 131072" net.ipv4.tcp_rmem="4096 32768 131072"
  exec "$@"
' sh "$@"
