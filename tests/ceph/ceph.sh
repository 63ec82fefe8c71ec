#!/usr/bin/env bash
# One-node Ceph on loopback: a monitor, a manager, one object daemon that keeps its objects in memory, and the
# gateway that serves S3 and STS. It is ready after about 12 s and takes some 500 MiB.
#
#   ceph.sh start FOLDER [PORT PORT PORT]   S3 and STS on the first (7480), the monitor on the others (3300 6789)
#   ceph.sh stop FOLDER                     ends the processes of `start`, by their ids, and waits for them
#
# There is one user, `carryon`, who may assume one role, `uploader`, which may do everything with S3.
# Needs the programs of Debian's radosgw, ceph-mon, ceph-osd, ceph-mgr and ceph-common.
set -eEuo pipefail

verb=${1:?start or stop}
folder=$(realpath -m "${2:?a folder of its own}")
export CEPH_CONF=$folder/ceph.conf
ports=("${3:-7480}" "${4:-3300}" "${5:-6789}")
monitor="[v2:127.0.0.1:${ports[1]},v1:127.0.0.1:${ports[2]}]"
gateway=127.0.0.1:${ports[0]}

stop() {
  local file pid pids=()
  for file in "$folder"/run/*.pid; do
    [[ -s $file ]] && pids+=("$(<"$file")")
  done
  ((${#pids[@]})) || return 0
  kill "${pids[@]}" 2>/dev/null || true
  for pid in "${pids[@]}"; do
    for _ in {1..100}; do
      kill -0 "$pid" 2>/dev/null || continue 2
      sleep 0.1
    done
    kill -KILL "$pid" 2>/dev/null || true
  done
}

# until_ready SECONDS COMMAND...: repeats the command until it succeeds.
until_ready() {
  local deadline=$((SECONDS + $1))
  shift
  until timeout 5 "$@" >/dev/null 2>&1; do
    ((SECONDS < deadline)) || { echo "ceph.sh: gave up on: $*" >&2; return 1; }
    sleep 0.3
  done
}

write_configuration() {
  cat >"$CEPH_CONF" <<CONF
[global]
fsid = $cluster
mon host = $monitor
public addr = 127.0.0.1
cluster addr = 127.0.0.1
auth cluster required = cephx
auth service required = cephx
auth client required = cephx
auth allow insecure global id reclaim = false
keyring = $folder/keyring
run dir = $folder/run
pid file = $folder/run/\$name.pid
admin socket = $folder/run/\$name.asok
log file = $folder/log/\$name.log
mon data = $folder/mon
mgr data = $folder/mgr
osd data = $folder/osd
mgr initial modules =
# One copy of everything, because there is only one daemon.
mon allow pool size one = true
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 8
osd crush chooseleaf type = 0
osd objectstore = memstore
memstore device bytes = 8589934592
[client.rgw]
# Free deleted objects within seconds, not after two hours: there are 8 GiB, and long measurements write more.
rgw gc obj min wait = 5
rgw gc processor period = 5
rgw data = $folder/rgw
rgw frontends = beast endpoint=$gateway
rgw s3 auth use sts = true
# Sixteen bytes used to encrypt session tokens.
rgw sts key = carryon-sts-key-
CONF
}

write_keys() {
  local ring=$folder/keyring
  ceph-authtool --create-keyring "$ring" >/dev/null
  add() { ceph-authtool "$ring" --gen-key --name "$@" >/dev/null; }
  add mon. --cap mon 'allow *'
  add client.admin --cap mon 'allow *' --cap mgr 'allow *' --cap osd 'allow *'
  add client.rgw --cap mon 'allow *' --cap mgr 'allow *' --cap osd 'allow *'
  add mgr.x --cap mon 'allow profile mgr' --cap osd 'allow *'
  add osd.0 --cap mon 'allow profile osd' --cap mgr 'allow profile osd' --cap osd 'allow *'
}

start_daemons() {
  monmaptool --create --addv a "$monitor" --fsid "$cluster" "$folder/monmap" >/dev/null
  ceph-mon --mkfs -i a --keyring "$folder/keyring" --monmap "$folder/monmap"
  ceph-mon -i a
  until_ready 30 ceph -s
  ceph-mgr -i x
  local disk
  disk=$(</proc/sys/kernel/random/uuid)
  ceph osd new "$disk" >/dev/null
  ceph-osd -i 0 --mkfs --osd-uuid "$disk"
  ceph-osd -i 0
  timeout 120 radosgw -n client.rgw </dev/null
  until_ready 60 bash -c ": </dev/tcp/${gateway/://}"
}

create_user_and_role() {
  local may_assume='{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":["arn:aws:iam:::user/carryon"]},"Action":["sts:AssumeRole"]}]}'
  local may_all='{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:*"],"Resource":["arn:aws:s3:::*"]}]}'
  radosgw-admin user create --uid=carryon --display-name=carryon --access-key=ceph-access-key --secret=ceph-secret-key
  radosgw-admin role create --role-name=uploader --assume-role-policy-doc="$may_assume"
  radosgw-admin role-policy put --role-name=uploader --policy-name=all --policy-doc="$may_all"
}

case $verb in
  stop) stop ;;
  start)
    for port in "${ports[@]}"; do
      if (: </dev/tcp/127.0.0.1/$port) 2>/dev/null; then
        echo "ceph.sh: port $port is taken" >&2
        exit 1
      fi
    done
    if [[ -e $folder/monmap ]]; then
      echo "ceph.sh: $folder held a store before, whose objects are gone: remove it, or name another folder" >&2
      exit 1
    fi
    mkdir -p "$folder"/{mon,mgr,osd,rgw,log,run}
    cluster=$(</proc/sys/kernel/random/uuid)
    trap stop ERR
    write_configuration
    write_keys
    start_daemons >>"$folder/log/start.log" 2>&1
    create_user_and_role >>"$folder/log/start.log" 2>&1
    ;;
  *) echo "ceph.sh: start or stop, not $verb" >&2; exit 2 ;;
esac
