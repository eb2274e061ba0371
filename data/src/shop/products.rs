//! What the shop sells: products in categories, each with a brand and a price.

use crate::random::curve::exp;
use crate::random::{Random, Ranked};

/// Products that the shop has.
pub(super) const PRODUCTS: usize = 200_000;

/// Brands that the shop has.
const BRANDS: usize = 4_000;

/// The assortment is the same for every seed, so that months of one shop can be put together.
const ASSORTMENT_SEED: u64 = 0x5110_7019;

/// Categories, what share of the visits each gets, and what a typical product of it costs, in cents.
const CATEGORIES: [(&str, f64, f64); 24] = [
    ("electronics.smartphone", 27.0, 32_000.0),
    ("electronics.audio.headphone", 5.5, 7_500.0),
    ("electronics.video.tv", 4.5, 38_000.0),
    ("electronics.clocks", 3.6, 16_000.0),
    ("electronics.tablet", 2.0, 28_000.0),
    ("computers.notebook", 4.6, 62_000.0),
    ("computers.desktop", 1.8, 45_000.0),
    ("computers.peripherals.printer", 1.2, 18_000.0),
    ("appliances.kitchen.refrigerators", 3.8, 45_000.0),
    ("appliances.kitchen.washer", 3.7, 32_000.0),
    ("appliances.environment.vacuum", 3.2, 12_000.0),
    ("appliances.kitchen.kettle", 1.4, 3_500.0),
    ("appliances.personal.massager", 1.1, 8_000.0),
    ("apparel.shoes", 4.2, 7_900.0),
    ("apparel.shoes.keds", 2.0, 7_200.0),
    ("apparel.costume", 1.6, 9_500.0),
    ("furniture.living_room.sofa", 2.4, 33_000.0),
    ("furniture.bedroom.bed", 2.2, 26_000.0),
    ("auto.accessories.player", 1.7, 11_000.0),
    ("auto.accessories.alarm", 1.0, 9_000.0),
    ("construction.tools.drill", 1.5, 8_500.0),
    ("kids.carriage", 1.9, 21_000.0),
    ("kids.toys", 1.5, 3_800.0),
    ("sport.bicycle", 1.2, 24_000.0),
];

/// Products of which it is not known in which category they are come after the categories.
pub(super) const CATEGORY_COUNT: usize = CATEGORIES.len() + 1;

/// The share of the visits that unknown categories get.
const UNKNOWN_WEIGHT: f64 = 16.0;

/// What a typical product of an unknown category costs, in cents.
const UNKNOWN_CENTS: f64 = 9_000.0;

/// A product.
#[derive(Debug, Clone, Copy)]
pub(super) struct Product {
    pub(super) category: u8,
    /// None where it is not known.
    pub(super) brand: Option<u16>,
    pub(super) cents: u32,
}

/// All products, those of a category side by side, the most looked at first.
pub(super) struct Products {
    pub(super) all: Vec<Product>,
    /// Where each category begins in `all`, and at last where all end.
    starts: Vec<usize>,
    pub(super) categories: Ranked,
    pub(super) brands: Vec<String>,
}

impl Products {
    pub(super) fn new() -> Self {
        let mut random = Random::new(ASSORTMENT_SEED, 0);
        let weights: Vec<f64> = CATEGORIES.iter().map(|(_, weight, _)| *weight).chain([UNKNOWN_WEIGHT]).collect();
        let whole: f64 = weights.iter().sum();
        let brand_ranks = Ranked::zipf(BRANDS, 0.9);
        let (mut all, mut starts) = (Vec::with_capacity(PRODUCTS), vec![0]);
        let mut weight_so_far = 0.0;
        for (category, weight) in (0..).zip(&weights) {
            weight_so_far += weight;
            let end = (PRODUCTS as f64 * weight_so_far / whole).round() as usize;
            let typical = CATEGORIES.get(usize::from(category)).map_or(UNKNOWN_CENTS, |(_, _, cents)| *cents);
            while all.len() < end {
                let cents = (typical * exp(0.8 * random.normal())).clamp(99.0, 300_000.0);
                let brand = brand_ranks.draw(&mut random) as u16;
                all.push(Product {
                    category,
                    brand: (!random.chance(0.14)).then_some(brand),
                    // Prices end in 9, as prices do.
                    cents: (cents as u32) / 10 * 10 + 9,
                });
            }
            starts.push(end);
        }
        let brands = (1..=BRANDS).map(|number| format!("brand-{number:04}")).collect();
        Self { all, starts, categories: Ranked::weighted(weights), brands }
    }

    /// A product of a category; a tenth of them get about half of the looks.
    pub(super) fn draw(&self, category: usize, random: &mut Random) -> usize {
        let (start, end) = (self.starts[category], self.starts[category + 1]);
        let place = random.unit();
        start + ((end - start) as f64 * place * place * place) as usize
    }

    /// What a category is called, where it is known.
    pub(super) fn category(category: u8) -> Option<&'static str> {
        CATEGORIES.get(usize::from(category)).map(|(name, ..)| *name)
    }
}
