//! What something saved is called, and what helps to find it among many.

use crate::error::{Error, Problem, Result};
use crate::limits::{DESCRIPTION_BYTES_MAX, NAME_BYTES_MAX, TAG_BYTES_MAX, TAGS_MAX};
use crate::schema::normalize;

/// How far something saved is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Status {
    /// Being worked on.
    Draft,
    /// In use.
    #[default]
    Active,
    /// Kept for the record: it still answers, and nothing new may refer to it.
    Archived,
}

impl Status {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Draft, Self::Active, Self::Archived];

    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Active => "active",
            Self::Archived => "archived",
        }
    }

    /// The status of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.name() == name)
    }
}

/// Everything about something saved but what it holds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Attributes {
    /// Unique among its kind, in NFC.
    pub name: String,
    /// What it is for, in somebody's words.
    pub description: String,
    /// Words to find it by: in NFC and lower case, sorted, each once.
    pub tags: Vec<String>,
    /// How far it is.
    pub status: Status,
    /// Who answers for it, in free words.
    pub owner: String,
    /// The campaign it was made for; of audiences only.
    pub campaign: Option<u64>,
}

/// New values of some attributes; `None` keeps what there is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AttributeChanges {
    /// Its name.
    pub name: Option<String>,
    /// What it is for.
    pub description: Option<String>,
    /// All its tags.
    pub tags: Option<Vec<String>>,
    /// How far it is.
    pub status: Option<Status>,
    /// Who answers for it.
    pub owner: Option<String>,
    /// The campaign it was made for, or none.
    pub campaign: Option<Option<u64>>,
}

impl AttributeChanges {
    /// Refuses what is longer than allowed; every mistake at once.
    ///
    /// # Errors
    /// `Invalid`.
    pub fn check(&self) -> Result<()> {
        let mut problems = Vec::new();
        let texts = [("description", &self.description, DESCRIPTION_BYTES_MAX), ("owner", &self.owner, NAME_BYTES_MAX)];
        for (key, text, most) in texts {
            let length = text.as_ref().map_or(0, String::len);
            if length > most {
                let message = format!("\"{key}\" has at most {most} bytes, this one has {length}");
                problems.push(Problem::new(format!("/{key}"), "text_too_long", message));
            }
        }
        for (index, tag) in self.tags.iter().flatten().enumerate() {
            let (pointer, length) = (format!("/tags/{index}"), normal_tag(tag).len());
            if length == 0 || tag.chars().any(char::is_control) {
                problems.push(Problem::new(pointer, "bad_tag", "a tag is a word or some, without control characters"));
            } else if length > TAG_BYTES_MAX {
                let message = format!("a tag has at most {TAG_BYTES_MAX} bytes, this one has {length}");
                problems.push(Problem::new(pointer, "tag_too_long", message));
            }
        }
        let count = self.tags.as_ref().map_or(0, |tags| normal_tags(tags).len());
        if count > TAGS_MAX {
            let message = format!("there are at most {TAGS_MAX} tags, these are {count}");
            problems.push(Problem::new("/tags", "too_many_tags", message));
        }
        if problems.is_empty() { Ok(()) } else { Err(Error::Invalid(problems)) }
    }
}

impl Attributes {
    /// These attributes after a change.
    #[must_use]
    pub fn with(mut self, changes: AttributeChanges) -> Self {
        let AttributeChanges { name, description, tags, status, owner, campaign } = changes;
        self.name = name.unwrap_or(self.name);
        self.description = description.unwrap_or(self.description);
        self.tags = tags.map_or(self.tags, |tags| normal_tags(&tags));
        self.status = status.unwrap_or(self.status);
        self.owner = owner.unwrap_or(self.owner);
        self.campaign = campaign.unwrap_or(self.campaign);
        self
    }

    /// Whether one of the tags is this one, however it is written.
    pub fn has_tag(tags: &[String], tag: &str) -> bool {
        tags.binary_search(&normal_tag(tag)).is_ok()
    }
}

fn normal_tag(tag: &str) -> String {
    let words: Vec<&str> = tag.split_whitespace().collect();
    normalize(&words.join(" ").to_lowercase()).into_owned()
}

fn normal_tags(tags: &[String]) -> Vec<String> {
    let mut tags: Vec<String> = tags.iter().map(|tag| normal_tag(tag)).collect();
    tags.sort_unstable();
    tags.dedup();
    tags
}

/// A usable name in NFC.
pub(crate) fn check_name(name: &str) -> Result<String> {
    let name = normalize(name.trim()).into_owned();
    if name.is_empty() {
        return Err(Error::invalid("/name", "missing_name", "give it a name"));
    }
    if name.len() > NAME_BYTES_MAX {
        let message = format!("a name has at most {NAME_BYTES_MAX} bytes, this one has {}", name.len());
        return Err(Error::invalid("/name", "name_too_long", message));
    }
    if name.chars().any(char::is_control) {
        return Err(Error::invalid("/name", "bad_name", "a name holds no control characters"));
    }
    Ok(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(changes: &AttributeChanges) -> Vec<(String, &'static str)> {
        match changes.check() {
            Err(Error::Invalid(problems)) => {
                problems.into_iter().map(|problem| (problem.pointer, problem.code)).collect()
            }
            other => other.map(|()| Vec::new()).expect("nothing but mistakes"),
        }
    }

    #[test]
    fn tags_are_one_however_they_are_written() {
        let tags = ["VIP", " vip ", "win   back", "Cafe\u{301}"].map(str::to_owned).to_vec();
        let attributes = Attributes::default().with(AttributeChanges { tags: Some(tags), ..Default::default() });
        assert_eq!(attributes.tags, ["caf\u{e9}", "vip", "win back"]);
        assert!(Attributes::has_tag(&attributes.tags, "Win Back") && !Attributes::has_tag(&attributes.tags, "win"));
    }

    #[test]
    fn so_much_is_kept_and_no_more() {
        let of = |tags: Vec<String>| AttributeChanges { tags: Some(tags), ..Default::default() };
        let numbered = |count: usize| of((0..count).map(|number| number.to_string()).collect());
        assert_eq!(codes(&numbered(TAGS_MAX)), []);
        assert_eq!(codes(&numbered(TAGS_MAX + 1)), [("/tags".into(), "too_many_tags")]);
        assert_eq!(codes(&of(vec!["t".repeat(TAG_BYTES_MAX)])), []);
        let wrong = of(vec!["t".repeat(TAG_BYTES_MAX + 1), " ".into(), "a\u{7}".into()]);
        let wanted = [("/tags/0", "tag_too_long"), ("/tags/1", "bad_tag"), ("/tags/2", "bad_tag")];
        assert_eq!(codes(&wrong), wanted.map(|(place, code)| (place.to_owned(), code)));
        for (extra, count) in [(0, 0), (1, 2)] {
            let changes = AttributeChanges {
                description: Some("d".repeat(DESCRIPTION_BYTES_MAX + extra)),
                owner: Some("o".repeat(NAME_BYTES_MAX + extra)),
                ..Default::default()
            };
            assert_eq!(codes(&changes).len(), count);
        }
    }
}
