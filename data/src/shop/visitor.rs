//! One person's month: how often they come, what they look at, and what comes of it.
//!
//! A person is drawn whole from a stream of their own, and each of their days from another, so that days can be drawn
//! in order of time without keeping anybody in mind.
//!
//! Not here: how events become columns (`columns`) and how days follow each other (`days`).

use muster_engine::time::DAY_US;

use super::products::{CATEGORY_COUNT, Products};
use crate::random::curve::exp;
use crate::random::{Random, Ranked};

/// One second, in microseconds.
const SECOND_US: i64 = 1_000_000;

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    View,
    Cart,
    Purchase,
}

impl Kind {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::View => "view",
            Self::Cart => "cart",
            Self::Purchase => "purchase",
        }
    }
}

/// One event, as it was drawn.
#[derive(Debug, Clone, Copy)]
pub(super) struct Drawn {
    /// Microseconds since the day began.
    pub(super) at: i64,
    pub(super) person: u32,
    /// Which of the person's sessions of the day.
    pub(super) session: u8,
    pub(super) kind: Kind,
    pub(super) product: u32,
}

/// Sessions that begin in each hour of the day.
pub(super) fn hours() -> Ranked {
    Ranked::weighted([
        1.0, 0.7, 0.9, 1.9, 3.2, 4.2, 4.9, 5.2, 5.4, 5.3, 5.2, 5.1, 5.2, 5.7, 6.3, 6.9, 7.2, 7.1, 6.3, 5.0, 3.5, 2.2,
        1.5, 1.1,
    ])
}

/// What lasts a month about a person.
struct Traits {
    /// Sessions a day, on average.
    sessions: f64,
    /// The day on which they come in any case, so that nobody is without events.
    sure_day: u64,
    /// How many times as likely as others they are to buy.
    keenness: f64,
    favourites: [usize; 2],
}

impl Traits {
    fn draw(random: &mut Random, products: &Products, days: u64) -> Self {
        // Few people have most of the sessions: 2.7 more than the sure one in the mean, 1.5 in the median.
        let sessions = exp(0.4 + 1.1 * random.normal()) / days as f64;
        Self {
            sessions,
            sure_day: random.below(days),
            keenness: exp(0.9 * random.normal() - 0.4),
            favourites: std::array::from_fn(|_| products.categories.draw(random)),
        }
    }

    fn category(&self, products: &Products, random: &mut Random) -> usize {
        match random.below(10) {
            0..=4 => self.favourites[0],
            5..=7 => self.favourites[1],
            _ => products.categories.draw(random),
        }
        .min(CATEGORY_COUNT - 1)
    }
}

/// Appends what a person did on one day.
pub(super) fn draw_day(
    out: &mut Vec<Drawn>,
    (seed, person, day, days): (u64, u32, u64, u64),
    products: &Products,
    hours: &Ranked,
) {
    let traits = Traits::draw(&mut Random::new(seed, u64::from(person) << 8), products, days);
    let mut random = Random::new(seed, (u64::from(person) << 8) + 1 + day);
    let mut sessions = u8::from(traits.sure_day == day);
    // Arrivals of a Poisson process in one day.
    let mut waited = random.exponential();
    while waited < traits.sessions && sessions < u8::MAX {
        sessions += 1;
        waited += random.exponential();
    }
    for session in 0..sessions {
        let category = traits.category(products, &mut random);
        let hour = hours.draw(&mut random) as i64;
        let mut at = (hour * 3_600 + random.below(3_600) as i64) * SECOND_US;
        loop {
            let product = products.draw(category, &mut random) as u32;
            let mut event = |at, kind| out.push(Drawn { at, person, session, kind, product });
            event(at, Kind::View);
            if random.chance(0.048 * traits.keenness) {
                at += pause(&mut random, 40.0);
                event(at, Kind::Cart);
            }
            if random.chance(0.0148 * traits.keenness) {
                at += pause(&mut random, 150.0);
                event(at, Kind::Purchase);
            }
            if random.chance(0.22) {
                break;
            }
            at += pause(&mut random, 70.0);
        }
    }
    // A session ends at midnight.
    out.retain(|event| event.at < DAY_US);
}

/// Whole seconds, as the source of such data has them, at least one.
fn pause(random: &mut Random, mean: f64) -> i64 {
    (1 + (mean * random.exponential()) as i64) * SECOND_US
}
