//! A date in figures that stands alone, too short to be believed in running text: `05.10. –`, `(12/3)`, `ti 5.3.`,
//! `Publisert 3.3.26`.

use super::calendar::Calendar;
use super::format::{self, Read};
use super::label::Standing;
use super::token::{DASHES, Kind, Tokens, folded, tokens};
use super::{Context, Found, Label, Mode, name, scan};

/// Longer text holds more than a day.
const LONGEST: usize = 40;
/// German and Finnish weekdays in two letters: as words they mean other things elsewhere.
const SHORT_WEEKDAYS: &str = "ma di ti mi ke do to fr pe sa la so su";
/// Words of a day before a text, weekday and mark included.
const MAX_WORDS: usize = 4;

/// Reads a text that is a day in figures and nothing else: a time, a label, a weekday and marks may stand beside it.
pub fn bare(text: &str, context: &Context) -> Option<Found> {
    let text = text.trim();
    if text.len() > LONGEST || !text.bytes().any(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let start = text.find(|c: char| c.is_ascii_digit())?;
    let label = beside(&text[..start])?;
    let all = tokens(&text[start..], start);
    let words = folded(&all);
    let tokens = Tokens::new(&all, &words);
    let Read::Date(reading) = format::numeric(&tokens, 0, Mode::Whole, context) else {
        return None;
    };
    let reading = scan::timed(&tokens, reading, Mode::Whole)?;
    let end = all[reading.next - 1].end();
    beside(&text[end..])?;
    let yearless = matches!(reading.calendar, Calendar::Yearless(..));
    (yearless || matches!(reading.calendar, Calendar::Day(_))).then_some(Found {
        moment: reading.moment(context)?,
        span: start..end,
        label,
        relative: false,
        yearless,
    })
}

/// The label that stands beside a day; nothing where something else does.
fn beside(text: &str) -> Option<Label> {
    let all = tokens(text, 0);
    let words = folded(&all);
    let tokens = Tokens::new(&all, &words);
    let mut standing = Standing::NONE;
    for (at, token) in all.iter().enumerate() {
        standing = standing.after(&tokens, at);
        let word = tokens.word(at);
        let is_weekday = || name::weekday(word).is_some() || name::is_among(word, SHORT_WEEKDAYS);
        let fits = match token.kind {
            Kind::Mark => true,
            Kind::Word => is_weekday() || standing.at(at) != Label::None,
            Kind::Number => false,
        };
        if !fits {
            return None;
        }
    }
    Some(standing.at(all.len()))
}

/// Reads the day in figures that a text begins with, set off from what it is the date of: `05.10. – Nya krav`.
pub fn leading(text: &str, context: &Context) -> Option<Found> {
    let head = &text[..text.floor_char_boundary(LONGEST)];
    if !head.bytes().take(8).any(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let ends = head.match_indices(' ').map(|(at, _)| at).take(MAX_WORDS);
    ends.filter(|end| is_set_off(&head[..*end], &text[*end..]))
        .filter_map(|end| bare(&head[..end], context))
        .last()
}

/// Whether the text after a day is another: after a mark, or with a capital.
fn is_set_off(day: &str, rest: &str) -> bool {
    let is_mark = |c: char| matches!(c, ':' | '|' | '·' | '•') || DASHES.contains(&c);
    let rest = rest.trim_start();
    day.ends_with(['.', ')', ']']) && rest.starts_with(char::is_uppercase)
        || day.ends_with(is_mark)
        || day.contains('/') && rest.starts_with(char::is_uppercase)
        || rest.starts_with(is_mark)
}

#[cfg(test)]
mod tests {
    use super::{bare, leading};
    use crate::date::Context;

    #[test]
    fn a_day_before_a_text_is_told_from_numbers_in_it() {
        let context = Context {
            now: Some("2026-11-20T10:00:00Z".parse().expect("time")),
            ..Context::default()
        };
        let rest =
            |text: &'static str| leading(text, &context).map(|found| &text[found.span.end..]);
        assert_eq!(
            rest("05.10. – Nya krav på tyg"),
            Some(". – Nya krav på tyg")
        );
        assert_eq!(rest("5/10 Nya krav på tyg"), Some(" Nya krav på tyg"));
        for text in [
            "1/3 av alla kommuner ställer krav",
            "24/7 öppet på biblioteket",
            "5.10 meter högt hus",
            "3.5 Nya krav på tyg",
        ] {
            assert_eq!(rest(text), None, "{text}");
        }
    }

    #[test]
    fn a_day_alone_is_told_from_sections_pages_and_times() {
        let context = Context {
            now: Some("2026-11-20T10:00:00Z".parse().expect("time")),
            ..Context::default()
        };
        let day = |text| bare(text, &context).map(|found| found.moment.at.date_naive().to_string());
        for text in [
            "05.10. –",
            "(5/10)",
            "Mo, 05.10.",
            "ti 5.10. klo 10.15",
            "5/10:",
            "| 05.10.",
            "Publisert 5.10.26",
            "5.10.26 |",
        ] {
            assert_eq!(day(text).as_deref(), Some("2026-10-05"), "{text}");
        }
        for text in [
            "5.10. Nya krav",
            "Sida 5/10",
            "13.45",
            "5",
            "version 5.10.26",
        ] {
            assert_eq!(day(text), None, "{text}");
        }
    }
}
