//! Every bound of the engine, with its unit and its reason. Tests stand at the edges of those that callers meet.

/// Groups on the deepest path of a rule; a flat rule has depth 1. Deeper trees are machine-made mistakes.
pub const RULE_DEPTH_MAX: usize = 32;

/// Groups and tests of one rule together; segments referred to are counted once they are expanded.
pub const RULE_NODES_MAX: usize = 10_000;

/// Conditions that each event of one test has to satisfy: more are a list that was written out.
pub const EVENT_CONDITIONS_MAX: usize = 20;

/// Values in one list of a test (`in`, `includes`), or ids in one list of an audience.
pub const LIST_VALUES_MAX: usize = 1_000_000;

/// Bytes of one JSON request body, or of one rule as text.
pub const BODY_BYTES_MAX: usize = 16 << 20;

/// Fields of one tenant's schema: a field costs a few bytes for every profile.
pub const FIELDS_MAX: usize = 2_000;

/// Types of events of one tenant: each has a run of its own in every block.
pub const EVENT_TYPES_MAX: usize = 1_000;

/// Properties of events of one tenant, all types together.
pub const EVENT_PROPERTIES_MAX: usize = 2_000;

/// Days that events of a type may be kept at most when a bound is set: about 100 years.
pub const RETENTION_DAYS_MAX: u32 = 36_500;

/// Bytes of a field, segment, audience or list name.
pub const NAME_BYTES_MAX: usize = 200;

/// Bytes of a description: a page of text.
pub const DESCRIPTION_BYTES_MAX: usize = 10_000;

/// Tags of one segment or audience: more would be another description.
pub const TAGS_MAX: usize = 50;

/// Bytes of one tag, in its normal form.
pub const TAG_BYTES_MAX: usize = 100;

/// Versions kept of one segment or audience, the current one among them: a month of three changes a day.
pub const VERSIONS_MAX: usize = 100;

/// Bytes of one external id or one keyword value: ids and words, not documents.
pub const VALUE_BYTES_MAX: usize = 4_096;

/// Members of one profile's set.
pub const SET_MEMBERS_MAX: usize = 100_000;

/// Digits after the point of a `decimal`: 10^18 still fits an `i64`.
pub const DECIMAL_SCALE_MAX: u8 = 18;

/// Digits after the point that inference gives a `decimal`; more become `float`.
pub const INFERRED_SCALE_MAX: u8 = 4;

/// Days in `within_days` and its kin: about 2,700 years, so that window arithmetic never overflows.
pub const WINDOW_DAYS_MAX: i64 = 1_000_000;

/// Bytes of a compiled regular expression; a larger one is refused instead of eating memory.
pub const REGEX_BYTES_MAX: usize = 1 << 20;

/// Regular expressions in one rule: each may take `REGEX_BYTES_MAX`, and time to compile.
pub const RULE_REGEXES_MAX: usize = 100;

/// Records of one log, ever: they are numbered by `u64`, and the number behind the last is kept free.
pub const LOG_RECORDS_MAX: u64 = u64::MAX - 1;

/// Profiles of one tenant: rows are `u32` and the last is kept free.
pub const PROFILES_MAX: u64 = u32::MAX as u64;

/// Sample members in one preview.
pub const SAMPLE_MAX: usize = 1_000;

/// Bins of one histogram, or bounds given for one: more than a screen is wide.
pub const BINS_MAX: usize = 1_000;

/// Percentiles asked at once: every whole one, and both ends.
pub const PERCENTILES_MAX: usize = 101;

/// Most frequent values listed at once.
pub const TOP_MAX: usize = 1_000;

/// Sets of which every combination is counted: they have 4,096.
pub const OVERLAP_SETS_MAX: usize = 12;

/// Sets of which every pair is counted: a block's bits of all of them are 1.6 MB and stay in a core's cache.
pub const MATRIX_SETS_MAX: usize = 200;

/// Points of one curve of reach, as many as percentiles.
pub const REACH_POINTS_MAX: usize = 101;

/// Tests with a threshold that are loosened to reach a number: each is two evaluations of the rule.
pub const RELAX_TESTS_MAX: usize = 32;

/// Pairs of rules side by side that a linter compares, in one rule.
pub const LINT_PAIRS_MAX: usize = 2_000;

/// Saved segments that a linter compares a rule with.
pub const LINT_SEGMENTS_MAX: usize = 2_000;

/// People that the source of a look-alike segment has at least: of fewer every trait is chance.
pub const LOOKALIKE_SOURCE_MIN: u64 = 20;

/// Fields that a look-alike model uses, the most telling: more make it slower and nobody reads them.
pub const LOOKALIKE_FIELDS_MAX: usize = 24;

/// Values, or members of sets, of one field that a look-alike model looks at: the most frequent of the source, and those
/// of everybody.
pub const LOOKALIKE_VALUES_MAX: usize = 20;

/// Rows that a look-alike model is fitted to, of the source and of others each.
pub const LOOKALIKE_SAMPLE_MAX: u64 = 8_000;

/// Points that one test of a look-alike model may add: a factor of 22,000 in odds.
pub const LOOKALIKE_POINTS_MAX: i32 = 1_000;

/// Bytes of one question in everyday words: a paragraph.
pub const PROMPT_BYTES_MAX: usize = 2_000;

/// Members on one page.
pub const PAGE_MEMBERS_MAX: usize = 10_000;

/// Names or values suggested for one mistake.
pub const SUGGESTIONS_MAX: usize = 3;

/// Mistakes listed for one request; what is beyond is only counted.
pub const PROBLEMS_MAX: usize = 1_000;

/// Bytes that one tenant's cache of counts and parts of rules takes: half for each. A count takes two kilobytes at ten
/// million profiles, a part up to a megabyte.
pub const CACHE_BYTES: usize = 128 << 20;

/// What an entry of the cache takes beside its content.
pub const CACHE_ENTRY_BYTES: usize = 128;

/// Slices of the population whose rows are kept: at ten million profiles each takes 1.25 MB, and a quarter of a second to deal anew.
pub const SLICES_KEPT_MAX: usize = 64;

/// Days that a suppression may keep each person: about a century.
pub const SUPPRESSION_DAYS_MAX: u32 = 36_500;

/// Contacts of one frequency cap: whoever allows more needs none.
pub const CAP_CONTACTS_MAX: u32 = 1_000;

/// Days of one frequency cap; contacts from longer ago are forgotten.
pub const CAP_DAYS_MAX: u32 = 400;

/// Frequency caps of one channel: by day, week, month and some more.
pub const CAPS_MAX: usize = 8;

/// Channels of one tenant: each may keep contacts of everybody.
pub const CHANNELS_MAX: usize = 64;

/// Purposes of one channel that people may say something about: a handful, and as many again.
pub const CONSENT_PURPOSES_MAX: usize = 16;

/// Sources of one purpose: forms and files, not one for each person.
pub const CONSENT_SOURCES_MAX: usize = 1_000;

/// Bytes of a source's name.
pub const CONSENT_SOURCE_BYTES_MAX: usize = 200;

/// Bytes of a channel's or a purpose's name.
pub const CHANNEL_BYTES_MAX: usize = 40;

/// Suppressions of one tenant: each is a set that every audience is held against.
pub const SUPPRESSIONS_MAX: usize = 256;

/// Exclusion groups of one tenant.
pub const EXCLUSION_GROUPS_MAX: usize = 1_000;

/// Audiences of one exclusion group: the last one waits for all others.
pub const GROUP_AUDIENCES_MAX: usize = 100;

/// Snapshots of one tenant: three months of a hundred audiences a day. A start reads all of them.
pub const SNAPSHOTS_MAX: usize = 10_000;

/// Bytes of rows of segments that are held while audiences are frozen, if every set were all bits.
pub const SNAPSHOT_SEGMENT_BYTES: usize = 1 << 30;

/// Bytes of members that are held while audiences are frozen, if every set were all bits.
pub const SNAPSHOT_MEMBER_BYTES: usize = 256 << 20;

/// Bytes of one segment of the log: small enough to be dropped soon, large enough that a new one is rare.
pub const SEGMENT_BYTES: u64 = 64 << 20;

/// Bytes of one record of the log: a list of ten million ids of a hundred bytes. A segment made for it is as large.
pub const RECORD_BYTES_MAX: usize = 1 << 30;

/// Changes that share one write and one sync of the log: more would make the first of them wait for the last.
pub const GROUP_CHANGES_MAX: usize = 1_024;

/// Bytes of changes that share one write of the log, the last one not counted.
pub const GROUP_BYTES_MAX: usize = 8 << 20;

/// Idempotency keys whose outcomes a tenant remembers: an hour of three changes a second.
pub const IDEMPOTENCY_KEYS_MAX: usize = 10_000;

/// Bytes of one idempotency key: a UUID has 36.
pub const IDEMPOTENCY_KEY_BYTES_MAX: usize = 200;

/// Entries that the feed keeps of one segment: a day of one every nine seconds. More at once are not listed: whoever
/// follows reads the members anew.
pub const FEED_ENTRIES_MAX: usize = 10_000;

/// Days that the feed keeps an entry: whoever has not asked for a month starts anew.
pub const FEED_DAYS_MAX: i64 = 30;

/// Days that the feed keeps, in memory, the id of somebody who was erased, so that copies elsewhere can be erased too.
pub const ERASED_NAMES_DAYS_MAX: i64 = 1;

/// Crossings of window boundaries in one step of the feed for which each instant is looked at; after a longer absence
/// only what is different in the end is told.
pub const FEED_CROSSINGS_MAX: u64 = 4_000_000;

/// Hours of which a segment's history keeps every one in which it changed: about two months.
pub const HISTORY_HOURS_MAX: i64 = 60 * 24;

/// Days of which a segment's history keeps every one in which it changed: about five years.
pub const HISTORY_DAYS_MAX: i64 = 5 * 366;

/// Restarts of which the feed remembers which numbers they skipped; who has heard one from before begins anew.
pub const FEED_GAPS_MAX: usize = 1_000;

/// Numbers of entries that are set aside ahead, so that none is given twice after a power cut.
pub const FEED_NUMBERS_AHEAD: u64 = 1 << 20;

/// Numbers of entries that are left to whoever goes on with the original of a feed that was copied: three years of 10,000 a
/// second; JavaScript tells numbers apart through 8,000 copies of copies.
pub const FEED_NUMBERS_OF_ORIGINAL: u64 = 1 << 40;

/// Bytes of the feed's log after which it is written anew, if it is twice as long then as what it says.
pub const FEED_LOG_BYTES: u64 = 16 << 20;

/// Offers of one tenant: the events of a large promoter that are on sale; each is asked about whoever wants theirs.
pub const OFFERS_MAX: usize = 10_000;

/// The greatest id of an offer: 2^53 - 1, which every reader of JSON keeps exactly.
pub const OFFER_ID_MAX: u64 = (1 << 53) - 1;

/// Genres, types or artists of one offer, each; more is a catalogue, not an event.
pub const OFFER_WORDS_MAX: usize = 1_000;

/// The greatest price of an offer, in units of the tenant's currency: sums with it stay far within an `i64`.
pub const OFFER_PRICE_MAX: i64 = 1_000_000_000;

/// The greatest weight of a factor: finer differences than a thousandth nobody means.
pub const WEIGHT_MAX: u32 = 1_000;

/// Computed fields of one tenant: each event brings all fields of its type up to date.
pub const COMPUTED_FIELDS_MAX: usize = 200;

/// Digits after the point of a mean or a ratio, and of what formulas read: products of two stay within 128 bits.
pub const COMPUTED_SCALE_MAX: u8 = 6;

/// The greatest factor in a formula, for the same reason.
pub const COMPUTED_TIMES_MAX: i64 = 1_000;

/// Terms of one score or sum: more are not understood by anybody who reads it.
pub const COMPUTED_TERMS_MAX: usize = 20;

/// Bands of one field, such as the five of RFM: a hundred are percentiles.
pub const COMPUTED_BANDS_MAX: i64 = 100;

/// Members of a set of what most events say.
pub const COMPUTED_TOP_MAX: i64 = 1_000;
