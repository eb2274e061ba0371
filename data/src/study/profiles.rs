//! One profile per household of the study, as a table of 30 columns.
//!
//! Profiles are built as of [`NOW`]: a transaction at that instant or later is not in them. Rows ascend by
//! `household_id`; sets are sorted; a value that is not known is missing, and so is a set with no member.
//!
//! Not here: the sums themselves (`household`), and how a file is written (`crate::export`).

use std::path::Path;
use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanArray, Decimal128Array, Int32Array, Int32Builder, ListBuilder, RecordBatch, StringArray,
    StringBuilder, TimestampMicrosecondArray,
};
use arrow::datatypes::{DataType, Field, Schema, SchemaRef, TimeUnit};
use muster_engine::time::Timestamp;

use super::household::{Household, households};
use super::tables::Study;
use crate::error::{Error, Result};
use crate::export;

/// 2018-01-01T00:00:00Z, the instant as of which profiles are built.
pub const NOW: Timestamp = Timestamp(1_514_764_800_000_000);

/// The columns of the profile table.
pub fn schema() -> SchemaRef {
    let int = || DataType::Int32;
    let text = || DataType::Utf8;
    let money = || DataType::Decimal128(12, 2);
    let time = || DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()));
    let set = |member: DataType| DataType::List(Arc::new(Field::new_list_field(member, true)));
    let always = |name: &str, of: DataType| Field::new(name, of, false);
    let maybe = |name: &str, of: DataType| Field::new(name, of, true);
    Arc::new(Schema::new(vec![
        always("household_id", int()),
        maybe("age", text()),
        maybe("income", text()),
        maybe("home_ownership", text()),
        maybe("marital_status", text()),
        maybe("household_size", text()),
        maybe("household_comp", text()),
        maybe("kids_count", text()),
        maybe("age_min", int()),
        maybe("income_min_k", int()),
        maybe("household_size_min", int()),
        maybe("kids_count_min", int()),
        always("has_demographics", DataType::Boolean),
        always("purchase_count", int()),
        always("total_spent", money()),
        always("avg_order", money()),
        always("first_purchase", time()),
        always("last_purchase", time()),
        always("distinct_products", int()),
        always("distinct_departments", int()),
        always("distinct_categories", int()),
        always("products", set(int())),
        maybe("departments", set(text())),
        maybe("categories", set(text())),
        always("preferred_weekday", text()),
        always("preferred_weekday_utc", text()),
        always("coupons_redeemed", int()),
        maybe("last_redemption", time()),
        maybe("campaigns", set(int())),
        maybe("campaign_types", set(text())),
    ]))
}

/// The profiles of all households that bought something before [`NOW`].
pub fn build_profiles(study: &Study) -> Result<RecordBatch> {
    let rows = households(study, NOW)?;
    let told = &study.demographics;
    let known = |column: &[Option<String>]| {
        let values = rows.iter().map(|row| column[row.demographics?].as_deref());
        Arc::new(values.collect::<StringArray>()) as ArrayRef
    };
    let lowest = |column: &[Option<String>]| {
        let values = rows.iter().map(|row| lower_bound(column[row.demographics?].as_deref()?));
        Arc::new(values.collect::<Int32Array>()) as ArrayRef
    };
    let columns = vec![
        ints(&rows, |row| row.id),
        known(&told.age),
        known(&told.income),
        known(&told.home_ownership),
        known(&told.marital_status),
        known(&told.household_size),
        known(&told.household_comp),
        known(&told.kids_count),
        lowest(&told.age),
        lowest(&told.income),
        lowest(&told.household_size),
        lowest(&told.kids_count),
        Arc::new(rows.iter().map(|row| Some(row.demographics.is_some())).collect::<BooleanArray>()),
        ints(&rows, |row| row.purchase_count),
        money(&rows, |row| row.total_cents)?,
        money(&rows, |row| row.average_cents())?,
        times(&rows, |row| Some(row.first_purchase)),
        times(&rows, |row| Some(row.last_purchase)),
        ints(&rows, |row| size(row.products.len())),
        ints(&rows, |row| size(row.departments.len())),
        ints(&rows, |row| size(row.categories.len())),
        int_sets(&rows, |row| &row.products),
        text_sets(&rows, |row| &row.departments),
        text_sets(&rows, |row| &row.categories),
        Arc::new(rows.iter().map(|row| Some(row.weekday)).collect::<StringArray>()),
        Arc::new(rows.iter().map(|row| Some(row.weekday_utc)).collect::<StringArray>()),
        ints(&rows, |row| row.coupons_redeemed),
        times(&rows, |row| row.last_redemption),
        int_sets(&rows, |row| &row.campaigns),
        text_sets(&rows, |row| &row.campaign_types),
    ];
    RecordBatch::try_new(schema(), columns).map_err(|cause| Error::new(format!("building the profiles: {cause}")))
}

/// Writes the profiles as NDJSON: keys in column order, money with two decimals, missing values left out.
pub fn write_profiles_ndjson(profiles: &RecordBatch, path: &Path) -> Result<u64> {
    export::write_ndjson(std::iter::once(profiles.clone()), path, &mut |_| ())
}

/// Writes the profiles as Parquet.
pub fn write_profiles_parquet(profiles: &RecordBatch, path: &Path) -> Result<u64> {
    export::write_parquet(profiles.schema_ref(), std::iter::once(profiles.clone()), path, &mut |_| ())
}

/// The number a band starts with ("45-54", "5+", "35-49K"); the open lowest band starts at 0.
fn lower_bound(band: &str) -> Option<i32> {
    if band == "Under 15K" {
        return Some(0);
    }
    let digits = band.bytes().take_while(u8::is_ascii_digit).count();
    band[..digits].parse().ok()
}

fn size(members: usize) -> i32 {
    i32::try_from(members).expect("a household has fewer than 2^31 products")
}

fn ints(rows: &[Household<'_>], value: impl Fn(&Household<'_>) -> i32) -> ArrayRef {
    Arc::new(rows.iter().map(|row| Some(value(row))).collect::<Int32Array>())
}

fn money(rows: &[Household<'_>], cents: impl Fn(&Household<'_>) -> i64) -> Result<ArrayRef> {
    let cents: Decimal128Array = rows.iter().map(|row| Some(i128::from(cents(row)))).collect();
    let cents = cents.with_precision_and_scale(12, 2).map_err(|cause| Error::new(format!("an amount: {cause}")))?;
    Ok(Arc::new(cents))
}

fn times(rows: &[Household<'_>], at: impl Fn(&Household<'_>) -> Option<i64>) -> ArrayRef {
    Arc::new(rows.iter().map(at).collect::<TimestampMicrosecondArray>().with_timezone("UTC"))
}

fn int_sets(rows: &[Household<'_>], members: impl for<'r> Fn(&'r Household<'_>) -> &'r Vec<i32>) -> ArrayRef {
    let mut sets = ListBuilder::new(Int32Builder::new());
    for row in rows {
        let members = members(row);
        sets.values().append_slice(members);
        sets.append(!members.is_empty());
    }
    Arc::new(sets.finish())
}

fn text_sets<'a>(rows: &[Household<'a>], members: impl for<'r> Fn(&'r Household<'a>) -> &'r Vec<&'a str>) -> ArrayRef {
    let mut sets = ListBuilder::new(StringBuilder::new());
    for row in rows {
        let members = members(row);
        members.iter().for_each(|member| sets.values().append_value(member));
        sets.append(!members.is_empty());
    }
    Arc::new(sets.finish())
}
