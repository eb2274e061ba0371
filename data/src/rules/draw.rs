//! Random rule trees over the population's fields.

use muster_engine::rule::{Group, Match, Rule};

use super::leaf::leaf;
use super::vocabulary::{FIELDS, Field};
use crate::random::Random;

/// Groups on the deepest path.
pub const DEPTH_MAX: usize = 4;

/// Tests of one rule.
pub const LEAVES_MAX: usize = 16;

/// Share of the tests that are negated.
const NEGATED_SHARE: f64 = 0.15;

/// Rules of the canonical workload.
const CANONICAL_COUNT: usize = 200;

/// The seed of the canonical workload.
const CANONICAL_SEED: u64 = 2_026;

/// The 200 rules that measurements are made with: as many of each length from 1 to 16 tests, over the fields among
/// `fields` only; all fields when it is empty.
pub fn canonical(fields: &[&str]) -> Vec<Rule> {
    let drawer = Drawer::new(fields);
    let mut random = Random::new(CANONICAL_SEED, 0);
    (0..CANONICAL_COUNT).map(|number| drawer.rule(&mut random, 1 + number % LEAVES_MAX)).collect()
}

/// Draws rules.
pub struct Drawer {
    fields: Vec<Field>,
    weights: u64,
}

impl Drawer {
    /// For rules over the fields among `names`; over all when it is empty.
    ///
    /// # Panics
    /// When no field of that name is tested by rules.
    pub fn new(names: &[&str]) -> Self {
        let all = FIELDS.map(|field| field.0);
        let fields = Field::all(if names.is_empty() { &all } else { names });
        let weights = fields.iter().map(|field| field.weight).sum();
        assert!(weights > 0, "a rule needs a field to test");
        Self { fields, weights }
    }

    fn field(&self, random: &mut Random) -> &Field {
        let mut ticket = random.below(self.weights);
        for field in &self.fields {
            if ticket < field.weight {
                return field;
            }
            ticket -= field.weight;
        }
        unreachable!("tickets are below the sum of the weights")
    }

    /// A rule of this many tests, at most [`LEAVES_MAX`].
    pub fn rule(&self, random: &mut Random, leaves: usize) -> Rule {
        Tree { drawer: self, random, tested: Vec::new() }.rule(leaves.min(LEAVES_MAX))
    }
}

/// A tree that is being drawn.
struct Tree<'a> {
    drawer: &'a Drawer,
    random: &'a mut Random,
    /// Fields that have been tested: nobody asks for Germans who live in Italy.
    tested: Vec<&'static str>,
}

impl Tree<'_> {
    fn rule(&mut self, leaves: usize) -> Rule {
        if leaves <= 1 {
            return self.leaf(DEPTH_MAX);
        }
        // Marketers narrow down; "any of these" at the top is rarer, "none of these" rarest.
        let join = match self.random.below(100) {
            0..80 => Match::All,
            80..95 => Match::Any,
            _ => Match::None,
        };
        self.group(join, leaves, DEPTH_MAX)
    }

    fn group(&mut self, join: Match, leaves: usize, depth: usize) -> Rule {
        let mut rules = Vec::new();
        let mut left = leaves;
        while left > 0 {
            // Not all tests into one group below: that would be the same group again.
            let room = if rules.is_empty() { left - 1 } else { left };
            if depth > 1 && room >= 2 && self.random.chance(0.4) {
                let share = 2 + self.random.below(room.min(5) as u64 - 1) as usize;
                let inner = below(self.random, join);
                rules.push(self.group(inner, share, depth - 1));
                left -= share;
            } else {
                rules.push(self.leaf(depth - 1));
                left -= 1;
            }
        }
        Rule::Group(Group { join, rules })
    }

    /// One test, under a group of its own where a negation needs one and the depth allows it.
    fn leaf(&mut self, depth: usize) -> Rule {
        let drawer = self.drawer;
        // A few times is enough: with few fields a second test of one cannot be helped.
        let mut field = drawer.field(self.random);
        for _ in 0..4 {
            if self.tested.contains(&field.name) {
                field = drawer.field(self.random);
            }
        }
        self.tested.push(field.name);
        let negated = self.random.chance(NEGATED_SHARE);
        let (test, open) = leaf(self.random, field, negated);
        if open && depth > 0 { Rule::Group(Group { join: Match::None, rules: vec![test] }) } else { test }
    }
}

/// The word of a group inside a group: mostly the other one, for the same one would change nothing.
fn below(random: &mut Random, join: Match) -> Match {
    match (join, random.below(100)) {
        (_, 0..6) => Match::None,
        (Match::All, _) => Match::Any,
        (Match::Any | Match::None, _) => Match::All,
    }
}
