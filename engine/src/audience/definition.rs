//! What an audience is made of, as somebody wrote it and as it is stored.

use crate::error::{Error, Problem, Result};
use crate::gate::Gating;
use crate::id::{ListId, SegmentId};
use crate::limits::LIST_VALUES_MAX;
use crate::rule::{SegmentNames, SegmentRef, resolve_segment};
use crate::segment::Catalog;

/// How included segments are joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum IncludeMatch {
    /// Union.
    #[default]
    Any,
    /// Intersection.
    All,
}

/// A segment of a definition: its id, and how the request named it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SegmentChoice {
    /// The segment.
    pub id: SegmentId,
    /// The name or number by which the breakdown calls it.
    pub key: String,
}

/// Sources and exclusions. An absent include is `None`: only a definition where all are absent means everybody.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Definition {
    /// How `include_segments` are joined.
    pub include_match: IncludeMatch,
    /// Segments whose members are in.
    pub include_segments: Option<Vec<SegmentChoice>>,
    /// External ids that are in.
    pub include_customers: Option<Vec<String>>,
    /// Lists whose members are in.
    pub include_lists: Option<Vec<ListId>>,
    /// Segments whose members are out.
    pub exclude_segments: Vec<SegmentChoice>,
    /// External ids that are out.
    pub exclude_customers: Vec<String>,
    /// Lists whose members are out.
    pub exclude_lists: Vec<ListId>,
    /// Channel, hold-out, split, and suppressions that are not to hold.
    pub gates: Box<Gating>,
}

impl Definition {
    /// Whether no include key was given: everybody is meant.
    pub fn means_everyone(&self) -> bool {
        self.include_segments.is_none() && self.include_customers.is_none() && self.include_lists.is_none()
    }

    /// The segments it names, included and excluded.
    pub fn segments(&self) -> impl Iterator<Item = &SegmentChoice> {
        self.include_segments.iter().flatten().chain(&self.exclude_segments)
    }

    /// The lists it names, included and excluded.
    pub fn lists(&self) -> impl Iterator<Item = ListId> + '_ {
        self.include_lists.iter().flatten().chain(&self.exclude_lists).copied()
    }

    /// The definition without a person whom it names, on either side; `None` when it names nobody of this id.
    pub fn without(&self, customer: &str) -> Option<Self> {
        let names = |ids: &[String]| ids.iter().any(|id| id == customer);
        if !names(self.include_customers.as_deref().unwrap_or_default()) && !names(&self.exclude_customers) {
            return None;
        }
        let mut rest = self.clone();
        rest.include_customers.iter_mut().chain([&mut rest.exclude_customers]).for_each(|ids| {
            ids.retain(|id| id != customer);
        });
        Some(rest)
    }

    /// Finds the segments that a request names.
    ///
    /// # Errors
    /// `Invalid` with every name that no segment has, at `/{key}/{i}`.
    pub fn choose(key: &str, references: &[SegmentRef], catalog: &Catalog) -> Result<Vec<SegmentChoice>> {
        let mut problems = Vec::new();
        let mut choices = Vec::new();
        for (index, reference) in references.iter().enumerate() {
            let key_of = match reference {
                SegmentRef::Name(name) => name.clone(),
                SegmentRef::Id(id) => id.to_string(),
            };
            match resolve_segment(reference, catalog) {
                Some(id) => choices.push(SegmentChoice { id, key: key_of }),
                None => problems.push(
                    Problem::new(
                        format!("/{key}/{index}"),
                        "unknown_segment",
                        format!("there is no segment \"{key_of}\""),
                    )
                    .with_suggestions(catalog.nearest(&key_of)),
                ),
            }
        }
        if problems.is_empty() { Ok(choices) } else { Err(Error::Invalid(problems)) }
    }

    /// Whether an external id is among those given.
    pub fn names(&self, id: &str) -> bool {
        let given = self.include_customers.iter().flatten().chain(&self.exclude_customers);
        given.into_iter().any(|other| other == id)
    }

    /// Takes an erased person's id out.
    pub fn forget(&mut self, id: &str) {
        self.forget_those(|other| other == id);
    }

    /// Takes the ids of erased people out.
    pub fn forget_those(&mut self, is_gone: impl Fn(&str) -> bool) {
        self.exclude_customers.retain(|id| !is_gone(id));
        self.include_customers.iter_mut().for_each(|ids| ids.retain(|id| !is_gone(id)));
    }

    /// Refuses lists beyond [`LIST_VALUES_MAX`].
    pub fn check_lengths(&self) -> Result<()> {
        let customers = [
            ("include_customers", self.include_customers.as_deref()),
            ("exclude_customers", Some(&self.exclude_customers[..])),
        ];
        for (key, ids) in customers {
            let count = ids.map_or(0, <[String]>::len);
            if count > LIST_VALUES_MAX {
                let message =
                    format!("{key} takes at most {LIST_VALUES_MAX} ids, this one has {count}; import a list instead");
                return Err(Error::invalid(format!("/{key}"), "list_too_long", message));
            }
        }
        Ok(())
    }
}
