"""DuckDB with a month of events in memory, in the columns that suit it: a number for a person, an enum for a type."""

import duckdb


class Engine:
    version = duckdb.__version__

    def load(self, path, threads):
        self.connection = duckdb.connect()
        self.connection.execute(f"set threads={threads}")
        self.connection.execute("set timezone='UTC'")
        self.connection.execute("create type act as enum ('view', 'cart', 'purchase')")
        self.connection.execute(
            "create table events as select cast(substring(profile_id, 2) as uinteger) person, cast(type as act) type, "
            "epoch_us(time) as time, cast(price * 100 as integer) cents, category, brand "
            f"from read_parquet('{path}')"
        )

    def memory_bytes(self):
        return int(self.connection.execute("select sum(memory_usage_bytes) from duckdb_memory()").fetchone()[0])

    def prepare(self, sql):
        return lambda: self.connection.execute(sql).fetchone()[0]
