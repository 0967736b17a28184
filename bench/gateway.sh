#!/usr/bin/env bash
# Compares the gateway of a running service with HAProxy and nginx before the same four backends, in turn.
# Needs haproxy, nginx, wrk and python3 on the PATH and a running service without other load
# (`JVM_ARGS=-XX:+TieredCompilation mvn` runs it as in production).
#   SERVICE_URL=http://localhost:8000 SERVICE_PID=<pid of its JVM> bench/gateway.sh \
#       [rounds] [seconds] [warm-up seconds] [file to write the table to]
# With GATEWAY_URL, another base of the gateway than $SERVICE_URL/gateway, both are measured. The file keeps all but
# what is between its marks <!-- gateway:begin --> and <!-- gateway:end -->.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
needs haproxy nginx wrk python3 curl

rounds=${1:-5} seconds=${2:-5} warm=${3:-60} page=${4:-}
chmod 755 "$work" # workers of nginx run as another user
mkdir -p "$work/html" "$work/tmp"

head -c 1024 /dev/zero | tr '\0' a > "$work/html/1k"
head -c 65536 /dev/zero | tr '\0' a > "$work/html/64k"
echo ok > "$work/html/health"

read -ra ports <<< "$(free_ports 6)"
nginx_port=${ports[4]} haproxy_port=${ports[5]}
ports=("${ports[@]:0:4}")

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

nginx -p "$work" -c "$work/backends.conf" 2>/dev/null & pids+=($!)
nginx -p "$work" -c "$work/proxy.conf" 2>/dev/null & pids+=($!); nginx_pid=$!
await_port "${ports[3]}" "nginx of the backends" "$work/backends.log"
await_port "$nginx_port" nginx "$work/proxy.log"
start_haproxy "$haproxy_port" "${ports[@]}"

name=bench-$$
register "$name" "${ports[@]}"

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
gateways() { # $1: what to do with each: name, base URL
  "$1" gateway "$service/gateway/$name"
  [ -z "${GATEWAY_URL:-}" ] || "$1" gateway-listener "$gateway/$name"
}
warm_up() { wrk -t1 -c32 -d"${warm}s" "$2/1k" > /dev/null; }
measure_gateway() { run "$1" "$2" "${SERVICE_PID:-}" "$path"; }
gateways warm_up
for path in 1k 64k; do
  for _ in $(seq "$rounds"); do
    run direct "http://127.0.0.1:${ports[0]}" "" $path
    run haproxy "http://127.0.0.1:$haproxy_port" "$haproxy_pid" $path
    run nginx "http://127.0.0.1:$nginx_port" "$nginx_pid" $path
    gateways measure_gateway
  done
done > "$work/runs"
unregister "$name" "${ports[@]}"

python3 - "$work/runs" "$rounds" "$seconds" "$warm" "$(haproxy -v | awk 'NR == 1 {sub(/-.*/, "", $3); print $3}')" \
  "$(nginx -v 2>&1 | sed 's|.*/||')" > "$work/table" <<'EOF'
import datetime, os, statistics, sys
file, rounds, seconds, warm, haproxy, nginx = sys.argv[1:]
runs = [line.split() for line in open(file)]
print(f"Measured on {datetime.date.today()}, {os.cpu_count()} cores, HAProxy {haproxy}, nginx {nginx}, wrk with one "
      f"thread and 32 connections; {warm} s of warm-up, median of {rounds} rounds of {seconds} s.\n")
print("| body | through | requests/s | least to most | p50 ms | p99 ms | CPU s per 10,000 | not 2xx |")
print("|---|---|---:|---:|---:|---:|---:|---:|")
for path in ("1k", "64k"):
    for name in dict.fromkeys(r[0] for r in runs):
        own = [r for r in runs if r[0] == name and r[1] == path]
        rps, p50, p99, cpu = ([float(r[i]) for r in own] for i in range(2, 6))
        median = statistics.median
        shown = f"{median(cpu):.2f}" if median(cpu) else ""
        print(f"| {path} | {name.replace('-', ' ')} | {median(rps):.0f} | {min(rps):.0f} to {max(rps):.0f} | {median(p50):.2f} | "
              f"{median(p99):.2f} | {shown} | {sum(int(r[6]) for r in own)} |")
EOF
cat "$work/table"
[ -z "$page" ] || replace "$page" gateway "$work/table"
