# What the scripts that measure the gateway share; to be sourced. Takes the variables
#   SERVICE_URL  base of a running service, http://localhost:8000 by default
#   GATEWAY_URL  base of its gateway, $SERVICE_URL/gateway by default
service=${SERVICE_URL:-http://localhost:8000}
gateway=${GATEWAY_URL:-$service/gateway}
work=$(mktemp -d)
pids=()
end_all() {
  for p in "${pids[@]}"; do kill -CONT "$p" 2> /dev/null || true; kill "$p" 2> /dev/null || true; done
  rm -rf "$work"
}
trap end_all EXIT

fail() { echo "$*" >&2; exit 1; }
needs() { # $@: programs
  for program in "$@"; do command -v "$program" > /dev/null || fail "$program is not on the PATH"; done
}
free_ports() { # $1: how many; below the range of clients' ports, so that they stay free
  python3 -c 'import random, socket, sys
held = []
while len(held) < int(sys.argv[1]):
    s = socket.socket()
    try:
        s.bind(("127.0.0.1", random.randrange(12000, 32000)))
        held.append(s)
    except OSError:
        s.close()
print(*[s.getsockname()[1] for s in held])' "$1"
}
await_port() { # $1: port, $2: what listens there, $3: its log
  for _ in $(seq 100); do
    if (exec 3<> "/dev/tcp/127.0.0.1/$1") 2> /dev/null; then return; fi
    sleep 0.1
  done
  cat "$3" >&2
  fail "$2 does not listen on port $1"
}
# HAProxy set to do what the gateway does: it checks, keeps connections, tells for whom it asks, and asks another
# server where that is safe. Sets haproxy_pid.
start_haproxy() { # $1: port, others: ports of the backends
  local port=$1 i=0
  shift
  { cat <<CFG
global
  nbthread 1
  maxconn 4000
defaults
  mode http
  timeout connect 2s
  timeout client 30s
  timeout server 5s
  retries 3
  option redispatch 1
  retry-on conn-failure empty-response response-timeout 502 503 504
  http-reuse always
frontend f
  bind 127.0.0.1:$port
  default_backend b
backend b
  balance leastconn
  option forwardfor
  option httpchk GET /health
CFG
    for backend in "$@"; do echo "  server s$((i++)) 127.0.0.1:$backend check inter 2s fall 3 rise 2"; done
  } > "$work/haproxy.cfg"
  haproxy -f "$work/haproxy.cfg" 2> "$work/haproxy.log" & haproxy_pid=$! pids+=($!)
  await_port "$port" HAProxy "$work/haproxy.log"
}
register() { # $1: name of the service, others: ports of its instances
  local name=$1 i=0
  shift
  for port in "$@"; do
    curl -sSf -o /dev/null "$service/api/v1/scalability/instances" -H 'Content-Type: application/json' \
      -d "{\"instance_id\":\"$name-$((i++))\",\"service\":\"$name\",\"host\":\"127.0.0.1\",\"port\":$port}"
  done
}
unregister() { # $1: name of the service, others: ports of its instances
  local name=$1 i=0
  shift
  for _ in "$@"; do
    curl -s -o /dev/null -X DELETE "$service/api/v1/scalability/instances/$name-$((i++))?drain_seconds=0"
  done
}
replace() { # $1: page, $2: name of the marks <!-- name:begin --> and <!-- name:end -->, $3: file with what comes between
  python3 -c 'import sys
page, name, file = sys.argv[1:]
begin, end = f"<!-- {name}:begin -->", f"<!-- {name}:end -->"
text = open(page).read()
head, rest = text.split(begin)
open(page, "w").write(head + begin + "\n" + open(file).read().strip() + "\n" + end + rest.split(end)[1])' "$@"
}
