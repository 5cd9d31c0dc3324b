//! Near duplicates: labelled pairs, streams in order of arrival, and what must hold whatever comes.

mod again;
mod alike;
mod arrival;
mod changed;
mod entries;
mod labelled;
mod operator;
mod pairs;
mod properties;
mod score;
mod stream;
