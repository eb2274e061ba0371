"""ClickHouse's bitmap functions over a table of ready bitmaps, one for each test."""

import clickhouse_table


class Engine(clickhouse_table.Engine):
    def load(self, path, threads):
        super().load(path, threads)
        self.session.query(
            "create table d.b (leaf UInt32, rows AggregateFunction(groupBitmap, UInt32)) engine=MergeTree order by leaf"
        )

    def add_leaf(self, number, where):
        self.session.query(
            f"insert into d.b select {number}, groupBitmapState(row) from d.p where {where}" + self.settings
        )

    def prepare(self, expression):
        sql = f"select bitmapCardinality({expression})" + self.settings
        return lambda: self.number(sql)
