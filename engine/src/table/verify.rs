//! Do the indexes agree with the columns? For tests, and for whoever no longer trusts a machine.

use super::view::View;
use crate::block::Set;
use crate::column::Column;
use crate::error::{Error, Result};
use crate::id::FieldId;
use crate::index::{Index, Postings};

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
            Index::Flag(truths) if truths.and_not(&data.present).is_empty() => Ok(()),
            Index::Flag(_) => corrupt("a row is true and missing at once".into()),
            Index::Postings(postings) => match disagreement(&data.present, postings, codes_of) {
                Some(what) => corrupt(what),
                None => Ok(()),
            },
        }
    }
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
