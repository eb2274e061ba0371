"""DuckDB with an in-memory table."""

import duckdb


class Engine:
    version = duckdb.__version__

    def load(self, path, threads):
        self.connection = duckdb.connect()
        self.connection.execute(f"set threads={threads}")
        self.connection.execute("set timezone='UTC'")
        self.connection.execute(f"create table p as select * from read_parquet('{path}')")

    def memory_bytes(self):
        return int(self.connection.execute("select sum(memory_usage_bytes) from duckdb_memory()").fetchone()[0])

    def prepare(self, where):
        sql = f"select count(*) from p where {where}"
        return lambda: self.connection.execute(sql).fetchone()[0]
