"""ClickHouse, embedded, with a month of events in a MergeTree table in order of type, person and time."""

import tempfile

import chdb
from chdb import session


class Engine:
    version = chdb.__version__

    def load(self, path, threads):
        self.folder = tempfile.TemporaryDirectory()
        self.session = session.Session(self.folder.name)
        self.settings = f" settings max_threads={threads}, use_query_cache=0"
        self.session.query("create database d")
        self.session.query("use d")
        self.session.query(
            "create table events (person UInt32, type LowCardinality(String), time Int64, cents Int64, "
            "category LowCardinality(Nullable(String)), brand LowCardinality(Nullable(String))) "
            "engine=MergeTree order by (type, person, time)"
        )
        self.session.query(
            "insert into events select toUInt32(substring(profile_id, 2)), type, toUnixTimestamp64Micro(time), "
            f"toInt64(price * 100), category, brand from file('{path}', Parquet)" + self.settings
        )

    def memory_bytes(self):
        return self.number("select sum(data_uncompressed_bytes) from system.parts where active and database = 'd'")

    def number(self, sql):
        return int(self.session.query(sql, "TabSeparated").bytes())

    def prepare(self, sql):
        return lambda: self.number(sql + self.settings)
