//! JSON to values, within a budget: a document of many tiny values does not become many times its size in memory.

use std::cell::Cell;
use std::fmt;

use serde::de::{DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use super::mend;

/// One value to so many bytes is more than any feed has.
const BYTES_A_VALUE: usize = 24;

/// What small documents may hold in any case.
const FREE_VALUES: usize = 200_000;

/// What an object costs beside its members: the map in it is large however little it holds.
const OBJECT: usize = 16;

/// The value that a text holds and the name of the repair it needed; `None` where there is none.
pub(super) fn read(text: &str) -> Option<(Value, Option<&'static str>)> {
    if let Some((value, end)) = parse(text) {
        let has_junk = !text[end..].trim().is_empty();
        return Some((value, has_junk.then_some("junk-after-end")));
    }
    let (mended, name) = mend::mended(text)?;
    let (value, _) = parse(&mended)?;
    Some((value, Some(name)))
}

/// The first value of a text and where it ends.
fn parse(text: &str) -> Option<(Value, usize)> {
    let left = Cell::new(text.len() / BYTES_A_VALUE + FREE_VALUES);
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let value = Within(&left).deserialize(&mut deserializer).ok()?;
    let end = deserializer.into_iter::<IgnoredAny>().byte_offset();
    Some((value, end))
}

/// Reads a value while there is budget, and past it without keeping anything.
#[derive(Clone, Copy)]
struct Within<'a>(&'a Cell<usize>);

impl Within<'_> {
    fn take(self) -> bool {
        self.take_many(1)
    }

    fn take_many(self, count: usize) -> bool {
        let left = self.0.get();
        self.0.set(left.saturating_sub(count));
        left > 0
    }
}

impl<'de> DeserializeSeed<'de> for Within<'_> {
    type Value = Value;

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Within<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut values: A) -> Result<Value, A::Error> {
        let mut all = Vec::new();
        while let Some(value) = values.next_element_seed(self)? {
            if self.take() {
                all.push(value);
            }
        }
        Ok(Value::Array(all))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let has_room = self.take_many(OBJECT);
        let mut all = Map::new();
        while let Some(key) = members.next_key::<String>()? {
            let value = members.next_value_seed(self)?;
            if has_room && self.take() {
                all.insert(key, value);
            }
        }
        Ok(Value::Object(all))
    }
}
