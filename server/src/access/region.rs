//! Where a tenant is at home: the currency of its amounts, and the time zone of its days.
//!
//! Both are names from public lists. Nothing is converted by them: amounts stay as they came and instants are kept in UTC;
//! whoever shows them asks for these.

use muster_engine::error::Problem;
use muster_engine::rule::nearest;

/// Codes of ISO 4217 that money of everyday has: no funds, metals or codes for tests.
const CURRENCIES: &str = "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN \
    BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD \
    HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA \
    MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF \
    SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VED \
    VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG";

/// The places of the IANA time zone database 2025b, which is in the public domain, and UTC; one a line.
const ZONES: &str = include_str!("zones.txt");

/// The currency and the time zone of a tenant; none where nobody has said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Region {
    /// A code of ISO 4217, such as `EUR`.
    pub currency: Option<String>,
    /// A name of the IANA time zone database, such as `Europe/Berlin`.
    pub time_zone: Option<String>,
}

impl Region {
    /// What of it is on no list, in words.
    pub fn problems(&self) -> Vec<Problem> {
        let currency = self.currency.as_deref().map(|code| {
            refusal(
                ("/currency", "unknown_currency"),
                code,
                CURRENCIES.split(' '),
                "a currency code of ISO 4217",
                "EUR",
            )
        });
        let zone = self.time_zone.as_deref().map(|name| {
            let list = "a place of the IANA time zone database";
            refusal(("/time_zone", "unknown_time_zone"), name, ZONES.lines(), list, "Europe/Berlin")
        });
        [currency, zone].into_iter().flatten().flatten().collect()
    }
}

/// The mistake of a name that a list does not have.
fn refusal<'l>(
    (pointer, code): (&str, &'static str),
    name: &str,
    known: impl Iterator<Item = &'l str> + Clone,
    list: &str,
    example: &str,
) -> Option<Problem> {
    if known.clone().any(|known| known == name) {
        return None;
    }
    let message = format!("this is no name of {list}, such as {example}");
    Some(Problem::new(pointer, code, message).with_suggestions(nearest(name, known)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_the_lists_are_taken_and_others_refused_with_the_lists_name() {
        let region = |currency: &str, zone: &str| Region {
            currency: Some(currency.to_owned()),
            time_zone: Some(zone.to_owned()),
        };
        assert_eq!(region("EUR", "Europe/Berlin").problems(), []);
        assert_eq!(region("ZWG", "UTC").problems(), []);
        assert_eq!(Region::default().problems(), []);
        for (currency, zone) in [("eur", "europe/berlin"), ("EU", "Berlin"), ("", ""), ("EUR USD", "UTC\n")] {
            let problems = region(currency, zone).problems();
            let codes: Vec<&str> = problems.iter().map(|problem| problem.code).collect();
            assert_eq!(codes, ["unknown_currency", "unknown_time_zone"], "{currency} {zone}");
            assert!(problems[0].message.contains("ISO 4217") && problems[1].message.contains("IANA"), "{problems:?}");
        }
        assert_eq!(region("EUR", "Europe/Berln").problems()[0].suggestions, ["Europe/Berlin"]);
    }

    #[test]
    fn the_lists_are_in_order_and_have_each_name_once() {
        for list in [CURRENCIES.split(' ').collect::<Vec<_>>(), ZONES.lines().collect()] {
            assert!(list.len() > 100 && list.is_sorted_by(|left, right| left < right));
        }
    }
}
