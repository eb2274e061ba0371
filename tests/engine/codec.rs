//! Changes as bytes: those of the first version are read for ever, and bytes that nobody wrote do no harm.
//!
//! That every change comes back as it was is checked wherever histories are made (`history`, `harness::tenant`).

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow_array::builder::{ListBuilder, StringDictionaryBuilder};
use arrow_array::types::Int32Type;
use arrow_array::{DictionaryArray, StringArray};
use harness::disk::FakeDisk;
use harness::events::{Sent, event_batch};
use harness::population::population;
use harness::rng::Rng;
use harness::rules;
use harness::tenant::{batch_of, through_bytes};
use muster_engine::audience::{Definition, IncludeMatch, SegmentChoice};
use muster_engine::block::Set;
use muster_engine::catalog::{AttributeChanges, Status};
use muster_engine::command::{
    ChangeMembers, Command, ComputeChange, Contacted, DeclareEvents, Digest, Entry, Erasure, GateChange, Key,
    OfferChange, Outcome, Remembered, Restore, SaveAudience, SaveSegment, Saving, Saying, SegmentContent, Side, Stamp,
    Upsert, decode, decode_keys, encode, encode_keys,
};
use muster_engine::error::Error;
use muster_engine::event::EventTerms;
use muster_engine::gate::{Cap, ConsentState, Gating, IgnoredSuppressions, Slice, Term};
use muster_engine::id::{AudienceId, FieldId, GroupId, ListId, OfferId, SegmentId, SnapshotId, SuppressionId};
use muster_engine::offer::{Details, Generated, Matching, Price, PriceRange};
use muster_engine::rule::from_text;
use muster_engine::schema::{FieldType, Value};
use muster_engine::snapshot::Taken;
use muster_engine::store::checkpoint::{FileEntry, FileId, FileKind};
use muster_engine::table::{Batch, BatchColumn, ImportMode, RowOrder};
use muster_engine::tenant::Terms;
use muster_engine::time::{Date, Timestamp};

use crate::durability::{described, open};

/// One line an entry: kind and payload in hexadecimal digits, as the first version wrote them. New lines may be added,
/// none may be changed.
const VERSION_1: &str = include_str!("entries-1.txt");

/// The same of changes that make versions.
const VERSIONS: &str = include_str!("entries-2.txt");

/// The same of gates.
const GATES: &str = include_str!("entries-3.txt");
/// The same of events.
const EVENTS: &str = include_str!("entries-4.txt");
/// The same of changes of offers.
const OFFERS: &str = include_str!("entries-5.txt");
/// The same for computed fields.
const COMPUTED: &str = include_str!("entries-6.txt");

fn change(command: Command) -> Entry {
    Entry::Change { key: None, command }
}

/// Entries of every kind, whose bytes are in the file.
fn samples() -> Vec<Entry> {
    let now = Timestamp(1_514_764_800_000_000);
    let rule = "country is \"DE\" and (spent >= 17.570 or not in segment \"7\") and genres includes any (\"rock\")";
    let values = [
        ("member", Some(Value::Bool(true))),
        ("visits", Some(Value::Int(-3))),
        ("spent", Some(Value::Decimal(1_757, 2))),
        ("score", Some(Value::Float(0.1))),
        ("country", Some(Value::Keyword("\u{e9}".into()))),
        ("genres", Some(Value::KeywordSet(vec!["metal".into(), "rock".into()]))),
        ("products", Some(Value::IntSet(vec![-1, i64::MAX]))),
        ("seen", Some(Value::Time(now))),
        ("born", Some(Value::Date(Date(-1)))),
        ("gone", None),
    ];
    let fields = [FieldType::Bool, FieldType::Int, FieldType::Decimal(18), FieldType::Float, FieldType::Keyword];
    let more = [FieldType::KeywordSet, FieldType::IntSet, FieldType::Time, FieldType::Date];
    let fields: Vec<_> = fields.into_iter().chain(more).map(|kind| (kind.to_string(), kind)).collect();
    let definition = Definition {
        include_match: IncludeMatch::All,
        include_segments: Some(vec![SegmentChoice { id: SegmentId(7), key: "seven".into() }]),
        include_customers: Some(vec!["1".into(), "x".into()]),
        include_lists: None,
        exclude_segments: vec![SegmentChoice { id: SegmentId(300), key: "300".into() }],
        exclude_customers: vec!["2".into()],
        exclude_lists: vec![ListId(1)],
        ..Definition::default()
    };
    let put = |id: Option<u64>, content| {
        let (id, name, description) = (id.map(SegmentId), "name".to_owned(), "what for".to_owned());
        change(Command::PutSegment { id, name, description, content, now })
    };
    let (name, description) = ("name".to_owned(), String::new());
    let list = |attach| Command::PutList { name: "list".into(), ids: vec!["1".into()], blank: 2, attach, now };
    let upsert = Upsert { id_name: "id".into(), fields: fields.clone(), mode: ImportMode::Merge, batch: batch() };
    let id = FileId { kind: FileKind::Snapshots, number: 1, lsn: 300 };
    let file = Some(FileEntry { id, length: 4_096, table_crc: 0xdead_beef });
    let taken = Taken { file, is_as_written: true, ..Taken::default() };
    vec![
        change(Command::AddFields(fields.clone())),
        change(Command::PatchProfile {
            id: "1".into(),
            changes: values.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
        }),
        Entry::Change { key: Some("a key".into()), command: Command::EraseProfile { id: "1".into(), now: None } },
        put(Some(7), SegmentContent::Rule(from_text(rule).expect("a rule"))),
        put(None, SegmentContent::Ids(vec!["1".into(), String::new()])),
        put(Some(u64::MAX), SegmentContent::Same),
        change(Command::DeleteSegment(SegmentId(128))),
        change(Command::PutAudience { id: Some(AudienceId(3)), name, description, definition, now }),
        change(Command::DeleteAudience(AudienceId(3))),
        change(list(None)),
        change(list(Some((AudienceId(3), Side::Exclude)))),
        change(list(Some((AudienceId(3), Side::Include)))),
        change(Command::DeleteList(ListId(1))),
        change(Command::Upsert(upsert)),
        Entry::ImportBegin { id_name: "customer".into(), fields, row_order: RowOrder::Clustered },
        Entry::ImportBegin { id_name: "id".into(), fields: Vec::new(), row_order: RowOrder::Arrival },
        Entry::ImportBatch { mode: ImportMode::Replace, batch: batch() },
        Entry::ImportCommit { key: Some("key".into()) },
        Entry::ImportCommit { key: None },
        change(Command::EraseProfile { id: "1".into(), now: Some(now) }),
        change(Command::ForgetTexts),
        change(Command::SettleErasures { through: 300, now }),
        Entry::ImportCommit { key: Some(Key { name: "key".into(), request: Some(Digest::of(b"request")) }) },
        change(Command::DeleteSnapshot(SnapshotId(300))),
        change(Command::TakeSnapshots(Arc::new(taken))),
    ]
}

/// Entries of segments and audiences with versions; the file was begun when these came.
fn version_samples() -> Vec<Entry> {
    let stamp = Stamp { by: "me".into(), now: Timestamp(1_514_764_800_000_000) };
    let all = AttributeChanges {
        name: Some("name".into()),
        description: Some(String::new()),
        tags: Some(vec!["VIP".into(), "b".into()]),
        status: Some(Status::Archived),
        owner: Some("crm".into()),
        campaign: Some(Some(300)),
    };
    let none = AttributeChanges { campaign: Some(None), status: Some(Status::Draft), ..AttributeChanges::default() };
    let save = |id: Option<u64>, attributes: &AttributeChanges, content| {
        let (id, attributes, stamp) = (id.map(SegmentId), attributes.clone(), stamp.clone());
        change(Command::SaveSegment(SaveSegment { id, attributes, content, stamp }))
    };
    let audience = |definition| {
        let (id, attributes, stamp) = (Some(AudienceId(3)), all.clone(), stamp.clone());
        change(Command::SaveAudience(SaveAudience { id, attributes, definition, stamp }))
    };
    let restore = |what| change(Command::Restore(Restore { what, version: 2, stamp: stamp.clone() }));
    vec![
        save(None, &all, SegmentContent::Rule(from_text("visits = 3").expect("a rule"))),
        save(Some(7), &none, SegmentContent::Same),
        save(Some(7), &AttributeChanges::default(), SegmentContent::Rows(Set::from_rows(vec![0, 1, 70_000]))),
        save(Some(7), &none, SegmentContent::List(ListId(128))),
        audience(None),
        audience(Some(Definition { exclude_customers: vec!["2".into()], ..Definition::default() })),
        change(Command::ChangeMembers(ChangeMembers {
            id: SegmentId(7),
            add: vec!["1".into(), "x".into()],
            remove: vec!["2".into()],
            stamp: stamp.clone(),
        })),
        restore(Saving::Segment(SegmentId(7))),
        restore(Saving::Audience(AudienceId(3))),
    ]
}

/// Changes of gates, and a definition that has some.
fn gate_samples() -> Vec<Entry> {
    let (now, slice) = (Timestamp(7), |from, to| Slice { salt: "s".into(), from, to });
    let gate = |change_of| change(Command::Gate(change_of));
    let put = |list, term| gate(GateChange::PutSuppression { name: "unsubscribed".into(), list, term, now });
    let contacts = |who| gate(GateChange::RecordContacts { channel: "email".into(), who, at: Timestamp(3), now });
    let set = |consent, purpose, caps| gate(GateChange::SetChannel { name: "email".into(), consent, purpose, caps });
    let (channel, purpose, source) = ("email".into(), "marketing".into(), "checkout form".into());
    let (state, ids) = (ConsentState::Withdrawn, vec!["1".into(), "x".into()]);
    let consent = Some(from_text("member is true").expect("a rule"));
    let caps = vec![Cap { contacts: 2, days: 7 }, Cap { contacts: 300, days: 400 }];
    let gates = Gating {
        channel: Some("email".into()),
        holdout: Some(slice(0, 100_000)),
        split: Some(slice(250_000, 1_000_000)),
        ignored: Some(IgnoredSuppressions { suppressions: vec![SuppressionId(2)], reason: "recall".into() }),
    };
    let definition = Definition { include_match: IncludeMatch::All, gates: gates.into(), ..Definition::default() };
    let (name, description) = ("gated".to_owned(), String::new());
    vec![
        gate(GateChange::SetControl(Some(slice(0, 50_000)))),
        gate(GateChange::SetControl(None)),
        put(Some(ListId(3)), Term { expires: Some(Timestamp(9)), keep_days: None }),
        put(None, Term { expires: None, keep_days: Some(300) }),
        gate(GateChange::AddToSuppression { id: SuppressionId(2), ids: vec!["1".into(), "x".into()], at: now }),
        gate(GateChange::DeleteSuppression(SuppressionId(2))),
        set(consent, None, caps),
        contacts(Contacted::Ids(vec!["1".into()])),
        contacts(Contacted::Snapshot(SnapshotId(4))),
        gate(GateChange::PutGroup { id: Some(GroupId(1)), name: "g".into(), audiences: vec![AudienceId(2)] }),
        gate(GateChange::DeleteGroup(GroupId(1))),
        change(Command::PutAudience { id: None, name, description, definition, now }),
        set(None, Some("marketing".into()), Vec::new()),
        gate(GateChange::RecordConsents(vec![Saying { channel, purpose, state, source, at: now, ids }])),
    ]
}

#[test]
fn entries_of_gates_are_read_for_ever() {
    read_for_ever(GATES, gate_samples());
}

/// Entries of events.
fn event_samples() -> Vec<Entry> {
    let now = Timestamp(1_514_764_800_000_000);
    let terms = EventTerms { creates_profiles: true, now };
    let mut rng = Rng::new(4);
    let events: Vec<Sent> = (0..3).map(|_| Sent::random(&mut rng, 3, now)).collect();
    let mut batch = event_batch(&events);
    batch.number_profiles = Some([true, false, true].into_iter().collect());
    let types = [("purchase", Some(Some(365))), ("visit", Some(None)), ("login", None)];
    let types = types.map(|(name, days)| (name.to_owned(), days)).into();
    vec![
        change(Command::AddEvents(Box::new(batch.clone()), terms)),
        change(Command::DeclareEvents(DeclareEvents { types, properties: vec![("n".into(), FieldType::Int)] })),
        change(Command::ExpireEvents { now }),
        Entry::EventsBegin(EventTerms { creates_profiles: false, now }),
        Entry::EventsBatch(batch),
        Entry::EventsCommit { key: Some("key".into()) },
        Entry::EventsCommit { key: None },
    ]
}

/// Entries of computed fields; the file was begun when these came.
fn computed_samples() -> Vec<Entry> {
    let now = Timestamp(1_514_764_800_000_000);
    vec![
        change(Command::Compute(ComputeChange::Declare {
            events: DeclareEvents { types: vec![("view".into(), None)], properties: Vec::new() },
            fields: vec![("views".into(), Some("{\"of\":\"events\"}".into())), ("old".into(), None)],
            now,
        })),
        change(Command::Compute(ComputeChange::Rebuild { moving: true, now })),
    ]
}

/// Entries of offers; the file was begun when these came.
fn offer_samples() -> Vec<Entry> {
    let now = Timestamp(1_514_764_800_000_000);
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    let whole = Details {
        name: "Summer Festival".into(),
        genres: words(&["rock", "metal"]),
        event_types: words(&["festival"]),
        artists: words(&["\u{e9}"]),
        price: Some(PriceRange { min: Price(250_000), max: Price(1_175_050) }),
        city: Some("Cluj".into()),
        country: Some("RO".into()),
        starts_at: Some(now),
        status: Status::Archived,
    };
    let bare = Details { name: "n".into(), status: Status::Draft, ..Details::default() };
    let put = |id: Option<u64>, is_new, details| {
        change(Command::Offer(OfferChange::Put { id: id.map(OfferId), is_new, details, now }))
    };
    let mut matching = Matching { weights: [300, 0, 1, 2, 3, 4, 5], country_weight: Some(2), ..Matching::default() };
    matching.fields[9] = "watched".into();
    let generated = Generated { now, data_version: 300, min_score: 60, total: 85 };
    vec![
        put(Some(42), true, whole),
        put(None, false, bare),
        change(Command::Offer(OfferChange::Delete(OfferId(300)))),
        change(Command::Offer(OfferChange::Settings(matching))),
        change(Command::Offer(OfferChange::Settings(Matching::default()))),
        change(Command::Offer(OfferChange::Note { id: OfferId(42), generated })),
    ]
}

/// Nine columns of three rows, made without chance.
fn batch() -> Batch {
    let twin = population(1, 40).twin;
    let mut batch = batch_of(&twin.schema, &twin.profiles[12..15]);
    batch.number_ids = Some([true, false, true].into_iter().collect());
    batch.columns[1].named = Some([false, true, true].into_iter().collect());
    batch
}

#[test]
fn entries_of_version_1_are_read_for_ever() {
    read_for_ever(VERSION_1, samples());
}

#[test]
fn entries_of_events_are_read_for_ever() {
    read_for_ever(EVENTS, event_samples());
}

#[test]
fn entries_of_versions_are_read_for_ever() {
    read_for_ever(VERSIONS, version_samples());
}

#[test]
fn entries_of_offers_are_read_for_ever() {
    read_for_ever(OFFERS, offer_samples());
}

#[test]
fn entries_of_computed_fields_are_read_for_ever() {
    read_for_ever(COMPUTED, computed_samples());
}

/// The lines of a file are these entries, and the entries are written as these lines.
fn read_for_ever(file: &str, samples: Vec<Entry>) {
    let lines: Vec<String> = samples
        .iter()
        .map(|entry| {
            let (kind, payload) = encode(entry);
            let hex: String = payload.iter().map(|byte| format!("{byte:02x}")).collect();
            format!("{kind} {hex}")
        })
        .collect();
    for (line, entry) in file.lines().zip(samples) {
        let (kind, hex) = line.split_once(' ').expect("kind and payload");
        let bytes: Vec<u8> =
            (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).expect("hex")).collect();
        let read = decode(kind.parse().expect("a kind"), &bytes).expect("an entry of an earlier version");
        assert_eq!(in_words(&read), in_words(&through_bytes(entry)));
    }
    assert!(file.lines().eq(&lines), "no longer the bytes that were written:\n{}", lines.join("\n"));
}

/// An entry without the places of its parts in memory.
fn in_words(entry: &Entry) -> String {
    let place = regex::Regex::new("0x[0-9a-f]+").expect("a pattern");
    place.replace_all(&format!("{entry:?}"), "there").into_owned()
}

#[test]
fn batches_of_every_kind_come_back() {
    let twin = population(3, 200).twin;
    let mut whole = batch_of(&twin.schema, &twin.profiles);
    for (at, column) in whole.columns.iter_mut().enumerate() {
        column.named = (at % 3 == 0).then(|| (0..200).map(|row| row % 7 != at % 7).collect());
    }
    let empty = Batch { ids: StringArray::from_iter_values([""; 0]), number_ids: None, columns: Vec::new() };
    // Arrays that begin in the middle of their buffers.
    let slice = |from: usize, rows: usize| Batch {
        ids: whole.ids.slice(from, rows),
        number_ids: Some(
            (0..200).map(|row| row % 2 == 0).collect::<arrow_array::BooleanArray>().values().slice(from, rows),
        ),
        columns: whole
            .columns
            .iter()
            .map(|column| BatchColumn {
                field: column.field,
                values: column.values.slice(from, rows),
                named: column.named.as_ref().map(|named| named.slice(from, rows)),
            })
            .collect(),
    };
    for batch in [empty, slice(0, 200), slice(3, 77), slice(199, 1), slice(8, 0)] {
        let entry = Entry::ImportBatch { mode: ImportMode::Merge, batch: batch.clone() };
        let Entry::ImportBatch { batch: back, .. } = through_bytes(entry) else { panic!("another kind") };
        assert_eq!((back.ids, back.number_ids), (batch.ids, batch.number_ids));
        for (back, column) in back.columns.iter().zip(&batch.columns) {
            assert_eq!((back.field, &back.named), (column.field, &column.named));
            assert_eq!(back.values.data_type(), column.values.data_type());
            assert_eq!(&back.values, &column.values);
        }
    }
}

/// Receipts of erasures as they were written before there were numbers of receipts (2) and before there were snapshots (30),
/// and as they are written now (2 where there is neither, 55 with events, else 20).
#[test]
fn what_became_of_erasures_under_keys_is_read_in_every_form() {
    let erasure = |receipt, snapshots, events| Erasure {
        fields: 3,
        segments: 300,
        lists: 1,
        audiences: 0,
        receipt,
        snapshots,
        events,
    };
    for (outcome, wanted) in [
        (&[2, 3, 0xac, 2, 1, 0][..], erasure(0, 0, 0)),
        (&[30, 3, 0xac, 2, 1, 0, 9], erasure(9, 0, 0)),
        (&[20, 3, 0xac, 2, 1, 0, 9, 4], erasure(9, 4, 0)),
        (&[55, 3, 0xac, 2, 1, 0, 9, 4, 5], erasure(9, 4, 5)),
    ] {
        // A version, one key of 16 bytes, and no request.
        let bytes = [&[1, 1][..], &[7; 16], &[0], outcome].concat();
        let keys = decode_keys(&bytes).expect("it was written so");
        let [(key, Remembered { request: None, outcome: Outcome::Erased(found) })] = &keys[..] else {
            panic!("{keys:?}")
        };
        assert_eq!((key.0, found), ([7; 16], &wanted));
        let written = encode_keys(&keys);
        assert_eq!(decode_keys(&written), Ok(keys));
        assert_eq!(written == bytes, outcome[0] != 30, "{written:?}");
        assert!((0..bytes.len()).all(|end| decode_keys(&bytes[..end]).is_err()), "cut short");
        assert!(decode_keys(&[&bytes[..], &[0]].concat()).is_err(), "more than there was");
    }
}

/// Files of columns bring words coded; the log keeps them as words, and a restart finds them.
#[test]
fn coded_words_are_in_the_log() {
    let words: DictionaryArray<Int32Type> = vec![Some("rock"), None, Some("rock"), Some("jazz")].into_iter().collect();
    let mut sets = ListBuilder::new(StringDictionaryBuilder::<Int32Type>::new());
    for (members, is_there) in
        [(&[Some("loud"), Some("live")][..], true), (&[], true), (&[None, Some("loud")], true), (&[Some("new")], false)]
    {
        members.iter().for_each(|member| sets.values().append_option(*member));
        sets.append(is_there);
    }
    let sets = sets.finish();
    let columns = vec![
        BatchColumn { field: FieldId(0), values: Arc::new(words), named: None },
        BatchColumn { field: FieldId(1), values: Arc::new(sets), named: None },
    ];
    let ids = StringArray::from(vec!["1", "2", "3", "4"]);
    let batch = Batch { ids, number_ids: None, columns };
    let disk = FakeDisk::default();
    let tenant = open(&disk).expect("a new tenant");
    let fields = vec![("genre".to_owned(), FieldType::Keyword), ("tags".to_owned(), FieldType::KeywordSet)];
    let mut import = tenant.import();
    import.prepare("id", &fields).expect("a good field");
    import.upsert(&batch, ImportMode::Replace).expect("a batch");
    import.commit(Terms::default()).expect("all of it");
    let told = described(&tenant.state());
    for word in ["rock", "jazz", "loud", "live"] {
        assert!(told.contains(word), "{word}: {told}");
    }
    assert!(!told.contains("new"), "a set that is missing has no members: {told}");
    drop(tenant);
    assert_eq!(described(&open(&disk).expect("it opens again").state()), told);
}

#[test]
fn a_batch_that_names_a_field_nobody_has_is_refused() {
    let tenant = muster_engine::tenant::Tenant::default();
    let values = Arc::new(arrow_array::Int64Array::from(vec![1]));
    let columns = vec![BatchColumn { field: FieldId(900), values, named: None }];
    let batch = Batch { ids: StringArray::from(vec!["1"]), number_ids: None, columns };
    let upsert = Upsert { id_name: "id".into(), fields: Vec::new(), mode: ImportMode::Replace, batch };
    let refused = tenant.apply(Command::Upsert(upsert)).expect_err("there is no such field");
    assert!(matches!(refused, Error::Invalid(_)), "{refused}");
}

#[test]
fn bytes_that_nobody_wrote_do_no_harm() {
    let mut rng = Rng::new(11);
    let material = population(2, 30);
    let mut entries = samples();
    entries.extend(version_samples());
    entries.extend(gate_samples());
    entries.extend(event_samples());
    entries.extend(offer_samples());
    entries.extend(computed_samples());
    for _ in 0..40 {
        let rule = rules::rule(&mut rng, &material, &[]);
        let (id, name, description) = (None, "rule".to_owned(), String::new());
        let content = SegmentContent::Rule(rule);
        entries.push(change(Command::PutSegment { id, name, description, content, now: material.now }));
    }
    let mut outcomes = BTreeMap::new();
    for entry in entries {
        let (kind, payload) = encode(&entry);
        for length in 0..payload.len() {
            assert!(decode(kind, &payload[..length]).is_err(), "{length} bytes of {entry:?}");
        }
        for _ in 0..400 {
            let mut bytes = payload.clone();
            for _ in 0..1 + rng.below(3) {
                let at = rng.below(bytes.len());
                bytes[at] = *rng.pick(&[0, 1, 2, 0x7f, 0x80, 0xff, rng.clone().bits() as u8]);
            }
            match decode(kind, &bytes) {
                Ok(read) => {
                    // Whatever it is, it can be written and read again.
                    through_bytes(read);
                    *outcomes.entry("read").or_insert(0) += 1;
                }
                Err(Error::Corrupt(_)) => *outcomes.entry("refused").or_insert(0) += 1,
                Err(other) => panic!("{other}"),
            }
        }
    }
    for _ in 0..20_000 {
        let bytes: Vec<u8> = (0..rng.below(60)).map(|_| rng.bits() as u8).collect();
        let _ = decode(rng.below(6) as u8, &[&[1], &bytes[..]].concat());
    }
    assert!(outcomes["read"] > 1_000 && outcomes["refused"] > 1_000, "{outcomes:?}");
}
