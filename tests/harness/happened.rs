//! A life brought into an engine's view, in batches as they come in.

use arrow_array::StringArray;
use muster_engine::event::{EventBatch, EventTerms, PropertyValues};
use muster_engine::table::{View, Writer};
use muster_engine::tenant::State;
use muster_engine::time::Timestamp;

use crate::life::{Happened, Life};
use crate::tenant;
use crate::twin::{Customer, Twin};

/// A tenant's state with everybody of a twin, and all events of their life, in so many batches.
///
/// # Panics
/// When the engine refuses them.
pub fn lived(twin: &Twin, life: &Life, batches: usize) -> State {
    let state = State::clone(&tenant::tenant_of(twin).state());
    State { view: with_events(&state.view, life, batches), ..state }
}

/// The view with all events, in so many batches.
///
/// # Panics
/// When the engine refuses them.
pub fn with_events(view: &View, life: &Life, batches: usize) -> View {
    let mut view = view.clone();
    let size = life.events.len().div_ceil(batches.max(1)).max(1);
    // A first batch without events says which properties there are.
    let chunks = std::iter::once(&[][..]).chain(life.events.chunks(size));
    for (number, events) in chunks.enumerate() {
        let mut writer = Writer::new(view);
        let terms = EventTerms { creates_profiles: false, now: Timestamp(0) };
        let counts = writer.add_events(&batch_of(life, events), terms).expect("a good batch");
        assert_eq!(counts.accepted, events.len() as u64, "batch {number}");
        view = writer.finish().0;
    }
    let mut schema = (**view.events().schema()).clone();
    for kind in &life.kinds {
        let id = schema.add_type(kind).expect("a good name");
        schema.keep(id, life.kept.get(kind).copied());
    }
    view.with_event_schema(schema)
}

fn batch_of(life: &Life, events: &[Happened]) -> EventBatch {
    let texts = |text: fn(&Happened) -> &str| StringArray::from_iter_values(events.iter().map(text));
    let as_profiles: Vec<Customer> =
        events.iter().map(|event| Customer { id: event.id.clone(), values: event.properties.clone() }).collect();
    let columns = tenant::batch_of(&life.properties, &as_profiles).columns;
    let property = |(field, column): (&muster_engine::schema::Field, muster_engine::table::BatchColumn)| {
        PropertyValues { name: field.name.to_string(), kind: field.kind, values: column.values }
    };
    EventBatch {
        ids: texts(|event| &event.id),
        profiles: texts(|event| &event.profile),
        number_profiles: None,
        types: texts(|event| &event.kind),
        times: events.iter().map(|event| event.at.0).collect::<Vec<i64>>().into(),
        properties: life.properties.fields().iter().zip(columns).map(property).collect(),
    }
}
