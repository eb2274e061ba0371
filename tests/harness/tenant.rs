//! A random population inside the engine, next to the same one in the naive twin.

use std::sync::Arc;

use arrow_array::builder::{BooleanBuilder, Float64Builder, Int64Builder, ListBuilder, StringBuilder};
use arrow_array::{ArrayRef, StringArray};
use muster_engine::schema::{Field, FieldType, Schema, Value};
use muster_engine::table::{Batch, BatchColumn, ImportMode};
use muster_engine::tenant::Tenant;

use crate::twin::{Customer, Twin};

/// A tenant that holds the twin's profiles.
///
/// # Panics
/// When the engine refuses what the twin holds.
pub fn tenant_of(twin: &Twin) -> Tenant {
    let tenant = Tenant::default();
    upsert(&tenant, &twin.schema, &twin.profiles, ImportMode::Replace);
    tenant
}

/// Imports profiles in one go.
///
/// # Panics
/// When the engine refuses them.
pub fn upsert(tenant: &Tenant, schema: &Schema, profiles: &[Customer], mode: ImportMode) {
    let fields: Vec<(String, FieldType)> =
        schema.fields().iter().map(|field| (field.name.to_string(), field.kind)).collect();
    let mut import = tenant.import();
    import.prepare(schema.id_name(), &fields).expect("the twin's fields are good");
    let batch = batch_of(import.schema(), profiles);
    import.upsert(&batch, mode).expect("the twin's profiles are good");
    import.commit();
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
