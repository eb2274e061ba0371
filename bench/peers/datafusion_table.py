"""DataFusion with a table of record batches in memory, one partition a thread."""

import datafusion
import pyarrow.parquet as parquet


class Engine:
    version = datafusion.__version__

    def load(self, path, threads):
        self.context = datafusion.SessionContext(datafusion.SessionConfig().with_target_partitions(threads))
        table = parquet.read_table(path)
        batches = table.to_batches(max_chunksize=65536)
        self.bytes = table.nbytes
        share = -(-len(batches) // threads)
        partitions = [batches[start : start + share] for start in range(0, len(batches), share)]
        self.context.register_record_batches("p", partitions)

    def memory_bytes(self):
        return self.bytes

    def prepare(self, where):
        sql = f"select count(*) from p where {where}"
        return lambda: self.context.sql(sql).collect()[0][0][0].as_py()
