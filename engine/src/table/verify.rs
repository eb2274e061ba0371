//! Do the indexes agree with the columns? For tests, and for whoever no longer trusts a machine.

use super::view::View;
use crate::block::Set;
use crate::column::{Column, Scalar};
use crate::error::{Error, Result};
use crate::id::FieldId;
use crate::index::{Index, Postings, Ranks};

impl View {
    /// Compares every index with its column, row by row.
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
        self.schema.fields().iter().try_for_each(|field| self.verify_field(field.id))
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

/// Whether each block's order lists exactly the rows that have a value, by key and then by row.
fn misranked(present: &Set, column: &Scalar, ranks: &Ranks) -> Option<String> {
    for (block, container) in present.blocks() {
        let (Some(column), Some(ranks)) = (column.block(block), ranks.block(block)) else {
            return Some(format!("block {block} has values but no order"));
        };
        let rows = ranks.slice(0, ranks.len());
        if rows.len() != container.cardinality() as usize || rows.iter().any(|row| !container.contains(*row)) {
            return Some(format!("the order of block {block} lists other rows than those with a value"));
        }
        if !rows.is_sorted_by(|left, right| (column.key(*left), left) < (column.key(*right), right)) {
            return Some(format!("block {block} is out of order"));
        }
        for code in 0..column.dict.len() {
            let of_code = &rows[ranks.rank(code)..ranks.rank(code + 1)];
            if of_code.is_empty() || of_code.iter().any(|row| column.code(*row) != code) {
                return Some(format!(
                    "key {} of block {block} has other rows in the order than in the column",
                    column.dict.key(code)
                ));
            }
        }
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
