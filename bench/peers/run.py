"""One engine, asked over standard input and output: a line of JSON in, a line of JSON out.

    {"load": PATH, "threads": N}                      -> {"load_s", "memory_bytes", "version"}
    {"leaf": NUMBER, "where": TEXT}                   -> {}
    {"metrics": PATH, "now": MICROSECONDS}            -> {"metrics_s"}
    {"query": TEXT, "runs_max": N, "budget_s": S}     -> {"count", "us", "runs"}

Times are taken here, around the execution alone, after one run that is not counted. What an engine refuses is
answered as {"error"}.
"""

import importlib
import json
import os
import sys
import time


def resident_bytes():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def load(engine, request):
    before = resident_bytes()
    start = time.perf_counter()
    engine.load(request["load"], request["threads"])
    load_s = time.perf_counter() - start
    memory = engine.memory_bytes() if hasattr(engine, "memory_bytes") else resident_bytes() - before
    return {"load_s": load_s, "memory_bytes": memory, "version": engine.version}


def query(engine, request):
    run = engine.prepare(request["query"])
    start = time.perf_counter()
    count = run()
    first_s = time.perf_counter() - start
    runs = max(1, min(request["runs_max"], int(request["budget_s"] / max(first_s, 1e-9))))
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        again = run()
        times.append(time.perf_counter() - start)
        if again != count:
            raise ValueError(f"{count} the first time, {again} later")
    times.sort()
    return {"count": count, "us": times[len(times) // 2] * 1e6, "runs": runs}


def answer(engine, request):
    if "load" in request:
        return load(engine, request)
    if "metrics" in request:
        start = time.perf_counter()
        engine.metrics(request["metrics"], request["now"])
        return {"metrics_s": time.perf_counter() - start}
    if "leaf" in request:
        engine.add_leaf(request["leaf"], request["where"])
        return {}
    return query(engine, request)


def main():
    # Whatever a library prints goes to standard error; answers have the real standard output to themselves.
    out = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    engine = importlib.import_module(sys.argv[1]).Engine()
    for line in sys.stdin:
        try:
            reply = answer(engine, json.loads(line))
        except Exception as error:
            reply = {"error": f"{type(error).__name__}: {str(error).strip()[:300]}"}
        out.write(json.dumps(reply) + "\n")


if __name__ == "__main__":
    main()
