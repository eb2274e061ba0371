//! What everything in the demo is called, and the rules of its segments.

/// What something is called.
#[derive(Debug)]
pub(super) struct Named {
    pub(super) name: &'static str,
    pub(super) about: &'static str,
    pub(super) tags: &'static [&'static str],
    pub(super) owner: &'static str,
    pub(super) is_draft: bool,
}

/// A segment by a rule.
#[derive(Debug)]
pub(super) struct Ruled {
    pub(super) named: Named,
    pub(super) text: &'static str,
}

/// The team.
pub(super) const MAYA: &str = "Maya";
const JONAS: &str = "Jonas";
const PRIYA: &str = "Priya";

const fn named(name: &'static str, about: &'static str, tags: &'static [&'static str], owner: &'static str) -> Named {
    Named { name, about, tags, owner, is_draft: false }
}

const fn segment(named: Named, text: &'static str) -> Ruled {
    Ruled { named, text }
}

const fn draft(named: Named) -> Named {
    Named { is_draft: true, ..named }
}

/// Those by a rule; later ones may name earlier ones.
pub(super) const SEGMENTS: [Ruled; 12] = [
    segment(
        named("VIP customers", "Our best customers: much spent in several orders", &["value"], MAYA),
        "total_spent >= 1000 and purchase_count >= 5",
    ),
    segment(named("Recent buyers", "Bought in the last 30 days", &["lifecycle"], MAYA), "last_purchase within 30 days"),
    segment(
        named("Lapsed buyers", "Bought at least twice, and not for half a year", &["lifecycle"], MAYA),
        "purchase_count >= 2 and last_purchase before 180 days",
    ),
    segment(named("Newsletter readers", "Said yes to e-mail", &["consent"], PRIYA), "email_consent = true"),
    segment(
        named(
            "Cart abandoners",
            "Put something into the cart and did not buy within three days",
            &["behaviour"],
            JONAS,
        ),
        "did cart within 14 days not followed by purchase within 3 days",
    ),
    segment(
        named("Window shoppers", "Looked often this month and bought nothing", &["behaviour"], JONAS),
        "count of view within 30 days >= 3 and did not purchase within 30 days",
    ),
    segment(
        named("Phone shoppers", "Bought a smartphone this month", &["behaviour", "taste"], JONAS),
        r#"did purchase where (category is "electronics.smartphone") within 30 days"#,
    ),
    segment(
        named("Rock and metal fans", "For the festival and its guests", &["taste"], PRIYA),
        r#"genres includes any ("rock", "metal")"#,
    ),
    segment(named("New this month", "Signed up in the last 30 days", &["lifecycle"], PRIYA), "signup within 30 days"),
    segment(
        named("VIPs at risk", "VIP customers who may leave us", &["value", "lifecycle"], MAYA),
        r#"in segment "VIP customers" and churn_risk >= 60"#,
    ),
    segment(
        named("Loyal spenders", "Three orders and 500 spent", &["value"], JONAS),
        "total_spent >= 500 and total_spent >= 200 and purchase_count >= 3",
    ),
    segment(
        draft(named("Big baskets", "An idea: people whose orders are large", &["value"], JONAS)),
        "avg_order >= 200",
    ),
];

/// A segment whose rule was changed later, and how it reads then.
pub(super) const SECOND_THOUGHTS: (&str, &str) =
    ("VIP customers", "total_spent >= 1000 and purchase_count >= 5 and last_seen within 365 days");

/// A list of people.
pub(super) const BOARD: Named = named("Customer advisory board", "The people we ask first", &["people"], MAYA);

/// How many of them there are.
pub(super) const BOARD_COUNT: u64 = 12;

/// Fields that are made of events.
pub(super) const COMPUTED: [(&str, &str); 5] = [
    ("views_30_days", r#"{"of":"events","type":"view","fn":"count","within_days":30}"#),
    ("carts_30_days", r#"{"of":"events","type":"cart","fn":"count","within_days":30}"#),
    ("purchases_30_days", r#"{"of":"events","type":"purchase","fn":"count","within_days":30}"#),
    ("spent_30_days", r#"{"of":"events","type":"purchase","fn":"sum","property":"amount","within_days":30}"#),
    ("favourite_categories", r#"{"of":"events","type":"view","fn":"top","property":"category","most":3}"#),
];

/// The channel that campaigns use.
pub(super) const EMAIL: &str = "email";

/// Channels: who consents, and how many contacts in how many days.
pub(super) const CHANNELS: [(&str, &str, u32, u32); 2] =
    [(EMAIL, "email_consent = true and email exists", 2, 7), ("sms", "sms_consent = true and phone exists", 1, 14)];

/// The file of a suppression, and the suppression.
pub(super) const COMPLAINTS: &str = "complaints.csv";
pub(super) const COMPLAINTS_NAME: &str = "Complaints";

/// The file of an invitation.
pub(super) const PARTNERS: &str = "partner-list.csv";

/// What is for sale.
pub(super) const FESTIVAL: &str = "Summer festival";

/// Audiences.
pub(super) const WIN_BACK: Named = named(
    "Win-back VIP Campaign",
    "Bring our best customers back, without bothering those who just bought",
    &["campaign"],
    MAYA,
);
pub(super) const NEWSLETTER: Named = named(
    "Monthly newsletter",
    "Everybody who reads it, but for those who get a reminder of their cart",
    &["campaign"],
    PRIYA,
);
pub(super) const INVITATION: Named =
    draft(named("Festival invitation", "Fans, and the guests of our partners", &["campaign"], PRIYA));

/// Campaigns of which everybody gets one at most.
pub(super) const GROUP: &str = "One campaign a week";
