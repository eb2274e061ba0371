//! What a household's rows add up to: one [`Household`] per household that bought something before the cut.
//!
//! Exact where the source allows it: whole cents, distinct sets sorted, weekdays by the calendar of the zone.
//!
//! Not here: columns and their types (`profiles`).

use std::collections::{BTreeMap, HashMap};

use jiff::tz::{TimeZone, TimeZoneDatabase};
use muster_engine::time::Timestamp;

use super::tables::Study;
use crate::error::{Error, Result};

/// Monday to Sunday, the order in which ties are decided.
const WEEKDAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// The stores' clock.
const STORE_ZONE: &str = "America/New_York";

/// Everything a profile says about a household.
#[derive(Default)]
pub(super) struct Household<'a> {
    pub(super) id: i32,
    /// Its row in the demographics table, if it has one.
    pub(super) demographics: Option<usize>,
    pub(super) purchase_count: i32,
    pub(super) total_cents: i64,
    pub(super) first_purchase: i64,
    pub(super) last_purchase: i64,
    pub(super) products: Vec<i32>,
    pub(super) departments: Vec<&'a str>,
    pub(super) categories: Vec<&'a str>,
    pub(super) weekday: &'static str,
    pub(super) weekday_utc: &'static str,
    pub(super) coupons_redeemed: i32,
    pub(super) last_redemption: Option<i64>,
    pub(super) campaigns: Vec<i32>,
    pub(super) campaign_types: Vec<&'a str>,
    /// Basket and instant of each transaction; one entry per basket once purchases are summed.
    baskets: Vec<(i64, i64)>,
}

impl Household<'_> {
    /// Cents per purchase, rounded half up.
    pub(super) fn average_cents(&self) -> i64 {
        let purchases = i64::from(self.purchase_count);
        (2 * self.total_cents + purchases).div_euclid(2 * purchases)
    }
}

/// The households that bought something before `now`, ascending by id; later transactions are ignored.
pub(super) fn households(study: &Study, now: Timestamp) -> Result<Vec<Household<'_>>> {
    let mut households = transactions_before(study, now);
    let zone = TimeZoneDatabase::bundled()
        .get(STORE_ZONE)
        .map_err(|cause| Error::new(format!("the time zone {STORE_ZONE}: {cause}")))?;
    let catalogue: HashMap<i32, usize> =
        study.products.product.iter().enumerate().map(|(row, &product)| (product, row)).collect();
    for household in households.values_mut() {
        sum_purchases(household, &zone)?;
        let known = || household.products.iter().filter_map(|product| catalogue.get(product));
        household.departments = sorted(known().filter_map(|&row| study.products.department[row].as_deref()));
        household.categories = sorted(known().filter_map(|&row| study.products.category[row].as_deref()));
    }
    add_what_else_is_known(study, &mut households);
    Ok(households.into_values().collect())
}

fn transactions_before(study: &Study, now: Timestamp) -> BTreeMap<i32, Household<'_>> {
    let rows = &study.transactions;
    let mut households: BTreeMap<i32, Household<'_>> = BTreeMap::new();
    for row in (0..rows.at.len()).filter(|&row| rows.at[row] < now.0) {
        let id = rows.household[row];
        let household = households.entry(id).or_insert_with(|| Household { id, ..Household::default() });
        household.total_cents += rows.cents[row];
        household.products.push(rows.product[row]);
        household.baskets.push((rows.basket[row], rows.at[row]));
    }
    households
}

fn sum_purchases(household: &mut Household<'_>, zone: &TimeZone) -> Result<()> {
    household.products = sorted(household.products.drain(..));
    household.first_purchase = household.baskets.iter().map(|&(_, at)| at).min().unwrap_or_default();
    household.last_purchase = household.baskets.iter().map(|&(_, at)| at).max().unwrap_or_default();
    // A basket is one purchase, at the earliest of its instants: the first in this order.
    household.baskets.sort_unstable();
    household.baskets.dedup_by_key(|&mut (basket, _)| basket);
    household.purchase_count = i32::try_from(household.baskets.len()).expect("a year has fewer than 2^31 baskets");
    household.weekday = preferred_weekday(&household.baskets, zone)?;
    household.weekday_utc = preferred_weekday(&household.baskets, &TimeZone::UTC)?;
    Ok(())
}

/// The weekday with most baskets; of equals, the one that comes first from Monday on.
fn preferred_weekday(baskets: &[(i64, i64)], zone: &TimeZone) -> Result<&'static str> {
    let mut counts = [0_u32; 7];
    for &(basket, at) in baskets {
        let at = jiff::Timestamp::from_microsecond(at)
            .map_err(|cause| Error::new(format!("the instant of basket {basket}: {cause}")))?;
        let weekday = zone.to_datetime(at).weekday().to_monday_zero_offset();
        counts[usize::try_from(weekday).expect("weekdays count from 0")] += 1;
    }
    let mut best = 0;
    for weekday in 1..7 {
        if counts[weekday] > counts[best] {
            best = weekday;
        }
    }
    Ok(WEEKDAYS[best])
}

fn add_what_else_is_known<'a>(study: &'a Study, households: &mut BTreeMap<i32, Household<'a>>) {
    for (row, id) in study.demographics.household.iter().enumerate() {
        if let Some(household) = households.get_mut(id) {
            household.demographics = Some(row);
        }
    }
    let redemptions = &study.redemptions;
    for (id, &at) in redemptions.household.iter().zip(&redemptions.at) {
        if let Some(household) = households.get_mut(id) {
            household.coupons_redeemed += 1;
            household.last_redemption = household.last_redemption.max(Some(at));
        }
    }
    let campaigns = &study.campaigns;
    let types: HashMap<i32, Option<&str>> =
        campaigns.described.iter().copied().zip(campaigns.campaign_type.iter().map(Option::as_deref)).collect();
    for (id, campaign) in campaigns.household.iter().zip(&campaigns.campaign) {
        if let (Some(household), Some(campaign_type)) = (households.get_mut(id), types.get(campaign)) {
            household.campaigns.push(*campaign);
            household.campaign_types.extend(campaign_type);
        }
    }
    for household in households.values_mut() {
        household.campaigns = sorted(household.campaigns.drain(..));
        household.campaign_types = sorted(household.campaign_types.drain(..));
    }
}

fn sorted<T: Ord>(values: impl Iterator<Item = T>) -> Vec<T> {
    let mut values: Vec<T> = values.collect();
    values.sort_unstable();
    values.dedup();
    values
}
