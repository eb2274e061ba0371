//! Twenty rules as they are wanted in an office, in the words people use.

/// A rule that somebody has given a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Named {
    /// What the people in it are called.
    pub name: &'static str,
    /// The rule as text.
    pub text: &'static str,
}

const fn rule(name: &'static str, text: &'static str) -> Named {
    Named { name, text }
}

/// The rules, for the fields of the population.
#[rustfmt::skip]
pub const NAMED: [Named; 20] = [
    rule("VIPs", "total_spent >= 2500 and purchase_count >= 15 and last_purchase within 90 days"),
    rule("Lapsed big spenders", "total_spent >= 1000 and last_purchase before 365 days and email_consent is true"),
    rule("Parents we may write to in Germany and France",
        r#"country in ("DE", "FR") and email_consent is true and tags includes any ("kids-newsletter", "baby-newsletter", "kids-fan", "baby-fan", "toys-fan")"#),
    rule("Welcome series", "signup within 30 days and purchase_count = 0 and (email_consent is true or push_consent is true)"),
    rule("Second purchase nudge", "purchase_count = 1 and last_purchase within 60 days and not last_purchase within 14 days and email_consent is true"),
    rule("Cart abandoners", r#"event_types includes all ("cart_add", "cart_drop") and event_types excludes ("purchase") and last_seen within 14 days"#),
    rule("Likely to leave", "churn_risk >= 70 and total_spent >= 250 and last_seen before 60 days"),
    rule("Won back", r#"churn_risk < 30 and tags includes any ("sale-winback", "shoes-winback", "fashion-winback") and last_purchase within 60 days"#),
    rule("Jazz and classical over fifty", r#"genres includes any ("jazz", "classical", "opera", "blues") and birth_date <= "1975-12-31" and event_types includes any ("email_open", "email_click")"#),
    rule("Young streamers", r#"birth_date >= "2000-01-01" and genres includes any ("k-pop", "trap", "drill", "hyperpop", "hip hop") and push_consent is true and last_seen within 7 days"#),
    rule("Well-off and car-minded", r#"income_band in ("100k-150k", "over 150k") and vehicle_interest in ("suv", "electric", "sports")"#),
    rule("Families in the big cities of the DACH countries",
        r#"city in ("Berlin", "Hamburg", "München", "Köln", "Wien", "Zürich") and family_status in ("married", "partnered") and birth_date between "1975-01-01" and "1995-12-31""#),
    rule("Reachable by nobody", "none of (email_consent is true, sms_consent is true, push_consent is true)"),
    rule("Only by text message", "sms_consent is true and phone exists and none of (email_consent is true, push_consent is true)"),
    rule("High baskets, rare visits", "avg_order >= 120 and purchase_count between 1 and 4 and last_seen before 30 days"),
    rule("Engaged without a purchase", "engagement_score >= 60 and purchase_count = 0"),
    rule("Returners to talk to", r#"event_types includes all ("return", "support") and total_spent >= 300 and not churn_risk >= 80"#),
    rule("Summer sale in the south",
        r#"country in ("ES", "IT", "PT", "GR", "HR") and tags includes any ("sale-fan", "summer-fan", "sale-buyer", "summer-buyer", "sale-coupon", "summer-coupon") and (email_consent is true or sms_consent is true)"#),
    rule("Everybody active, without the vulnerable",
        r#"last_seen within 180 days and engagement_score >= 20 and tags excludes ("sale-lapsed", "summer-lapsed", "winter-lapsed") and not (birth_date >= "2008-01-01" or family_status is "widowed" and churn_risk >= 60)"#),
    rule("Premium look-alikes, first draft",
        r#"(total_spent >= 1500 or avg_order >= 200 and purchase_count >= 5) and (income_band in ("75k-100k", "100k-150k", "over 150k") or vehicle_interest is "sports") and country in ("US", "GB", "DE", "CH", "NL", "SE") and engagement_score >= 50 and email_consent is true and not last_purchase before 365 days and gender exists and language in ("en", "de", "nl", "sv") and tags exists"#),
];
