#!/usr/bin/env bash
# Six real Redis servers on loopback, three masters with a replica each. A master is killed, then
# started again: CLUSTER NODES and CLUSTER INFO of another one before, between and after.
# Needs redis-server and redis-cli. Cleans up after itself.
set -euo pipefail
folder=$(mktemp -d)
base=$((20000 + $$ % 5000))
watching=$((base + 2))
declare -A running
clean() {
  set +e
  exec 2>/dev/null
  for server in "${running[@]}"; do kill -9 "$server"; done
  rm -rf "$folder"
}
trap clean EXIT

start() { # ordinal
  mkdir -p "$folder/$1"
  redis-server --port $((base + $1)) --bind 127.0.0.1 --save '' --dir "$folder/$1" \
    --cluster-enabled yes --cluster-node-timeout 3000 --repl-diskless-sync-delay 0 \
    >>"$folder/log" 2>&1 &
  running[$1]=$!
}

state() { # title
  echo "== $1"
  redis-cli -p "$watching" cluster nodes
  redis-cli -p "$watching" cluster info
}

await() { # words that CLUSTER NODES is to have
  for _ in $(seq 60); do
    sleep 0.5
    redis-cli -p "$watching" cluster nodes | grep -qE "$1" && break
  done
  sleep 2
}

nodes=()
for i in 0 1 2 3 4 5; do
  start "$i"
  nodes+=("127.0.0.1:$((base + i))")
done
sleep 1
redis-cli --cluster create "${nodes[@]}" --cluster-replicas 1 --cluster-yes >>"$folder/log" 2>&1
sleep 6
state formed
kill -9 "${running[0]}"
await ' 7 connected 0-5460'
state failover
start 0
await "@$((base + 10000)) slave "
state 'back again'
