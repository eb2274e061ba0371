//! What rules about a view can speak of.

use super::view::View;
use crate::rule::Vocabulary;

impl<'v> From<&'v View> for Vocabulary<'v> {
    fn from(view: &'v View) -> Self {
        Self { fields: view.schema(), events: view.events().schema() }
    }
}
