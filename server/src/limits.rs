//! Every bound of the server, with its unit and its reason. The engine's own are in `muster_engine::limits`.

use std::time::Duration;

/// Rows of one batch handed to the engine: one block of its columns.
pub const BATCH_ROWS_MAX: usize = 65_536;

/// Events of one batch read from a file of columns. They are packed by block and type as they come, so many are to come
/// together.
pub const EVENT_BATCH_ROWS_MAX: usize = 1 << 19;

/// Bytes of a text file in memory at a time: enough pieces to keep every core busy.
pub const BLOCK_BYTES: usize = 16 << 20;

/// Bytes of one compressed batch of an Arrow file when it is not compressed any more; it is decoded as a whole, and what
/// it says is allocated before it is known to be true.
pub const ARROW_BATCH_BYTES_MAX: u64 = 4 << 30;

/// Bytes that one core decodes in one go: a batch of ordinary rows.
pub const PIECE_BYTES: usize = 4 << 20;

/// Bytes of one NDJSON line or one CSV row: a full set of long values, and an end to a quote that is never closed.
pub const ROW_BYTES_MAX: usize = 64 << 20;

/// Bytes of values in one batch read from Parquet, estimated from the file's own totals.
pub const PARQUET_BATCH_BYTES: usize = 64 << 20;

/// Bytes of texts that rows share in their file, as ids and what events say, and that are written out at a time.
pub const SHARED_TEXT_BYTES: usize = 32 << 20;

/// Rows read at a time from Parquet where each text says only how it differs from the one before: how long they are shows
/// only when they are written out.
pub const DELTA_TEXT_ROWS_MAX: usize = 1_024;

/// Members of one list column in one row group of Parquet: one row may have all of them, and is decoded as a whole before
/// it is known to be too long.
pub const PARQUET_MEMBERS_MAX: i64 = 64 << 20;

/// Rejected rows listed in one answer; what is beyond is only counted.
pub const REJECTED_LISTED_MAX: usize = 1_000;

/// Mistakes listed of one rejected row: a line of 64 MiB can hold millions.
pub const ROW_PROBLEMS_MAX: usize = 100;

/// Characters of a refused value that are quoted back.
pub const EXCERPT_CHARS_MAX: usize = 40;

/// Entries of one imported list of ids, which is held in memory: about one GiB of short ids.
pub const LIST_ENTRIES_MAX: usize = 10_000_000;

/// Bytes of one bulk upload on disk: more than 100 million profiles as NDJSON.
pub const SPOOL_BYTES_MAX: u64 = 256 << 30;

/// Bytes of an upload gathered before they are written: fewer, larger writes.
pub const SPOOL_WRITE_BYTES: usize = 1 << 20;

/// Bytes of a JSON request body; the engine's bound, so that both refuse the same.
pub const BODY_BYTES_MAX: usize = muster_engine::limits::BODY_BYTES_MAX;

/// Bytes of a JSON body that is too large which are read all the same, so that its sender hears why it is refused.
pub const BODY_BYTES_DRAINED_MAX: usize = 4 * BODY_BYTES_MAX;

/// Time for a client to send its request line and headers; slower ones hold a connection for nothing.
pub const HEADER_READ_TIME_MAX: Duration = Duration::from_secs(15);

/// Time that running requests get to finish once the server was told to stop.
pub const DRAIN_TIME_MAX: Duration = Duration::from_secs(20);

/// Connections open at a time; more wait in the system's queue instead of using up its open files.
pub const CONNECTIONS_MAX: usize = 10_000;

/// Time between two tidyings of the latency figures, which would grow for ever on a server nobody scrapes.
pub const METRICS_UPKEEP_PERIOD: Duration = Duration::from_secs(5);

/// Pause after the system refused a connection (too many open files), so that the loop does not spin.
pub const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Characters of a request id that a client may choose; longer ones are replaced.
pub const REQUEST_ID_CHARS_MAX: usize = 100;

/// Time that log lines wait for others to be written with: short for whoever reads along, long beside a write.
pub const LOG_PAUSE: Duration = Duration::from_millis(5);

/// Previews whose meaning is kept: more than an office asks again within a minute, and some tens of MiB if each were a
/// list as long as may be.
pub const QUESTIONS_MAX: usize = 512;

/// Bytes of a preview's body whose meaning is kept; a longer one is rarely asked twice.
pub const QUESTION_BYTES_MAX: usize = 4 << 10;

/// Bytes of log lines that wait; more are written by whoever logs them.
pub const LOG_BYTES_MAX: usize = 1 << 20;

/// Rows that an export has in memory as values.
pub const EXPORT_BATCH_ROWS: usize = 4_096;

/// Rows of one row group of an exported Parquet file, which is in memory until it is full.
pub const EXPORT_GROUP_ROWS: usize = 131_072;

/// Bytes after which a row group ends before that.
pub const EXPORT_GROUP_BYTES: usize = 64 << 20;

/// Bytes of an export that are handed to a connection at a time.
pub const EXPORT_CHUNK_BYTES: usize = 64 << 10;

/// Chunks of an export that wait for a slow connection.
pub const EXPORT_CHUNKS_MAX: usize = 8;

/// Bytes of a file of profiles that is read whole before anything waits for it, so that it can share a sync.
pub const SMALL_IMPORT_BYTES: u64 = 1 << 20;

/// Times that a small file is read when the schema changes meanwhile; then nobody else may change it.
pub const SMALL_IMPORT_ATTEMPTS: u32 = 3;

/// Bytes of the log after which a checkpoint is taken: a restart reads them again, at some hundred megabytes a second.
pub const CHECKPOINT_LOG_BYTES: u64 = 256 << 20;

/// Time after an erasure by which no file of the data directory names the person any more: what receipts promise.
pub const ERASURE_DISK_TIME_MAX: Duration = Duration::from_secs(24 * 3_600);

/// Time after an erasure when the server takes the checkpoint that makes it so, whatever the log's length: half of what
/// is promised, so that a disk that is full then can be mended in time.
pub const ERASURE_CHECKPOINT_AFTER: Duration = Duration::from_secs(12 * 3_600);

/// Changes and imports that wait to be made at a time, each a request; more are asked to come again. As many as half of
/// the connections wait for seconds only while a bulk import is committed.
pub const QUEUE_CHANGES_MAX: usize = 4_096;

/// Seconds after which whoever was asked to come again should.
pub const RETRY_AFTER_SECONDS: u64 = 1;

/// Bytes of a backup that are read at a time.
pub const COPY_BYTES: usize = 1 << 20;

/// Time between two looks at the log's length, and at erasures that wait.
pub const CHECKPOINT_PERIOD: Duration = Duration::from_secs(10);

/// Time after which a buffered change is made safe at the latest, if no import is under way.
pub const BUFFERED_SYNC_PERIOD: Duration = Duration::from_secs(1);

/// Time that the feed waits after a step: what is written meanwhile is looked at together, and others get a processor.
pub const FEED_PAUSE: Duration = Duration::from_millis(2);

/// Time that the feed sleeps at most, whatever it waits for: the system's clock may be set meanwhile.
pub const FEED_SLEEP_MAX: Duration = Duration::from_secs(1);

/// Time after which what the feed has written is made safe.
pub const FEED_SYNC_PERIOD: Duration = Duration::from_secs(1);

/// Time that somebody who asks for the feed waits until it has come as far as the data.
pub const FEED_WAIT_MAX: Duration = Duration::from_secs(5);

/// Time that a checkpoint waits for the feed: as long as an import of everybody takes to be told.
pub const FEED_SAFE_TIME_MAX: Duration = Duration::from_secs(60);

/// Bytes of a segment of the feed's log.
pub const FEED_SEGMENT_BYTES: u64 = 4 << 20;

/// Entries of a feed in one answer.
pub const FEED_PAGE_MAX: usize = 1_000;

/// Time between two signs of life of a stream on which nothing happens: proxies cut silent ones after half a minute.
pub const STREAM_SIGN_PERIOD: Duration = Duration::from_secs(15);

/// Days of a forecast: each is one evaluation.
pub const FORECAST_DAYS_MAX: usize = 366;

/// Days that analytics look back: a year and a day.
pub const ANALYTICS_DAYS_MAX: i64 = 366;

/// Subscriptions of other servers: each has a task of its own.
pub const WEBHOOKS_MAX: usize = 100;

/// Entries in one message to another server.
pub const WEBHOOK_ENTRIES_MAX: usize = 100;

/// Attempts to send one message before its receiver is given up: with pauses that double from one second to
/// [`WEBHOOK_PAUSE_MAX`] they take most of a day.
pub const WEBHOOK_ATTEMPTS_MAX: u32 = 32;

/// Pause after the first failed attempt.
pub const WEBHOOK_PAUSE: Duration = Duration::from_secs(1);

/// The longest pause between two attempts.
pub const WEBHOOK_PAUSE_MAX: Duration = Duration::from_secs(3_600);

/// Time for one attempt, from the name to the end of the answer.
pub const WEBHOOK_TIME_MAX: Duration = Duration::from_secs(10);

/// Bytes of an answer to a message that are read; nobody looks at them.
pub const WEBHOOK_ANSWER_BYTES_MAX: usize = 64 << 10;

/// Attempts that are listed with a subscription.
pub const WEBHOOK_ATTEMPTS_LISTED_MAX: usize = 20;

/// Pause before it is looked again whether a tenant is still suspended whose receivers are to be sent something.
pub const WEBHOOK_SUSPENDED_PAUSE: Duration = Duration::from_secs(1);

/// Time between two writings of how far receivers have come; after a crash they hear this much again.
pub const WEBHOOK_SAVE_PERIOD: Duration = Duration::from_secs(1);

/// Millionths of a segment's members up to which a change of them is saved without being asked for twice: a fifth.
pub const CHANGE_SHARE_MAX: u64 = 200_000;

/// People whom a change moves at least before it is asked for twice, whatever their share: small segments change much.
pub const CHANGE_PEOPLE_MIN: u64 = 1_000;

/// Time after which tenants and keys that another process has changed count: the command line, while the server runs.
pub const ROSTER_AGE_MAX: Duration = Duration::from_secs(1);

/// Time that a change of tenants or keys waits for another process that is making one.
pub const ACCESS_BUSY_TIME_MAX: Duration = Duration::from_secs(5);

/// Keys of one installation, revoked ones included: all are held in memory.
pub const KEYS_MAX: u64 = 10_000;

/// Characters of a key's name.
pub const KEY_NAME_CHARS_MAX: usize = 100;

/// Seconds that a key stays good beside its successor when nobody says how long: a day, to bring the new one everywhere.
pub const KEY_OVERLAP_SECONDS: u64 = 24 * 3_600;

/// The longest such time: thirty days.
pub const KEY_OVERLAP_SECONDS_MAX: u64 = 30 * KEY_OVERLAP_SECONDS;

/// Microseconds between two notes of when a key was last used: one write a minute for each key at most.
pub const KEY_USED_PERIOD_US: i64 = 60_000_000;

/// Tenants of one installation: each that is in use has threads of its own.
pub const TENANTS_MAX: u64 = 1_000;

/// Time after which a tenant is closed that nobody has asked, unless a setting says otherwise: longer than a meeting, so that
/// nobody who works finds it closed.
pub const TENANT_IDLE_TIME: Duration = Duration::from_secs(3_600);

/// Time between two looks for tenants that nobody asks: a quarter of the time after which they are closed, but not so often
/// that it shows.
pub const IDLE_LOOK_MIN: Duration = Duration::from_millis(10);

/// The same at most.
pub const IDLE_LOOK_MAX: Duration = Duration::from_secs(60);

/// Pause before it is looked again whether somebody is still at work in a tenant that is being closed.
pub const CLOSING_PAUSE: Duration = Duration::from_millis(1);

/// Time that a request waits for a tenant whose directory a command of this program has: most are done by then, and nobody
/// waits longer for a page.
pub const IN_USE_TIME_MAX: Duration = Duration::from_secs(5);

/// Pause before it is tried again to open such a tenant.
pub const IN_USE_PAUSE: Duration = Duration::from_millis(50);

/// Pause before it is looked again whether a tenant that was opened because something may wait in it is compared with its
/// checksums.
pub const SETTLING_PAUSE: Duration = Duration::from_millis(100);

/// Such pauses for which it is waited that nobody holds it any more: a minute. Then it is closed like others, some time.
pub const SETTLING_PAUSES_MAX: u32 = 600;

/// Files that were removed and stay mapped because a tenant was closed and opened again, at which no more are closed: a
/// quarter of the 65,530 mappings that Linux gives a process.
pub const LEFT_MAPPED_FILES_MAX: usize = 16_384;

/// Bytes of their room on disk, at which no more are closed either. A restart gives it back.
pub const LEFT_MAPPED_BYTES_MAX: u64 = 8 << 30;

/// Characters of a tenant's id, which is a folder's name.
pub const TENANT_ID_CHARS_MAX: usize = 63;

/// Notes for the audit that wait to be written; whoever adds one more waits as well. As many are kept where the disk has no
/// room for them.
pub const NOTES_MAX: usize = 4_096;

/// Time after which notes that could not be written are tried again though nobody asks.
pub const NOTES_RETRY_PERIOD: Duration = Duration::from_secs(1);

/// Time that notes for the audit wait for others: ten syncs a second at most, beside those of the log.
pub const NOTES_PAUSE: Duration = Duration::from_millis(100);

/// Buckets of those who asked within a second; beyond, full ones are forgotten first.
pub const BUCKETS_MAX: usize = 20_000;

/// Time between two pieces of a body: a client that sends nothing for so long is given up.
pub const BODY_PAUSE_MAX: Duration = Duration::from_secs(30);

/// Bytes a second that a body comes at, on the whole, from [`BODY_PAUSE_MAX`] on: less than any network that is of use, and
/// more than holding a connection open should be worth.
pub const BODY_BYTES_PER_SECOND_MIN: u64 = 1 << 10;

/// Questions of one tenant that are worked on at a time, for each processor, while no other tenant asks.
pub const QUESTIONS_PER_PROCESSOR: usize = 2;

/// Time for which a tenant that asked is company to others: somebody who moves a slider asks more often.
pub const COMPANY_TIME: Duration = Duration::from_secs(1);

/// Time that a question waits for its turn before its sender is asked to come again.
pub const QUESTION_WAIT_MAX: Duration = Duration::from_secs(5);

/// Time for the work of one question, unless a setting says otherwise: a thousand times what most take.
pub const QUERY_TIME: Duration = Duration::from_secs(10);

/// Entries of the audit that an export reads at a time.
pub const AUDIT_BATCH: usize = 1_000;

/// Personal fields of one tenant, as many as there can be fields.
pub const PERSONAL_FIELDS_MAX: usize = muster_engine::limits::FIELDS_MAX;

/// Time between two looks at what time alone makes of computed fields: as many hours late as one may find a number of days.
pub const COMPUTED_PERIOD: Duration = Duration::from_secs(3_600);

/// People of one installation who may sign in: all are held in memory.
pub const PEOPLE_MAX: u64 = 10_000;

/// Characters of the name that somebody signs in with: an e-mail address.
pub const PERSON_NAME_CHARS_MAX: usize = 100;

/// Characters that a password has at least.
pub const PASSWORD_CHARS_MIN: usize = 12;

/// Bytes that a password has at most: more is not typed, and all of them are hashed.
pub const PASSWORD_BYTES_MAX: usize = 512;

/// KiB of memory that trying a password takes, as OWASP has it for Argon2id with two passes: 19 MiB.
pub const PASSWORD_MEMORY_KIB: u32 = 19_456;

/// Passes over that memory.
pub const PASSWORD_PASSES: u32 = 2;

/// Passwords that are tried at a time: their memory is bounded, and so is what of the processors is left to others.
pub const PASSWORDS_AT_ONCE: usize = 2;

/// Time that a password waits to be tried.
pub const PASSWORD_WAIT_MAX: Duration = Duration::from_secs(5);

/// Microseconds that a session lasts at most, however much it is used: a working day.
pub const SESSION_US_MAX: i64 = 12 * 3_600 * 1_000_000;

/// Microseconds after which a session that nobody uses ends.
pub const SESSION_IDLE_US_MAX: i64 = 2 * 3_600 * 1_000_000;

/// Microseconds between two notes of when a session was last used.
pub const SESSION_USED_PERIOD_US: i64 = 60_000_000;

/// Sessions of one person; one more ends the oldest.
pub const SESSIONS_MAX: usize = 10;

/// Microseconds that an invitation is good: three days.
pub const INVITATION_US_MAX: i64 = 3 * 24 * 3_600 * 1_000_000;

/// Wrong passwords for one account before the next has to wait.
pub const ATTEMPTS_OF_ACCOUNT_FREE: u32 = 5;

/// Wrong passwords from one address before the next has to wait: an office shares one.
pub const ATTEMPTS_OF_ADDRESS_FREE: u32 = 50;

/// The first such wait; each further wrong password doubles it.
pub const ATTEMPT_WAIT: Duration = Duration::from_secs(2);

/// The longest such wait. Longer would help those who guess little, and those who lock others out much.
pub const ATTEMPT_WAIT_MAX: Duration = Duration::from_secs(15 * 60);

/// Time after the last wrong password when all are forgotten.
pub const ATTEMPTS_FORGOTTEN_AFTER: Duration = Duration::from_secs(3_600);

/// Accounts and addresses whose wrong passwords are counted: some ten megabytes.
pub const ATTEMPTS_KNOWN_MAX: usize = 100_000;

/// Time that somebody has at an issuer of OpenID Connect before they come back: a password, a second factor, and a look for
/// the telephone.
pub const OPENID_SIGN_IN_TIME_MAX: Duration = Duration::from_secs(10 * 60);

/// Sign-ins that are under way at an issuer; a few megabytes. More are asked to come again.
pub const OPENID_SIGN_INS_MAX: usize = 4_096;

/// Of these from one address, which an office shares: one more ends the oldest, so that nobody uses up what is others'.
pub const OPENID_SIGN_INS_OF_ADDRESS_MAX: usize = 64;

/// Time for one question to an issuer, from the name to the end of the answer: somebody looks at an empty page meanwhile.
pub const OPENID_TIME_MAX: Duration = Duration::from_secs(10);

/// Bytes of an issuer's answer: ten times what those take that publish a dozen keys with their certificates.
pub const OPENID_ANSWER_BYTES_MAX: usize = 256 << 10;

/// Time for which an issuer's description and keys are kept: how long a key that it has withdrawn may still count.
pub const OPENID_KEPT_TIME_MAX: Duration = Duration::from_secs(3_600);

/// Pause after an issuer gave no answer of use: meanwhile everybody is told so without asking it again.
pub const OPENID_FAILURE_PAUSE: Duration = Duration::from_secs(5);

/// Pause after an issuer's keys were read again because a token named one that is not among them: whoever invents names of
/// keys does not make this server ask for each.
pub const OPENID_RENEWAL_PAUSE: Duration = Duration::from_secs(60);

/// Seconds by which an issuer's clock may differ from this server's.
pub const OPENID_LEEWAY_SECONDS: i64 = 60;

/// Characters of an issuer's name for somebody, as OpenID Connect Core bounds it.
pub const OPENID_SUBJECT_CHARS_MAX: usize = 255;

/// Bytes of the path of the page to which somebody comes back.
pub const OPENID_RETURN_BYTES_MAX: usize = 1 << 10;
