//! A random population inside the engine, next to the same one in the naive twin.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow_array::builder::{BooleanBuilder, Float64Builder, Int64Builder, ListBuilder, StringBuilder};
use arrow_array::{ArrayRef, StringArray};
use muster_engine::command::{Entry, decode, encode};
use muster_engine::schema::{Field, FieldType, Schema, Value};
use muster_engine::table::{Batch, BatchColumn, BatchCounts, ImportMode, RowOrder};
use muster_engine::tenant::{Tenant, Terms};

use crate::twin::{Customer, Twin};

/// A tenant that holds the twin's profiles.
///
/// # Panics
/// When the engine refuses what the twin holds.
pub fn tenant_of(twin: &Twin) -> Tenant {
    let tenant = Tenant::default();
    replace(&tenant, &twin.schema, &twin.profiles);
    tenant
}

/// The same with rows in the order of the twin's profiles, however many there are.
///
/// # Panics
/// When the engine refuses what the twin holds.
pub fn tenant_in_order(twin: &Twin) -> Tenant {
    let tenant = Tenant::default();
    import(&tenant, &twin.schema, &twin.profiles, RowOrder::Arrival);
    tenant
}

/// Imports whole profiles in one go.
///
/// # Panics
/// When the engine refuses them.
pub fn replace(tenant: &Tenant, schema: &Schema, profiles: &[Customer]) -> BatchCounts {
    import(tenant, schema, profiles, RowOrder::default())
}

fn import(tenant: &Tenant, schema: &Schema, profiles: &[Customer], order: RowOrder) -> BatchCounts {
    let fields: Vec<(String, FieldType)> =
        schema.fields().iter().map(|field| (field.name.to_string(), field.kind)).collect();
    let mut import = tenant.import();
    import.prepare(schema.id_name(), &fields).expect("the twin's fields are good");
    import.lay_rows(order);
    let batch = logged(batch_of(import.schema(), profiles), ImportMode::Replace);
    import.upsert(&batch, ImportMode::Replace).expect("the twin's profiles are good");
    import.commit(Terms::default()).expect("nothing that can fail").rows
}

/// What a row of a merging import says: fields it names, with a value or with none.
#[derive(Debug, Clone)]
pub struct Change {
    /// External id.
    pub id: String,
    /// New values by field name; `None` takes a value away.
    pub fields: BTreeMap<String, Option<Value>>,
}

/// Imports changes in one go, keeping the fields that a row does not name.
///
/// # Panics
/// When the engine refuses them.
pub fn merge(tenant: &Tenant, changes: &[Change]) -> BatchCounts {
    let mut import = tenant.import();
    let profiles: Vec<Customer> = changes
        .iter()
        .map(|change| {
            let named = change.fields.iter();
            let values = named.filter_map(|(name, value)| Some((name.clone(), value.clone()?))).collect();
            Customer { id: change.id.clone(), values }
        })
        .collect();
    let mut batch = batch_of(import.schema(), &profiles);
    for column in &mut batch.columns {
        let name = &*import.schema().field(column.field).name;
        column.named = Some(changes.iter().map(|change| change.fields.contains_key(name)).collect());
    }
    let batch = logged(batch, ImportMode::Merge);
    import.upsert(&batch, ImportMode::Merge).expect("the twin's values are good");
    import.commit(Terms::default()).expect("nothing that can fail").rows
}

/// An entry as a log brings it back.
///
/// # Panics
/// When it cannot be read, or would be written in another way.
pub fn through_bytes(entry: Entry) -> Entry {
    let (kind, payload) = encode(&entry);
    let entry = decode(kind, &payload).expect("what was written can be read");
    assert!(encode(&entry) == (kind, payload), "other bytes than before: {entry:?}");
    entry
}

fn logged(batch: Batch, mode: ImportMode) -> Batch {
    match through_bytes(Entry::ImportBatch { mode, batch }) {
        Entry::ImportBatch { mode: same, batch } if same == mode => batch,
        other => panic!("a batch came back as {other:?}"),
    }
}

/// Profiles as a batch; a missing value is a named null.
pub fn batch_of(schema: &Schema, profiles: &[Customer]) -> Batch {
    let ids = StringArray::from_iter_values(profiles.iter().map(|profile| profile.id.as_str()));
    let columns = schema.fields().iter().map(|field| BatchColumn {
        field: field.id,
        values: column(field, profiles),
        named: None,
    });
    Batch { ids, number_ids: None, columns: columns.collect() }
}

fn column(field: &Field, profiles: &[Customer]) -> ArrayRef {
    let values = profiles.iter().map(|profile| profile.values.get(&*field.name));
    match field.kind {
        FieldType::Bool => {
            let mut builder = BooleanBuilder::new();
            values.for_each(|value| builder.append_option(value.map(|value| matches!(value, Value::Bool(true)))));
            Arc::new(builder.finish())
        }
        FieldType::Int | FieldType::Decimal(_) | FieldType::Time | FieldType::Date => {
            let mut builder = Int64Builder::new();
            values.for_each(|value| builder.append_option(value.and_then(Value::to_key)));
            Arc::new(builder.finish())
        }
        FieldType::Float => {
            let mut builder = Float64Builder::new();
            values.for_each(|value| {
                builder
                    .append_option(value.map(|value| if let Value::Float(value) = value { *value } else { f64::NAN }))
            });
            Arc::new(builder.finish())
        }
        FieldType::Keyword => {
            let mut builder = StringBuilder::new();
            values.for_each(|value| builder.append_option(value.map(ToString::to_string)));
            Arc::new(builder.finish())
        }
        FieldType::KeywordSet => {
            let mut builder = ListBuilder::new(StringBuilder::new());
            values.for_each(|value| {
                if let Some(Value::KeywordSet(members)) = value {
                    members.iter().rev().for_each(|member| builder.values().append_value(member));
                }
                builder.append(value.is_some());
            });
            Arc::new(builder.finish())
        }
        FieldType::IntSet => {
            let mut builder = ListBuilder::new(Int64Builder::new());
            values.for_each(|value| {
                if let Some(Value::IntSet(members)) = value {
                    members.iter().rev().for_each(|member| builder.values().append_value(*member));
                }
                builder.append(value.is_some());
            });
            Arc::new(builder.finish())
        }
    }
}
