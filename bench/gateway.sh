#!/usr/bin/env bash
# Compares the gateway of a running service with HAProxy and nginx before the same four backends, in turn.
# Needs haproxy, nginx and wrk on the PATH and a running service (`mvn`) without other load.
#   SERVICE_URL=http://localhost:8000 SERVICE_PID=<pid of its JVM> bench/gateway.sh [rounds] [seconds] [warm-up seconds]
set -euo pipefail

service=${SERVICE_URL:-http://localhost:8000}
rounds=${1:-5} seconds=${2:-5} warm=${3:-60}
work=$(mktemp -d)
chmod 755 "$work" # workers of nginx run as another user
mkdir -p "$work/html" "$work/tmp"
pids=()
trap 'kill "${pids[@]}" 2>/dev/null || true; rm -rf "$work"' EXIT

head -c 1024 /dev/zero | tr '\0' a > "$work/html/1k"
head -c 65536 /dev/zero | tr '\0' a > "$work/html/64k"
echo ok > "$work/html/health"

ports=($(python3 -c 'import socket
s=[socket.socket() for _ in range(6)]
[x.bind(("127.0.0.1",0)) for x in s]
print(*[x.getsockname()[1] for x in s])'))
nginx_port=${ports[4]} haproxy_port=${ports[5]}

nginx_common() { # $1: name
  cat <<EOF
daemon off; worker_processes 1; pid $work/$1.pid; error_log $work/$1.log;
events { worker_connections 4096; }
http { access_log off; keepalive_requests 100000000;
client_body_temp_path $work/tmp/$1-a; proxy_temp_path $work/tmp/$1-b; fastcgi_temp_path $work/tmp/$1-c;
uwsgi_temp_path $work/tmp/$1-d; scgi_temp_path $work/tmp/$1-e;
EOF
}
{ nginx_common backends
  echo "server { root $work/html;"; for i in 0 1 2 3; do echo "listen 127.0.0.1:${ports[i]};"; done; echo "} }"
} > "$work/backends.conf"
{ nginx_common proxy
  echo "upstream u { keepalive 64; keepalive_requests 100000000;"
  for i in 0 1 2 3; do echo "server 127.0.0.1:${ports[i]};"; done
  echo "} server { listen 127.0.0.1:$nginx_port; location / { proxy_pass http://u; proxy_http_version 1.1; proxy_set_header Connection ''; } } }"
} > "$work/proxy.conf"
{ cat <<EOF
global
  nbthread 1
  maxconn 4000
defaults
  mode http
  timeout connect 2s
  timeout client 30s
  timeout server 5s
  http-reuse always
frontend f
  bind 127.0.0.1:$haproxy_port
  default_backend b
backend b
  balance leastconn
  option forwardfor
EOF
  for i in 0 1 2 3; do echo "  server s$i 127.0.0.1:${ports[i]} check inter 2s"; done
} > "$work/haproxy.cfg"

nginx -p "$work" -c "$work/backends.conf" 2>/dev/null & pids+=($!)
nginx -p "$work" -c "$work/proxy.conf" 2>/dev/null & pids+=($!); nginx_pid=$!
haproxy -f "$work/haproxy.cfg" 2>/dev/null & pids+=($!); haproxy_pid=$!
sleep 1

name=bench-$$
for i in 0 1 2 3; do
  curl -sf -o /dev/null "$service/api/v1/scalability/instances" -H 'Content-Type: application/json' \
    -d "{\"instance_id\":\"$name-$i\",\"service\":\"$name\",\"host\":\"127.0.0.1\",\"port\":${ports[i]}}"
done

ticks() { # CPU ticks of a process and its children so far
  local all=$1 sum=0 p
  all="$all $(cat /proc/$1/task/*/children 2>/dev/null || true)"
  for p in $all; do sum=$((sum + $(awk '{print $14+$15}' "/proc/$p/stat" 2>/dev/null || echo 0))); done
  echo "$sum"
}
run() { # $1 name, $2 base URL, $3 pid or empty, $4 path
  local before=0 after=0 out
  [ -z "$3" ] || before=$(ticks "$3")
  out=$(wrk -t1 -c32 -d"${seconds}s" --latency "$2/$4")
  [ -z "$3" ] || after=$(ticks "$3")
  awk -v n="$1" -v path="$4" -v t=$((after - before)) -v hz="$(getconf CLK_TCK)" '
    function ms(v) { return v ~ /us$/ ? v / 1000 : v ~ /ms$/ ? v + 0 : v * 1000 }
    /50%/ {p50 = ms($2)} /99%/ {p99 = ms($2)} /requests in/ {r = $1} /Requests\/sec/ {rps = $2} /Non-2xx/ {bad = $NF}
    END {printf "%s %s %.0f %.3f %.3f %.2f %d\n", n, path, rps, p50, p99, r ? t / hz * 10000 / r : 0, bad}' <<< "$out"
}
wrk -t1 -c32 -d"${warm}s" "$service/gateway/$name/1k" > /dev/null
for path in 1k 64k; do
  for _ in $(seq "$rounds"); do
    run direct "http://127.0.0.1:${ports[0]}" "" $path
    run haproxy "http://127.0.0.1:$haproxy_port" "$haproxy_pid" $path
    run nginx "http://127.0.0.1:$nginx_port" "$nginx_pid" $path
    run gateway "$service/gateway/$name" "${SERVICE_PID:-}" $path
  done
done > "$work/runs"
for i in 0 1 2 3; do curl -s -o /dev/null -X DELETE "$service/api/v1/scalability/instances/$name-$i?drain_seconds=0"; done

python3 - "$work/runs" <<'EOF'
import statistics, sys
runs = [line.split() for line in open(sys.argv[1])]
print("| body | through | requests/s | least to most | p50 ms | p99 ms | CPU s per 10,000 | not 2xx |")
print("|---|---|---:|---:|---:|---:|---:|---:|")
for path in ("1k", "64k"):
    for name in ("direct", "haproxy", "nginx", "gateway"):
        own = [r for r in runs if r[0] == name and r[1] == path]
        rps, p50, p99, cpu = ([float(r[i]) for r in own] for i in range(2, 6))
        median = statistics.median
        shown = f"{median(cpu):.2f}" if median(cpu) else ""
        print(f"| {path} | {name} | {median(rps):.0f} | {min(rps):.0f} to {max(rps):.0f} | {median(p50):.2f} | "
              f"{median(p99):.2f} | {shown} | {sum(int(r[6]) for r in own)} |")
EOF
