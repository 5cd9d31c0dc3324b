//! Near duplicates: labelled pairs, streams in order of arrival, and what must hold whatever comes.

mod arrival;
mod entries;
mod pairs;
mod properties;
mod stream;
