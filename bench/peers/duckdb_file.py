"""DuckDB with a table in a file, each step a process of its own that answers with a line of JSON.

    make DATABASE PARQUET THREADS   a file with the table of a Parquet file
    count DATABASE WHERE THREADS    opens the file and counts
    start                           what every process does before its work: the interpreter and the library
    forget FILE...                  drops what the system has of files in memory
"""

import json
import os
import sys
import time


def make(database, parquet, threads):
    connection = connect(database, threads)
    start = time.perf_counter()
    connection.execute(f"create table p as select * from read_parquet('{parquet}')")
    connection.execute("checkpoint")
    connection.close()
    return {"load_s": time.perf_counter() - start, "bytes": os.path.getsize(database)}


def connect(database, threads, **how):
    import duckdb

    connection = duckdb.connect(database, **how)
    connection.execute(f"set threads={threads}")
    connection.execute("set timezone='UTC'")
    return connection


def count(database, where, threads):
    connection = connect(database, threads, read_only=True)
    return {"count": connection.execute(f"select count(*) from p where {where}").fetchone()[0]}


def start():
    import duckdb

    return {"version": duckdb.__version__}


def forget(*files):
    for name in files:
        file = os.open(name, os.O_RDONLY)
        # Pages that are not written yet cannot be dropped.
        os.fsync(file)
        os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)
        os.close(file)
    return {}


if __name__ == "__main__":
    steps = {"make": make, "count": count, "start": start, "forget": forget}
    print(json.dumps(steps[sys.argv[1]](*sys.argv[2:])), flush=True)
    # Giving everything back would only take time.
    os._exit(0)
