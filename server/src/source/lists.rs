//! A CSV of ids, as somebody exported it elsewhere: one column counts, the others are ignored.
//!
//! Nothing is lost silently: every data line is an entry, a blank, or a rejected row with its reason. Duplicates are
//! entries as well; who is known is the engine's business.

use std::fs::File;

use muster_engine::error::{Error, Problem, Result};
use muster_engine::schema::normalize;

use super::cell;
use super::csv::{CsvReader, bad_cell};
use super::rejects::Rejects;
use crate::limits::LIST_ENTRIES_MAX;
use muster_engine::rule::nearest;

/// Names an id column is known by when the call names none, the first found being taken.
const ID_COLUMNS: [&str; 2] = ["customer_id", "id"];

/// The ids of a list file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IdList {
    /// Trimmed ids in file order, with repetitions.
    pub entries: Vec<String>,
    /// Blank lines, and rows whose id is blank.
    pub blank: u64,
    /// Rows without a readable id; their numbers count every row that is no blank line.
    pub rejects: Rejects,
}

/// Reads a list; the id column is `id_column`, or else `customer_id` or `id`, in any case.
///
/// # Errors
/// `Invalid` when there is no such column or the file is no CSV; `Limit` beyond [`LIST_ENTRIES_MAX`] entries.
pub fn read_ids(file: &File, id_column: Option<&str>) -> Result<IdList> {
    read_at_most(LIST_ENTRIES_MAX, file, id_column)
}

fn read_at_most(entries_max: usize, file: &File, id_column: Option<&str>) -> Result<IdList> {
    let mut reader = CsvReader::open(file)?;
    let column = find_column(&reader.names, id_column)?;
    let name = reader.names[column].clone();
    let mut list = IdList::default();
    let mut row_number = 0;
    reader.each_block(|bytes, records| {
        for row in (0..records.len()).map(|i| records.row_at(bytes, i)) {
            row_number += 1;
            if column >= row.len() {
                let (cells, wanted) = (row.len(), column + 1);
                let message = format!("the row has {cells} cells, the ids are in column {wanted}");
                list.rejects.push(row_number, vec![Problem::new("", "ragged_row", message)]);
                continue;
            }
            match row.cell(column) {
                Err(bad) => list.rejects.push(row_number, vec![bad_cell(bad)]),
                Ok(text) if text.trim().is_empty() => list.blank += 1,
                Ok(text) => match cell::id(text.trim()) {
                    Ok(id) => list.entries.push(id.into_owned()),
                    Err(refusal) => list.rejects.push(row_number, vec![refusal.in_column(&name)]),
                },
            }
        }
        if list.entries.len() > entries_max {
            let message = format!("a list has at most {entries_max} ids; split the file");
            return Err(Error::Limit(Problem::new("", "too_many_ids", message)));
        }
        Ok(())
    })?;
    list.blank += reader.blank();
    Ok(list)
}

pub(super) fn find_column(names: &[String], wanted: Option<&str>) -> Result<usize> {
    let wanted: Vec<String> = match wanted {
        Some(name) => vec![normalize(name.trim()).into_owned()],
        None => ID_COLUMNS.map(str::to_owned).to_vec(),
    };
    for name in &wanted {
        let mut found = names.iter().enumerate().filter(|(_, known)| known.to_lowercase() == name.to_lowercase());
        match (found.next(), found.next()) {
            (Some((at, _)), None) => return Ok(at),
            (Some(_), Some(_)) => {
                let message = format!("more than one column is named \"{name}\"; keep the one with the ids");
                return Err(Error::invalid("", "duplicate_column", message));
            }
            (None, _) => {}
        }
    }
    let message = format!("no column is named \"{}\", which was to hold the ids", wanted.join("\" or \""));
    let near = nearest(&wanted[0], names.iter().map(String::as_str));
    Err(Problem::new("", "missing_id_column", message).with_suggestions(near).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    use std::io::Write;

    #[test]
    fn a_list_has_so_many_ids_at_most_blanks_not_counted() {
        let mut file = tempfile::tempfile().expect("a temporary file");
        file.write_all(b"id\n1\n\n2\n2\n").expect("room on the disk");
        let list = read_at_most(3, &file, None).expect("three ids");
        assert_eq!((list.entries.len(), list.blank), (3, 1));
        let refused = read_at_most(2, &file, None);
        let Err(Error::Limit(problem)) = refused else { panic!("{refused:?}") };
        assert_eq!(problem.code, "too_many_ids");
        assert_eq!(problem.message, "a list has at most 2 ids; split the file");
    }
}
