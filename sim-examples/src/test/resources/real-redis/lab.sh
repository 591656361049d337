#!/usr/bin/env bash
# Real Redis servers in network namespaces of their own, with a sidecar's rules and a small proxy.
#   lab.sh none|pod|loopback replication [ANNOUNCED-ADDRESS]   the master's INFO replication
#   lab.sh none|pod|loopback cluster                           CLUSTER NODES of each of three nodes
#   lab.sh none|pod|loopback sentinel                          the Sentinels' logs, when the master dies
# Needs root, ip, iptables, perl, setpriv, redis-server and redis-cli. Cleans up after itself.
set -euo pipefail
mode=$1 what=$2 announced=${3:-}
here=$(cd "$(dirname "$0")" && pwd)
name=rr$$
folder=$(mktemp -d)
log=$folder/log

clean() {
  set +e
  exec 2>/dev/null
  for n in "$name"-0 "$name"-1 "$name"-2 "$name"-b; do
    for p in $(ip netns pids "$n" 2>/dev/null); do kill -9 "$p"; done
    ip netns del "$n" 2>/dev/null
  done
  rm -rf "$folder"
}
trap clean EXIT

pod() { # ordinal
  local n=$name-$1
  ip netns add "$n"
  ip -n "$name-b" link add "v$1" type veth peer name eth0 netns "$n"
  ip -n "$name-b" link set "v$1" master br0 up
  ip -n "$n" addr add "10.55.0.1$1/24" dev eth0
  ip -n "$n" link set lo up
  ip -n "$n" link set eth0 up
  [ "$mode" = none ] && return 0
  local nat="ip netns exec $n iptables -t nat"
  $nat -A PREROUTING -i eth0 -p tcp -j REDIRECT --to-ports 15006
  $nat -A OUTPUT -s 127.0.0.6/32 -o lo -j RETURN
  $nat -A OUTPUT ! -d 127.0.0.1/32 -o lo -m owner --uid-owner 1337 -p tcp -j REDIRECT --to-ports 15006
  $nat -A OUTPUT -o lo -m owner ! --uid-owner 1337 -j RETURN
  $nat -A OUTPUT -m owner --uid-owner 1337 -j RETURN
  $nat -A OUTPUT -d 127.0.0.1/32 -j RETURN
  $nat -A OUTPUT -p tcp -j REDIRECT --to-ports 15001
  ip netns exec "$n" setpriv --reuid 1337 --regid 1337 --clear-groups \
    perl "$here/proxy.pl" "$mode" >>"$log" 2>&1 &
}

redis() { # ordinal, options
  local i=$1
  shift
  mkdir -p "$folder/$i"
  ip netns exec "$name-$i" redis-server --bind '*' --protected-mode no --save '' \
    --dir "$folder/$i" "$@" >>"$log" 2>&1 &
}

sentinel() { # ordinal
  local file=$folder/sentinel-$1.conf
  printf '%s\n' 'port 26379' 'sentinel monitor mymaster 10.55.0.10 6379 2' \
    'sentinel down-after-milliseconds mymaster 5000' \
    'sentinel failover-timeout mymaster 15000' >"$file"
  ip netns exec "$name-$1" redis-server "$file" --sentinel >"$file.log" 2>&1 &
}

cli() { # ordinal, words
  local i=$1
  shift
  ip netns exec "$name-$i" redis-cli "$@"
}

ip netns add "$name-b"
ip -n "$name-b" link add br0 type bridge
ip -n "$name-b" link set br0 up
for i in 0 1 2; do pod "$i"; done
sleep 1

if [ "$what" = replication ]; then
  redis 0
  for i in 1 2; do
    redis "$i" --replicaof 10.55.0.10 6379 ${announced:+--replica-announce-ip "$announced"}
  done
  for _ in $(seq 20); do
    sleep 0.5
    info=$(cli 0 info replication)
    case $info in *connected_slaves:2*) break ;; esac
  done
  echo "$info"
elif [ "$what" = sentinel ]; then
  redis 0
  master=$!
  for i in 1 2; do redis "$i" --replicaof 10.55.0.10 6379; done
  sleep 1
  for i in 0 1 2; do sentinel "$i"; done
  # Behind a proxy both replicas have one address.
  known=slaves=$([ "$mode" = none ] && echo 2 || echo 1),sentinels=3
  for _ in $(seq 40); do
    sleep 0.5
    [ "$(for i in 0 1 2; do cli "$i" -p 26379 info sentinel; done | grep -c "$known")" = 3 ] && break
  done
  sleep 3
  kill -9 "$master"
  sleep 12
  for i in 0 1 2; do
    echo "sentinel $i"
    cat "$folder/sentinel-$i.conf.log"
  done
else
  for i in 0 1 2; do redis "$i" --cluster-enabled yes; done
  sleep 1
  timeout 8 ip netns exec "$name-0" redis-cli --cluster create \
    10.55.0.10:6379 10.55.0.11:6379 10.55.0.12:6379 --cluster-yes >>"$log" 2>&1 || true
  for i in 0 1 2; do
    echo "node $i"
    cli "$i" cluster nodes
  done
fi
