#!/usr/bin/env bash
# Compares what callers see of one faulty backend of four: through the gateway of a running service and through
# HAProxy with checks and redispatch. Needs haproxy and python3 on the PATH and a running service without other load
# (`JVM_ARGS=-XX:+TieredCompilation mvn` runs it as in production). No case takes longer than 20 s.
#   SERVICE_URL=http://localhost:8000 bench/faults.sh [requests/s] [seconds of the fault] [file to write the table to]
# GATEWAY_URL may name another base of the gateway than $SERVICE_URL/gateway. The file keeps all but what is between
# its marks <!-- gateway-faults:begin --> and <!-- gateway-faults:end -->.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
needs haproxy python3 curl

rate=${1:-200} fault=${2:-10} page=${3:-}
lead=2 rest=2
if ((lead + fault + rest > 15)); then fail "a fault may take 11 s at most"; fi

# A backend that is well until SIGUSR1 and again from SIGUSR2 on.
cat > "$work/backend.py" <<'PY'
import asyncio, signal, socket, struct, sys
mode, faulty = sys.argv[1], False
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 1024\r\n\r\n" + b"a" * 1024
async def serve(reader, writer):
    try:
        while await reader.readuntil(b"\r\n\r\n"):
            if faulty and mode == "reset":
                writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                writer.transport.abort()
                return
            if faulty and mode == "trickle":
                for at in range(len(ANSWER)):
                    writer.write(ANSWER[at:at + 1])
                    await writer.drain()
                    await asyncio.sleep(1)
            elif faulty and mode == "500":
                writer.write(b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n")
            else:
                await asyncio.sleep(0.002)
                writer.write(ANSWER)
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    finally:
        writer.close()
def turn(to):
    global faulty
    faulty = to
async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", 0, backlog=1000)
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGUSR1, turn, True)
    loop.add_signal_handler(signal.SIGUSR2, turn, False)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()
asyncio.run(main())
PY

# Requests when they are due, whatever became of those before; latency counts from when one was due.
cat > "$work/load.py" <<'PY'
import asyncio, sys, time
host, port, path, rate, seconds = sys.argv[1], int(sys.argv[2]), sys.argv[3], float(sys.argv[4]), float(sys.argv[5])
request = f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: close\r\n\r\n".encode()
async def once():
    reader, writer = await asyncio.open_connection(host, port)
    try:
        writer.write(request)
        answer = await reader.read()
        return answer.startswith(b"HTTP/1.1 200") and answer.endswith(b"a" * 1024)
    finally:
        writer.close()
async def one(due, until, seen):
    try:
        good = await asyncio.wait_for(once(), until - time.monotonic())
    except Exception:
        good = False
    seen.append((time.monotonic() - due, good))
async def main():
    begin, seen, tasks = time.monotonic(), [], []
    until = begin + 19
    for i in range(int(rate * seconds)):
        due = begin + i / rate
        await asyncio.sleep(max(0, due - time.monotonic()))
        tasks.append(asyncio.create_task(one(due, until, seen)))
    await asyncio.gather(*tasks)
    times = sorted(t * 1000 for t, _ in seen)
    bad = sum(not good for _, good in seen)
    at = lambda share: times[min(len(times) - 1, int(share * len(times)))]
    print(len(seen), bad, f"{at(.5):.1f} {at(.99):.1f} {times[-1]:.0f}")
asyncio.run(main())
PY

backends() { # $1: fault of the first; sets ports and own
  ports=() own=()
  rm -f "$work"/port.*
  for i in 0 1 2 3; do
    python3 "$work/backend.py" "$([ $i = 0 ] && echo "$1" || echo none)" > "$work/port.$i" & own+=($!) pids+=($!)
  done
  for i in 0 1 2 3; do
    for _ in $(seq 100); do [ -s "$work/port.$i" ] && break; sleep 0.1; done
    [ -s "$work/port.$i" ] || fail "backend $i does not start"
    ports+=("$(cat "$work/port.$i")")
  done
}
turn() { # $1: fault, $2: on or off, $3: pid
  case $1-$2 in
    stop-on) kill -STOP "$3" ;;
    stop-off) kill -CONT "$3" ;;
    *-on) kill -USR1 "$3" ;;
    *-off) kill -USR2 "$3" ;;
  esac
}
measure() { # $1: fault, $2: name, $3: base URL
  local address=${3#http://} path
  path=/${address#*/}
  [ "$address" != "${address#*/}" ] || path=
  address=${address%%/*}
  (sleep "$lead"; turn "$1" on "${own[0]}"; sleep "$fault"; turn "$1" off "${own[0]}") & local turner=$!
  echo "$1 $2 $(python3 "$work/load.py" "${address%%:*}" "${address##*:}" "$path/1k" "$rate" $((lead + fault + rest)))"
  wait "$turner"
}
through_haproxy() { # $1: fault
  local port
  port=$(free_ports 1)
  start_haproxy "$port" "${ports[@]}"
  sleep 3
  measure "$1" haproxy "http://127.0.0.1:$port"
  kill "$haproxy_pid"
}
through_gateway() { # $1: fault
  local name=faults-$$-$1
  register "$name" "${ports[@]}"
  sleep 3
  measure "$1" "gateway${GATEWAY_URL:+-listener}" "$gateway/$name"
  unregister "$name" "${ports[@]}"
}

for case in stop 500 reset trickle; do
  for way in haproxy gateway; do
    echo "$case through $way" >&2
    backends $case
    "through_$way" $case
    kill "${own[@]}"; wait "${own[@]}" 2> /dev/null || true
  done
done > "$work/runs"

python3 - "$work/runs" "$rate" "$fault" "$(haproxy -v | awk 'NR == 1 {sub(/-.*/, "", $3); print $3}')" > "$work/table" <<'PY'
import datetime, os, sys
runs, rate, fault, haproxy = sys.argv[1:]
named = {"stop": "SIGSTOP", "500": "answers 500 at once", "reset": "resets", "trickle": "a byte a second"}
lines = [f"Measured on {datetime.date.today()}, {os.cpu_count()} cores, HAProxy {haproxy}; {rate} requests/s, a fault of {fault} s.", "",
         "| one of four | through | requests | not answered well | p50 ms | p99 ms | slowest ms |", "|---|---|---:|---:|---:|---:|---:|"]
for line in open(runs):
    case, way, *figures = line.split()
    lines.append(f"| {named[case]} | {way.replace('-', ' ')} | " + " | ".join(figures) + " |")
print("\n".join(lines))
PY
cat "$work/table"
[ -z "$page" ] || replace "$page" gateway-faults "$work/table"
