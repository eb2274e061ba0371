//! Arrow arrays of any type become canonical arrays of a field's type; values that do not fit are refused by row.
//!
//! First the many physical forms of one thing (widths, views, dictionaries) are cast to one; then whole buffers are
//! reused where the values are canonical already, and only what must be looked at is looked at.

use std::fmt::Display;
use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, ArrowPrimitiveType, AsArray, Decimal128Array, Float64Array, Int64Array, ListArray, PrimitiveArray,
    StringArray, new_null_array,
};
use arrow::buffer::OffsetBuffer;
use arrow::compute::cast;
use arrow::datatypes::{
    DataType, Date32Type, Date64Type, Decimal128Type, Float64Type, Int64Type, TimeUnit, TimestampMicrosecondType,
    TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType, UInt64Type,
};
use arrow::error::ArrowError;
use muster_engine::limits::{DECIMAL_SCALE_MAX, SET_MEMBERS_MAX, VALUE_BYTES_MAX};
use muster_engine::schema::FieldType;
use muster_engine::table::canonical_type;

use super::cell::{self, Refusal};
use super::coded;
use super::column::{list, scalar, set_too_large};

/// A column in canonical form. A refused row has a null there, and is filtered out by the caller.
#[derive(Debug)]
pub(super) struct Converted {
    pub(super) values: ArrayRef,
    /// In row order.
    pub(super) refusals: Vec<(usize, Refusal)>,
}

/// The type that a file's column has as a field, or what to do about a column that no field can hold.
pub(super) fn field_type(data_type: &DataType) -> Result<FieldType, &'static str> {
    use DataType::*;
    Ok(match data_type {
        Boolean => FieldType::Bool,
        Int8 | Int16 | Int32 | Int64 | UInt8 | UInt16 | UInt32 | UInt64 => FieldType::Int,
        Decimal32(_, scale) | Decimal64(_, scale) | Decimal128(_, scale) | Decimal256(_, scale) => {
            match u8::try_from((*scale).max(0)) {
                Ok(0) => FieldType::Int,
                Ok(scale) if scale <= DECIMAL_SCALE_MAX => FieldType::Decimal(scale),
                _ => return Err("cast it to a decimal of at most 18 digits after the point"),
            }
        }
        Float16 | Float32 | Float64 => FieldType::Float,
        Utf8 | LargeUtf8 | Utf8View | Null => FieldType::Keyword,
        Dictionary(_, values) if values.is_nested() || matches!(**values, Dictionary(..)) => {
            return Err("write its lists out, or make its members a dictionary");
        }
        Dictionary(_, values) => return field_type(values),
        Date32 | Date64 => FieldType::Date,
        Timestamp(..) => FieldType::Time,
        List(field) | LargeList(field) | ListView(field) | LargeListView(field) | FixedSizeList(field, _) => {
            match field_type(field.data_type()) {
                Ok(FieldType::Int) => FieldType::IntSet,
                Ok(FieldType::Keyword) => FieldType::KeywordSet,
                _ => return Err("cast its members to texts or whole numbers"),
            }
        }
        Struct(_) | Map(..) => return Err("flatten it into columns of their own"),
        Binary | LargeBinary | BinaryView | FixedSizeBinary(_) => return Err("cast it to a string, or leave it out"),
        _ => return Err("cast it to a number, a string or a time, or leave it out"),
    })
}

/// Whether a column of this type may hold ids.
pub(super) fn is_id_type(data_type: &DataType) -> bool {
    matches!(field_type(data_type), Ok(FieldType::Int | FieldType::Keyword))
}

/// Whether a column of this type can fill a field of type `kind`, if its values fit.
pub(super) fn can_convert(data_type: &DataType, kind: FieldType) -> bool {
    use FieldType::*;
    if *data_type == DataType::Null {
        return true;
    }
    let Ok(given) = field_type(data_type) else { return false };
    let is_number = |kind| matches!(kind, Int | Decimal(_) | Float);
    match (given, kind) {
        _ if given == kind => true,
        _ if is_number(given) && is_number(kind) => true,
        // Texts are read as JSON strings are, and whole numbers are kept by their digits.
        (Keyword, Decimal(_) | Time | Date) | (Int, Keyword) | (IntSet, KeywordSet) => true,
        _ => false,
    }
}

/// Converts a column to the canonical array of `kind`; [`can_convert`] has allowed it.
///
/// # Errors
/// When the array is not what it says it is.
pub(super) fn column(array: &ArrayRef, kind: FieldType) -> Result<Converted, ArrowError> {
    if let Some(coded) = coded::column(array, kind)? {
        return Ok(coded);
    }
    let array = plain(array)?;
    match array.data_type() {
        DataType::Null => {
            let values = new_null_array(&canonical_type(kind), array.len());
            Ok(Converted { values, refusals: Vec::new() })
        }
        DataType::Boolean => Ok(Converted { values: array, refusals: Vec::new() }),
        DataType::Utf8 if kind == FieldType::Keyword => Ok(keywords(array.as_string())),
        DataType::Utf8 => Ok(from_texts(array.as_string(), kind)),
        DataType::List(_) => set(array.as_list(), kind),
        DataType::Date32 | DataType::Date64 | DataType::Timestamp(..) => Ok(instants(&array)),
        _ => numbers(&array, kind),
    }
}

/// Converts the id column: texts as they are, whole numbers by their digits, none missing. All are written out.
pub(super) fn ids(array: &ArrayRef) -> Result<Converted, ArrowError> {
    let Converted { values, mut refusals } = column(array, FieldType::Keyword)?;
    let values = coded::write_out(&values)?;
    let texts: &StringArray = values.as_string();
    for (_, refusal) in &mut refusals {
        refusal.code = "id_too_long";
    }
    let refused: std::collections::HashSet<usize> = refusals.iter().map(|(row, _)| *row).collect();
    let empty = (0..texts.len()).filter(|row| texts.is_null(*row) || texts.value_length(*row) == 0);
    let empty: Vec<usize> = empty.filter(|row| !refused.contains(row)).collect();
    refusals.extend(empty.into_iter().map(|row| (row, cell::missing_id())));
    Ok(Converted { values, refusals })
}

/// The one physical form of each kind of value.
fn plain(array: &ArrayRef) -> Result<ArrayRef, ArrowError> {
    use DataType::*;
    let wanted = match array.data_type() {
        Int8 | Int16 | Int32 | UInt8 | UInt16 | UInt32 => Int64,
        Float16 | Float32 => Float64,
        LargeUtf8 | Utf8View => Utf8,
        Decimal32(_, scale) | Decimal64(_, scale) | Decimal256(_, scale) => Decimal128(38, *scale),
        ListView(_) | LargeListView(_) if shares_members(array) => {
            return Err(ArrowError::CastError("its lists share members; write them as lists of their own".into()));
        }
        LargeList(field) | ListView(field) | LargeListView(field) | FixedSizeList(field, _) => List(field.clone()),
        _ => return Ok(array.clone()),
    };
    cast(array, &wanted)
}

/// Whether lists that are views of their members have more of these than there are: written out they would take more than
/// the file holds.
fn shares_members(array: &ArrayRef) -> bool {
    let sum = |sizes: &mut dyn Iterator<Item = i64>| sizes.map(i128::from).sum::<i128>();
    if let Some(lists) = array.as_list_view_opt::<i32>() {
        return sum(&mut lists.value_sizes().iter().map(|size| i64::from(*size))) > lists.values().len() as i128;
    }
    let large = array.as_list_view_opt::<i64>();
    large.is_some_and(|lists| sum(&mut lists.value_sizes().iter().copied()) > lists.values().len() as i128)
}

/// Converts value by value; a refusal leaves a null.
fn each<T>(array: &dyn Array, value: impl Fn(usize) -> Result<T, Refusal>) -> (Vec<Option<T>>, Vec<(usize, Refusal)>) {
    let mut refusals = Vec::new();
    let values = (0..array.len()).map(|row| {
        if array.is_null(row) {
            return None;
        }
        value(row).map_err(|refusal| refusals.push((row, refusal))).ok()
    });
    (values.collect(), refusals)
}

pub(super) fn ints_of(array: &dyn Array, value: impl Fn(usize) -> Result<i64, Refusal>) -> Converted {
    let (values, refusals) = each(array, value);
    Converted { values: Arc::new(Int64Array::from(values)), refusals }
}

pub(super) fn keywords_of(array: &dyn Array, value: impl Fn(usize) -> Result<String, Refusal>) -> Converted {
    let (values, refusals) = each(array, value);
    Converted { values: Arc::new(StringArray::from(values)), refusals }
}

/// Texts as keywords: as they are when all of them are ASCII and short.
fn keywords(texts: &StringArray) -> Converted {
    let offsets = texts.value_offsets();
    let bytes = usize::try_from(offsets[0]).and_then(|start| Ok(start..usize::try_from(offsets[texts.len()])?));
    let is_ascii = bytes.is_ok_and(|range| texts.value_data()[range].is_ascii());
    let is_short =
        offsets.windows(2).all(|pair| usize::try_from(pair[1] - pair[0]).is_ok_and(|n| n <= VALUE_BYTES_MAX));
    if is_ascii && is_short {
        return Converted { values: Arc::new(texts.clone()), refusals: Vec::new() };
    }
    keywords_of(texts, |row| cell::keyword(texts.value(row)).map(std::borrow::Cow::into_owned))
}

fn from_texts(texts: &StringArray, kind: FieldType) -> Converted {
    ints_of(texts, |row| scalar(kind, texts.value(row)))
}

fn numbers(array: &ArrayRef, kind: FieldType) -> Result<Converted, ArrowError> {
    if let Some(ints) = array.as_primitive_opt::<Int64Type>() {
        return from_ints(ints, kind);
    }
    if let Some(ints) = array.as_primitive_opt::<UInt64Type>() {
        return from_ints(ints, kind);
    }
    if let Some(floats) = array.as_primitive_opt::<Float64Type>() {
        return Ok(from_floats(floats, kind));
    }
    if let Some(decimals) = array.as_primitive_opt::<Decimal128Type>() {
        return Ok(from_decimals(decimals, kind));
    }
    Err(ArrowError::CastError(format!("{} is no number", array.data_type())))
}

/// Whole numbers, signed or not.
fn from_ints<T>(ints: &PrimitiveArray<T>, kind: FieldType) -> Result<Converted, ArrowError>
where
    T: ArrowPrimitiveType,
    T::Native: Into<i128> + Display,
{
    let scale = match kind {
        FieldType::Keyword => return Ok(keywords_of(ints, |row| Ok(ints.value(row).to_string()))),
        // A float field holds the nearest float.
        FieldType::Float => {
            return Ok(Converted { values: cast(ints, &DataType::Float64)?, refusals: Vec::new() });
        }
        FieldType::Decimal(scale) => scale,
        _ => 0,
    };
    if scale == 0 && T::DATA_TYPE == DataType::Int64 {
        return Ok(Converted { values: Arc::new(ints.clone()), refusals: Vec::new() });
    }
    let one = 10i128.pow(u32::from(scale));
    Ok(ints_of(ints, |row| {
        let value: i128 = ints.value(row).into();
        i64::try_from(value * one).map_err(|_| cell::out_of_range(kind, &value.to_string()))
    }))
}

fn from_floats(floats: &Float64Array, kind: FieldType) -> Converted {
    if kind != FieldType::Float {
        // The shortest text that reads back to the float is what JSON would have said.
        return ints_of(floats, |row| {
            let value = floats.value(row);
            cell::finite(value, &value.to_string())?;
            scalar(kind, &value.to_string())
        });
    }
    let is_finite = |row: usize| floats.is_null(row) || floats.value(row).is_finite();
    if (0..floats.len()).all(is_finite) {
        return Converted { values: Arc::new(floats.clone()), refusals: Vec::new() };
    }
    let (values, refusals) = each(floats, |row| cell::finite(floats.value(row), &floats.value(row).to_string()));
    Converted { values: Arc::new(Float64Array::from(values)), refusals }
}

fn from_decimals(decimals: &Decimal128Array, kind: FieldType) -> Converted {
    let scale = decimals.scale();
    let text = |row: usize| decimals.value_as_string(row);
    let wanted = match kind {
        FieldType::Float => {
            let (values, refusals) = each(decimals, |row| cell::float(&text(row)));
            return Converted { values: Arc::new(Float64Array::from(values)), refusals };
        }
        FieldType::Keyword => return keywords_of(decimals, |row| Ok(whole_text(decimals.value(row), scale))),
        FieldType::Decimal(wanted) => i16::from(wanted),
        _ => 0,
    };
    let shift = wanted - i16::from(scale);
    let Some(factor) = 10i128.checked_pow(u32::from(shift.unsigned_abs())) else {
        return ints_of(decimals, |row| scalar(kind, &text(row)));
    };
    ints_of(decimals, |row| {
        let value = decimals.value(row);
        let units = if shift >= 0 {
            value.checked_mul(factor)
        } else if value % factor == 0 {
            Some(value / factor)
        } else {
            return scalar(kind, &text(row));
        };
        units.and_then(|units| i64::try_from(units).ok()).ok_or_else(|| cell::out_of_range(kind, &text(row)))
    })
}

/// The digits of a decimal without a fraction.
fn whole_text(value: i128, scale: i8) -> String {
    let zeros = if value == 0 { 0 } else { usize::from(scale.unsigned_abs()) };
    format!("{value}{}", "0".repeat(zeros))
}

/// Days of dates, microseconds of timestamps; what has no time zone is UTC.
fn instants(array: &ArrayRef) -> Converted {
    /// Milliseconds of a day.
    const DAY_MS: i64 = 86_400_000;
    let far = |value: i64| Refusal::new("out_of_range", format!("holds a time too far from 1970: {value}"));
    let scaled = |ints: &Int64Array, factor: i64| {
        ints_of(ints, |row| ints.value(row).checked_mul(factor).ok_or_else(|| far(ints.value(row))))
    };
    let ready = |ints: Int64Array| Converted { values: Arc::new(ints), refusals: Vec::new() };
    match array.data_type() {
        DataType::Date32 => ready(array.as_primitive::<Date32Type>().unary(i64::from)),
        DataType::Date64 => ready(array.as_primitive::<Date64Type>().unary(|ms| ms.div_euclid(DAY_MS))),
        DataType::Timestamp(TimeUnit::Second, _) => {
            scaled(&array.as_primitive::<TimestampSecondType>().reinterpret_cast(), 1_000_000)
        }
        DataType::Timestamp(TimeUnit::Millisecond, _) => {
            scaled(&array.as_primitive::<TimestampMillisecondType>().reinterpret_cast(), 1_000)
        }
        DataType::Timestamp(TimeUnit::Nanosecond, _) => {
            ready(array.as_primitive::<TimestampNanosecondType>().unary(|ns| ns.div_euclid(1_000)))
        }
        _ => ready(array.as_primitive::<TimestampMicrosecondType>().reinterpret_cast()),
    }
}

/// A set; a member that does not fit, a missing one included, refuses the row.
fn set(lists: &ListArray, kind: FieldType) -> Result<Converted, ArrowError> {
    let member_kind = if kind == FieldType::IntSet { FieldType::Int } else { FieldType::Keyword };
    let offsets = lists.offsets().clone();
    let (first, last) = (offsets[0], offsets[lists.len()]);
    let range = |offset: i32| usize::try_from(offset).unwrap_or(0);
    // A slice of a larger array still carries all members: look only at its own.
    let source = lists.values().slice(range(first), range(last - first));
    let offsets = OffsetBuffer::new(offsets.iter().map(|offset| offset - first).collect());
    let members = column(&source, member_kind)?;
    let mut bad: Vec<(usize, Refusal)> = members.refusals;
    let missing = || Refusal::new("missing_member", "holds a list with a missing member; leave it out of the list");
    let source_nulls = source.logical_nulls();
    if let Some(nulls) = source_nulls.filter(|nulls| nulls.null_count() > 0) {
        bad.extend((0..nulls.len()).filter(|at| nulls.is_null(*at)).map(|at| (at, missing())));
        bad.sort_by_key(|(at, _)| *at);
    }
    let mut refusals = Vec::new();
    let mut next_bad = bad.into_iter().peekable();
    for (row, pair) in offsets.windows(2).enumerate() {
        let (start, end) = (range(pair[0]), range(pair[1]));
        let is_present = lists.is_valid(row);
        if is_present && end - start > SET_MEMBERS_MAX {
            refusals.push((row, set_too_large(end - start)));
        }
        while next_bad.next_if(|(at, _)| *at < start).is_some() {}
        let mut first = true;
        while let Some((_, refusal)) = next_bad.next_if(|(at, _)| *at < end) {
            if is_present && first {
                refusals.push((row, refusal));
                first = false;
            }
        }
    }
    let values = list(offsets, members.values, lists.nulls().cloned());
    Ok(Converted { values: Arc::new(values), refusals })
}
