"""ClickHouse, embedded, with a MergeTree table: words of few values as LowCardinality, as its users keep them."""

import tempfile

import chdb
from chdb import session

# Different for nearly every customer.
UNIQUE = ("id", "email", "phone")


class Engine:
    version = chdb.__version__

    def load(self, path, threads):
        self.folder = tempfile.TemporaryDirectory()
        self.session = session.Session(self.folder.name)
        self.settings = f" settings max_threads={threads}, use_query_cache=0"
        self.session.query("create database d")
        columns = []
        for line in self.session.query(f"describe file('{path}', Parquet)", "TabSeparatedRaw").bytes().decode().splitlines():
            name, kind = line.split("\t")[:2]
            if name not in UNIQUE:
                kind = kind.replace("Array(Nullable(String))", "Array(String)")
                plain = "Nullable(String)" if "Nullable(String)" in kind else "String"
                kind = kind.replace(plain, f"LowCardinality({plain})")
            columns.append((name, kind))
        table = ", ".join(f"{name} {kind}" for name, kind in columns) + ", row UInt32"
        names = ", ".join(name for name, _ in columns)
        order = "(country, id)" if any(name == "country" for name, _ in columns) else "id"
        self.session.query(f"create table d.p ({table}) engine=MergeTree order by {order} settings allow_nullable_key=1")
        self.session.query(
            f"insert into d.p select {names}, toUInt32(substring(assumeNotNull(id), 2)) from file('{path}', Parquet)" + self.settings
        )

    def memory_bytes(self):
        return self.number("select sum(data_uncompressed_bytes) from system.parts where active and database = 'd'")

    def number(self, sql):
        return int(self.session.query(sql, "TabSeparated").bytes())

    def prepare(self, where):
        sql = f"select count() from d.p where {where}" + self.settings
        return lambda: self.number(sql)
