//! Texts that no profile has any more, taken out of the dictionaries of fields.
//!
//! A text that is replaced stays in its dictionary: most are values of others, or will be again. When somebody is erased
//! what they had last goes at once; what they had earlier is found by looking at all rows, for many erasures together.

use std::sync::Arc;

use rayon::prelude::*;

use super::field::FieldData;
use super::view::View;
use crate::column::Column;
use crate::index::Index;

impl View {
    /// The same profiles without the texts that none of them has.
    #[must_use]
    pub fn without_unused_texts(mut self) -> Self {
        self.fields.par_iter_mut().for_each(|field| {
            let unused = unused(field);
            if !unused.is_empty() {
                remove(field.make_mut(), &unused);
            }
        });
        self.events = Arc::new((*self.events).clone().swept(&self.live));
        self
    }
}

/// Removes those of some texts of a field that no row has any more.
pub(super) fn forget_unused(field: &mut FieldData, codes: &[u32]) {
    let used = |code: u32| match (&field.index, &field.column) {
        (Index::Postings(postings), _) => postings.count(code) > 0,
        (_, Column::Keyword(keyword)) => field.present.rows().any(|row| keyword.codes.get(row) == code),
        (_, Column::Members(members)) => field.present.rows().any(|row| members.get(row).binary_search(&code).is_ok()),
        _ => true,
    };
    let unused: Vec<u32> = codes.iter().copied().filter(|&code| !used(code)).collect();
    remove(field, &unused);
}

/// All texts of a field that no row has.
fn unused(field: &FieldData) -> Vec<u32> {
    let Some(dict) = field.column.dict() else { return Vec::new() };
    let mut is_used = vec![false; dict.len() as usize];
    let mut mark = |code: u32| {
        if let Some(is_used) = is_used.get_mut(code as usize) {
            *is_used = true;
        }
    };
    match (&field.index, &field.column) {
        (Index::Postings(postings), _) => {
            (0..dict.len()).filter(|code| postings.count(*code) > 0).for_each(&mut mark);
        }
        (_, Column::Keyword(keyword)) => {
            field.present.rows().for_each(|row| mark(keyword.codes.get(row)));
        }
        (_, Column::Members(members)) => {
            field.present.rows().flat_map(|row| members.get(row)).for_each(|code| mark(*code));
        }
        _ => return Vec::new(),
    }
    dict.iter().map(|(code, _)| code).filter(|code| !is_used[*code as usize]).collect()
}

fn remove(field: &mut FieldData, codes: &[u32]) {
    match &mut field.column {
        Column::Keyword(keyword) => codes.iter().for_each(|code| keyword.dict.remove(*code)),
        Column::Members(members) => codes.iter().for_each(|code| members.dict.remove(*code)),
        Column::Flag | Column::Scalar(_) => {}
    }
}
