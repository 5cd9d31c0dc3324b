//! The header values of the standing documents, made once per rendering: the short way only clones them.

use std::sync::{Arc, RwLock};

use super::coding::Coding;
use super::respond::Head;
use crate::site::{Format, Standing};

const CODINGS: [Coding; 3] = [Coding::Identity, Coding::Gzip, Coding::Brotli];

/// Header values of one rendering.
pub(super) struct Prepared {
    /// What they belong to.
    pub(super) standing: Arc<Standing>,
    heads: [[Head; 3]; 3],
}

impl Prepared {
    fn new(standing: Arc<Standing>) -> Self {
        let heads = Format::ALL
            .map(|format| CODINGS.map(|coding| Head::new(standing.feed(format), coding)));
        Self { standing, heads }
    }

    pub(super) fn head(&self, format: Format, coding: Coding) -> Head {
        self.heads[format as usize][coding as usize].clone()
    }
}

/// The header values of the present rendering.
#[derive(Default)]
pub(super) struct Shelf(RwLock<Option<Arc<Prepared>>>);

impl Shelf {
    /// Those of `standing`; made anew where it is another rendering than last time.
    pub(super) fn of(&self, standing: Arc<Standing>) -> Arc<Prepared> {
        let known = self.0.read().unwrap_or_else(|e| e.into_inner()).clone();
        if let Some(known) = known.filter(|known| Arc::ptr_eq(&known.standing, &standing)) {
            return known;
        }
        let made = Arc::new(Prepared::new(standing));
        *self.0.write().unwrap_or_else(|e| e.into_inner()) = Some(made.clone());
        made
    }
}
