//! Near duplicates: labelled pairs, streams in order of arrival, and what must hold whatever comes.

mod entries;
mod pairs;
