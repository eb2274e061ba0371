//! Do the indexes agree with the columns, and computed fields with what they are made from? For tests, and for whoever no
//! longer trusts a machine.

use super::view::View;
use super::writer::Writer;
use crate::block::{Container, Set, Words, split};
use crate::column::{Column, Overlay, Scalar, ScalarBlock};
use crate::error::{Error, Result};
use crate::id::{FieldId, Row};
use crate::index::{Index, Postings, Ranks};

impl View {
    /// Compares every index with its column, row by row, and every computed field with what it is when it is made anew.
    ///
    /// # Errors
    /// `Corrupt`, naming the first field and row that disagree.
    pub fn verify(&self) -> Result<()> {
        for row in self.live.rows() {
            if self.ids.code(self.ids.text(row)) != Some(row) {
                return Err(Error::Corrupt(format!("row {row} is live but its id leads elsewhere")));
            }
        }
        if self.live.len() != u64::from(self.ids.live()) {
            return Err(Error::Corrupt(format!(
                "{} rows are live, {} ids are known",
                self.live.len(),
                self.ids.live()
            )));
        }
        self.events.verify(&self.live)?;
        self.schema.fields().iter().try_for_each(|field| self.verify_field(field.id))?;
        self.verify_computed()
    }

    fn verify_computed(&self) -> Result<()> {
        if self.enrichment.is_empty() {
            return Ok(());
        }
        let anew = Writer::new(self.clone()).made_again().finish().0;
        let is_other = |row: &u32| anew.block_version(split(*row).0) != self.block_version(split(*row).0);
        for row in self.live.rows().filter(is_other).map(Row) {
            for field in self.enrichment.fields().iter().map(|computed| computed.field) {
                let (is, made) = (self.value(row, field), anew.value(row, field));
                if is != made {
                    let (name, row) = (&self.schema.field(field).name, row.0);
                    let message = format!("computed field \"{name}\": row {row} has {is:?}, made anew it is {made:?}");
                    return Err(Error::Corrupt(message));
                }
            }
        }
        Ok(())
    }

    fn verify_field(&self, id: FieldId) -> Result<()> {
        let data = self.field(id);
        let name = &self.schema.field(id).name;
        let corrupt = |what: String| Err(Error::Corrupt(format!("field \"{name}\": {what}")));
        let strangers = data.present.and_not(&self.live);
        if let Some(row) = strangers.rows().next() {
            return corrupt(format!("row {row} has a value but no profile"));
        }
        let codes_of = |row: u32| match &data.column {
            Column::Keyword(keyword) => vec![keyword.codes.get(row)],
            Column::Members(members) => members.get(row).to_vec(),
            Column::Flag | Column::Scalar(_) => Vec::new(),
        };
        match &data.index {
            Index::Scan => Ok(()),
            Index::Ranks(ranks) => match &data.column {
                Column::Scalar(column) => match misranked(&data.present, column, ranks) {
                    Some(what) => corrupt(what),
                    None => Ok(()),
                },
                _ => corrupt("it has ranks but no keys".into()),
            },
            Index::Flag(truths) if truths.and_not(&data.present).is_empty() => Ok(()),
            Index::Flag(_) => corrupt("a row is true and missing at once".into()),
            Index::Postings(postings) => match disagreement(&data.present, postings, codes_of) {
                Some(what) => corrupt(what),
                None => Ok(()),
            },
        }
    }
}

/// Whether each block's order lists exactly the rows that had a value when it was laid, by key and then by row, and
/// together with what has changed since those that have one.
fn misranked(present: &Set, column: &Scalar, ranks: &Ranks) -> Option<String> {
    let last = present.last_block().map_or(0, |last| last + 1);
    for block in 0..last.max(column.block_count()) {
        let container = present.container(block);
        let (Some(keys), Some(ranks)) = (column.block(block), ranks.block(block)) else {
            if container.is_empty() {
                continue;
            }
            return Some(format!("block {block} has values but no order"));
        };
        let rows = ranks.slice(0, ranks.len());
        let mut valued = Words::EMPTY;
        rows.iter().for_each(|row| valued.insert(*row));
        if valued.count() as usize != rows.len() {
            return Some(format!("the order of block {block} lists a row twice"));
        }
        if let Some(overlay) = column.overlay(block) {
            if let Some(what) = misplaced(keys, overlay) {
                return Some(format!("changes of block {block}: {what}"));
            }
            overlay.rows().iter().for_each(|row| valued.remove(*row));
            overlay.new_rows().iter().for_each(|row| valued.insert(*row));
        }
        if Container::from_words(&valued) != *container {
            return Some(format!("the order of block {block} lists other rows than those with a value"));
        }
        if !rows.is_sorted_by(|left, right| (keys.key(*left), left) < (keys.key(*right), right)) {
            return Some(format!("block {block} is out of order"));
        }
        for code in 0..keys.dict.len() {
            let of_code = &rows[ranks.rank(code)..ranks.rank(code + 1)];
            if of_code.is_empty() || of_code.iter().any(|row| keys.code(*row) != code) {
                return Some(format!(
                    "key {} of block {block} has other rows in the order than in the column",
                    keys.dict.key(code)
                ));
            }
        }
    }
    None
}

/// Whether the orders of changed rows agree with each other and with the block.
fn misplaced(keys: &ScalarBlock, overlay: &Overlay) -> Option<String> {
    let old = overlay.old_codes().iter().zip(overlay.old_rows());
    if let Some((_, row)) = old.clone().find(|(code, row)| keys.code(**row) != usize::from(**code)) {
        return Some(format!("row {row} had another value"));
    }
    let new = overlay.keys().iter().zip(overlay.new_rows());
    if let Some((_, row)) = new.clone().find(|(key, row)| overlay.key(**row) != Some(Some(**key))) {
        return Some(format!("row {row} leads to another key"));
    }
    let had = overlay.rows().iter().filter(|row| keys.key(**row).is_some()).count();
    let have = overlay.rows().iter().filter(|row| overlay.key(**row).flatten().is_some()).count();
    if had != old.len() || have != new.len() || !overlay.old_codes().is_sorted() || !new.is_sorted() {
        return Some("their orders disagree".into());
    }
    None
}

fn disagreement(present: &Set, postings: &Postings, codes_of: impl Fn(u32) -> Vec<u32>) -> Option<String> {
    let mut entries = 0u64;
    for row in present.rows() {
        for code in codes_of(row) {
            entries += 1;
            if !postings.rows(code).contains(row) {
                return Some(format!("row {row} has code {code}, its postings have not"));
            }
        }
    }
    let posted = postings.total();
    (posted != entries).then(|| format!("postings hold {posted} entries, the column {entries}"))
}
