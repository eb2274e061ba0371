//! The engines that Muster is compared with.

use clap::ValueEnum;

use crate::dialect::Dialect;

/// An engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
pub(crate) enum Engine {
    /// The crate `roaring`, every test's bitmap given, rows numbered as they came
    RoaringRs,
    /// CRoaring through the crate `croaring`, every test's bitmap given, rows numbered as they came
    Croaring,
    /// The crate `roaring` with the row numbers that Muster has chosen
    RoaringRsClustered,
    /// CRoaring with the row numbers that Muster has chosen
    CroaringClustered,
    /// A data frame of Polars
    Polars,
    /// A table of DuckDB in memory
    #[value(name = "duckdb")]
    DuckDb,
    /// A MergeTree table of ClickHouse
    #[value(name = "clickhouse")]
    ClickHouse,
    /// ClickHouse's bitmap functions, every test's bitmap given
    #[value(name = "clickhouse_bitmaps")]
    ClickHouseBitmaps,
    /// A table of DataFusion in memory
    #[value(name = "datafusion")]
    DataFusion,
}

impl Engine {
    /// The engines in the order in which they are shown.
    pub(crate) const ALL: [Self; 9] = [
        Self::RoaringRs,
        Self::Croaring,
        Self::RoaringRsClustered,
        Self::CroaringClustered,
        Self::Polars,
        Self::DuckDb,
        Self::ClickHouse,
        Self::ClickHouseBitmaps,
        Self::DataFusion,
    ];

    /// The key in documents.
    pub(crate) fn key(self) -> &'static str {
        match self {
            Self::RoaringRs => "roaring_rs",
            Self::Croaring => "croaring",
            Self::RoaringRsClustered => "roaring_rs_clustered",
            Self::CroaringClustered => "croaring_clustered",
            Self::Polars => "polars",
            Self::DuckDb => "duckdb",
            Self::ClickHouse => "clickhouse",
            Self::ClickHouseBitmaps => "clickhouse_bitmaps",
            Self::DataFusion => "datafusion",
        }
    }

    /// The module in bench/peers and the dialect, for those that run in Python.
    pub(crate) fn in_python(self) -> Option<(&'static str, Dialect)> {
        match self {
            Self::RoaringRs | Self::Croaring | Self::RoaringRsClustered | Self::CroaringClustered => None,
            Self::Polars => Some(("polars_frame", Dialect::Polars)),
            Self::DuckDb => Some(("duckdb_table", Dialect::DuckDb)),
            Self::ClickHouse => Some(("clickhouse_table", Dialect::ClickHouse)),
            Self::ClickHouseBitmaps => Some(("clickhouse_bitmaps", Dialect::ClickHouse)),
            Self::DataFusion => Some(("datafusion_table", Dialect::DataFusion)),
        }
    }

    /// Whether it is given the bitmaps of all tests, and is therefore asked rules of three tests or more only.
    pub(crate) fn has_bitmaps(self) -> bool {
        self.in_python().is_none() || self == Self::ClickHouseBitmaps
    }
}
