//! A month of a large online shop, as events: who looked at what, put it in the cart, and bought it.
//!
//! The shape is that of the public "eCommerce behavior data from multi category store" (REES46, November 2019: 67.5
//! million events of 3.7 million people, 94.1% views, 4.5% carts, 1.4% purchases): sessions of a few views, few people
//! with most events, some products that everybody sees, brands and categories that are sometimes not known. Nobody in
//! it exists and no row of it is copied. [`Shop`] describes a month and hands out its events in order of time; [`Deeds`]
//! draws what the customers of a population did.

mod products;

mod visitor;

mod columns;

mod days;

mod deeds;

#[cfg(test)]
mod tests;

pub use days::{DAYS_MAX, DEFAULT_START, Events, PEOPLE_MAX, Shop};
pub use deeds::{DEED_DAYS, Deeds};
