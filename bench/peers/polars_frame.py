"""Polars with a data frame in memory. Threads come from the environment variable POLARS_MAX_THREADS."""

import polars as pl


class Engine:
    version = pl.__version__

    def load(self, path, threads):
        self.frame = pl.read_parquet(path).rechunk()
        if pl.thread_pool_size() != threads:
            raise ValueError(f"{pl.thread_pool_size()} threads instead of {threads}")

    def memory_bytes(self):
        return self.frame.estimated_size()

    def prepare(self, expression):
        # The expressions come from this repository's own translation, never from data.
        condition = eval(expression, {"pl": pl})
        lazy = self.frame.lazy().filter(condition).select(pl.len())
        return lambda: lazy.collect().item()
