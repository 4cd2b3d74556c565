#!/usr/bin/env bash
# Runs the cell of docker-compose.yml for real: it serves; its master's container is killed, and it serves again; down
# and up find the data. Needs root, docker and docker-compose; a Docker engine that this script starts it also stops,
# and puts the packet filter back as it was. Usage: test/containers/run.sh
set -euo pipefail
cd "$(dirname "$0")/../.."

say() { printf '\n== %s\n' "$*"; }
work=$(mktemp -d)
engine=

finish() {
  docker-compose down --volumes --timeout 5 >/dev/null 2>&1 || true
  if [ -n "$engine" ]; then
    kill "$engine" && wait "$engine" 2>/dev/null || true
    for table in filter nat; do
      iptables --table "$table" --flush
      iptables --table "$table" --delete-chain
    done
    iptables-restore <"$work/iptables"
    ip link delete docker0 2>/dev/null || true
  fi
  rm -rf "$work"
}
trap finish EXIT

if ! docker info >/dev/null 2>&1; then
  say 'starting a Docker engine'
  iptables-save >"$work/iptables"
  dockerd --data-root "$work/docker" --exec-root "$work/exec" --pidfile "$work/pid" >"$work/dockerd.log" 2>&1 &
  engine=$!
  for _ in $(seq 60); do
    docker info >/dev/null 2>&1 && break
    kill -0 "$engine" || { tail "$work/dockerd.log"; exit 1; }
    sleep 0.5
  done
fi

if [ -z "${NODE_IMAGE:-}" ]; then
  export NODE_IMAGE=chubby-node:local
  say "making the base image $NODE_IMAGE of this machine's node"
  test/containers/base-image.sh "$NODE_IMAGE"
fi

chubby() { docker-compose exec -T replica-1 node bin/chubby "$@"; }

# Ends when the command succeeds; fails after 60 tries.
eventually() {
  for _ in $(seq 60); do
    if "$@" >"$work/said" 2>&1; then return; fi
    sleep 0.5
  done
  cat "$work/said"
  return 1
}

# The id of the master, as the first replica that answers tells it.
master() {
  local replica
  for replica in 1 2 3 4 5; do
    docker-compose exec -T "replica-$replica" node bin/chubby status --json >"$work/status" 2>/dev/null || true
    node -e '
      const { master } = JSON.parse(require("node:fs").readFileSync(process.argv[1], "utf8"));
      console.log(master.id);
    ' "$work/status" 2>/dev/null && return
  done
}

say 'docker-compose up'
docker-compose up --build --detach 2>&1 | tail -n 12
eventually chubby put /ls/local/greeting /chubby/package.json
say 'it serves'
chubby status
chubby stat /ls/local/greeting

killed=$(master)
say "killing the container of the master, replica $killed"
docker-compose kill -s SIGKILL "replica-$killed"
asker=$((killed % 5 + 1))
chubby() { docker-compose exec -T "replica-$asker" node bin/chubby "$@"; }
eventually chubby put /ls/local/after-the-kill /chubby/package.json
say 'it serves again'
chubby status || true
docker-compose start "replica-$killed" 2>&1 | tail -n 1

say 'docker-compose down, and up'
docker-compose down --timeout 5 2>&1 | tail -n 3
docker-compose up --detach 2>&1 | tail -n 5
eventually chubby cat /ls/local/greeting
for name in greeting after-the-kill; do
  chubby cat "/ls/local/$name" | cmp - package.json
  echo "/ls/local/$name is as it was written"
done
eventually chubby status
say 'healthy'
chubby status
docker-compose ps
