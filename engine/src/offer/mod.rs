//! Offers: concerts, sales and launches that customers are matched with, and whom each fits best.
//!
//! An offer fits a customer for up to seven reasons, each worth a weight. Each reason is a rule, so the people who have
//! it are a set, and the score of a customer is the sum of the weights of the sets they are in: nobody is scored one by
//! one, classes of equal score are counted and listed by bitmap algebra. Rows of equal score stand in row order.
//!
//! Not here: what customers did (behaviour events), and how answers look (the server).

mod record;
mod settings;

mod store;

mod factors;

mod classes;

mod recommend;

mod segment_rule;

pub use factors::{Factor, Factors, factors};
pub use recommend::{Ask, Fit, Recommendations, Recommended, recommend, recommended_to};
pub use record::{Details, Generated, Offer, Price, PriceRange};
pub use segment_rule::segment_rule;
pub use settings::{Matching, ProfileField, Reason};
pub use store::Offers;
