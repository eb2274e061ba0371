"""Asks the built server what its own description says may be asked, and much that it says may not: no answer may be a failure
of the server's, and every status, type and shape must be one that /api/openapi.json names.

    python3 tests/contract/check.py target/debug/muster [--seconds 20]

Three servers are asked, each with some people, events and saved things: one without keys, one with an admin's key, and the
same without it. Schemathesis makes the requests: those at the edges of each shape, random ones, and chains of them.
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
# Fixed, so that a failure comes again.
SEED = "20180101"


def started(binary, data, log):
    """A server on a port of its own; its address is in the line it greets with."""
    command = [binary, "serve", "--data", data, "--listen", "127.0.0.1:0"]
    server = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.PIPE, text=True)
    for line in server.stderr:
        log.write(line)
        if line.startswith("muster answers on "):
            return server, line.split()[3].rstrip(",")
    raise SystemExit(f"the server did not start; see {log.name}")


def drained(server, log):
    """Somebody has to read on, or the server waits for room in the pipe."""
    import threading

    threading.Thread(target=lambda: log.writelines(server.stderr), daemon=True).start()


def filled(address, key):
    """Some people, events, segments, an audience, a list and a snapshot, so that ids from 1 on are there."""

    def send(method, path, body, kind="application/json"):
        data = body.encode() if isinstance(body, str) else json.dumps(body).encode()
        headers = {"Content-Type": kind} | ({"Authorization": f"Bearer {key}"} if key else {})
        try:
            urllib.request.urlopen(urllib.request.Request(address + path, data, headers, method=method)).read()
        except urllib.error.HTTPError as refused:
            raise SystemExit(f"{method} {path}: {refused.read().decode()}") from None

    people = "id,country,visits,joined,spent\n" + "".join(
        f"{number},{['DE', 'FR', 'US'][number % 3]},{number % 40},2018-01-{number % 28 + 1:02},{number}.50\n"
        for number in range(1, 501)
    )
    send("POST", "/api/profiles/import?id_field=id&schema=infer", people, "text/csv")
    send("PUT", "/api/events/schema", {"types": [{"name": "purchase"}], "properties": [{"name": "items", "type": "int"}]})
    events = [
        {"event_id": f"e{number}", "profile_id": number, "type": "purchase", "time": "2018-03-01T00:00:00Z"}
        for number in range(1, 101)
    ]
    send("POST", "/api/events", {"events": events})
    for name, rule in [("often", "visits > 10"), ("german", 'country is "DE"')]:
        send("POST", "/api/segments", {"name": name, "text": rule})
    send("POST", "/api/lists?name=some", "id\n1\n2\n999\n", "text/csv")
    send("POST", "/api/audiences", {"name": "all of them", "include_segments": ["often"], "exclude_lists": [1]})
    send("POST", "/api/audiences/1/snapshots", {})


def asked(address, name, out, options):
    """One pass of requests; returns whether all answers were as described."""
    # One thread asks: several that parse Python at the same time can fail in the interpreter itself (python/cpython#106905).
    command = [
        sys.executable, "-m", "schemathesis.cli", "run", f"{address}/api/openapi.json", "--checks", CHECKS, "--seed", SEED,
        "--continue-on-failure", "--request-timeout", "30", "--no-color", "--warnings", "off", "-w", "1", *options,
    ]
    print(f"contract: {name}", flush=True)
    done = subprocess.run(command, cwd=out, env=os.environ | {"PYTHONPATH": str(ROOT / "target/contract-env")}, text=True, capture_output=True)
    (out / f"{name.replace(' ', '-')}.txt").write_text(done.stdout + done.stderr)
    if done.returncode:
        print(done.stdout[-20_000:] + done.stderr[-2_000:])
    else:
        print("\n".join(line for line in done.stdout.splitlines() if "generated" in line or "Tested" in line))
    return done.returncode == 0


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("binary")
    arguments.add_argument("--seconds", default="20", help="of random requests and chains, for each server")
    given = arguments.parse_args()
    binary, out = str(pathlib.Path(given.binary).resolve()), ROOT / "target/contract"
    out.mkdir(parents=True, exist_ok=True)
    edges = ["--phases", "examples,coverage"]
    chains = ["--phases", "fuzzing,stateful", "--max-time", given.seconds]
    good = True
    with tempfile.TemporaryDirectory() as data, open(out / "server.log", "w") as log:
        for name, keyed in [("without keys", False), ("with keys", True)]:
            place, header = f"{data}/{keyed}", []
            if keyed:
                command = [binary, "key", "create", "--data", place, "--role", "admin"]
                made = subprocess.run(command, text=True, capture_output=True, check=True)
                key = made.stdout.split()[-1]
                header = ["-H", f"Authorization: Bearer {key}"]
            server, address = started(binary, place, log)
            drained(server, log)
            try:
                filled(address, key if keyed else None)
                good &= asked(address, f"{name} edges", out, edges + header)
                good &= asked(address, f"{name} chains", out, chains + header)
                if keyed:
                    good &= asked(address, "nobody edges", out, edges)
            finally:
                server.terminate()
                good &= server.wait(60) == 0
    if not good:
        raise SystemExit(f"the answers are not those that the description names; all of it is in {out}")


main()
