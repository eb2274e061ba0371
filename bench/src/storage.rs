//! Seconds to load profiles, and bytes to keep them.

use serde_json::{Map, Value as Json, json};

use crate::document::rounded;
use crate::machine;
use crate::workload::{loaded, parquet};
use crate::{Failure, Size};

/// Loads a Parquet file and says how long that took.
pub(crate) fn load(size: &Size) -> Result<(), Failure> {
    let profiles = size.profiles;
    let path = parquet(profiles)?;
    let file_bytes = std::fs::metadata(&path)?.len();
    let (_, load_s) = loaded(&path, size.row_order())?;
    let document = json!({
        "profiles": profiles,
        "machine": machine::describe(),
        "commit": machine::commit(),
        "file_bytes": file_bytes,
        "load_s": rounded(load_s),
        "profiles_per_s": (profiles as f64 / load_s).round(),
    });
    println!("{document:#}");
    Ok(())
}

/// Bytes per profile, of each field its values, its presence and its index.
pub(crate) fn memory(size: &Size) -> Result<(), Failure> {
    let profiles = size.profiles;
    let (tenant, _) = loaded(&parquet(profiles)?, size.row_order())?;
    let state = tenant.state();
    let view = &state.view;
    let each = |bytes: usize| rounded(bytes as f64 / profiles as f64);
    let mut fields = Map::new();
    let mut sum = 0;
    for field in view.schema().fields() {
        let data = view.field(field.id);
        sum += data.bytes();
        let parts: Json = json!({
            "values": each(data.column.bytes()), "present": each(data.present.bytes()), "index": each(data.index.bytes()),
        });
        fields.insert(field.name.to_string(), parts);
    }
    let document = json!({
        "profiles": profiles,
        "commit": machine::commit(),
        "bytes": view.bytes(),
        "bytes_per_profile": each(view.bytes()),
        "ids_and_population": each(view.bytes() - sum),
        "fields": fields,
    });
    println!("{document:#}");
    Ok(())
}
