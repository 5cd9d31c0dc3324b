//! One spelling for one figure and one unit: `elva` is `11`, `1.200` is `1 200`, `1,2 mio. kr.` is `1 200 000 kroner`.

use std::collections::HashMap;
use std::sync::LazyLock;

/// Number words that are seldom anything else. `to`, `ni` and `en` are small words in one of the languages, and ordinals say
/// a place and no amount.
const SPELLED: [(&str, &str); 28] = [
    ("2", "två tvenne two"),
    ("3", "tre tri three"),
    ("4", "fyra fire four"),
    ("5", "fem five"),
    ("6", "sex seks six"),
    ("7", "sju syv seven"),
    ("8", "åtta åtte otte eight"),
    ("9", "nio nine"),
    ("10", "tio ti ten"),
    ("11", "elva elleve eleven"),
    ("12", "tolv twelve"),
    ("13", "tretton tretten trettan thirteen"),
    ("14", "fjorton fjorten fjortan fourteen"),
    ("15", "femton femten femtan fifteen"),
    ("16", "sexton seksten sekstan sixteen"),
    ("17", "sjutton sytten syttan seventeen"),
    ("18", "arton atten attan eighteen"),
    ("19", "nitton nitten nittan nineteen"),
    ("20", "tjugo tjue tyve twenty"),
    ("30", "trettio tretti tredve tredive thirty"),
    ("40", "fyrtio førti fyrre forty"),
    ("50", "femtio femti halvtreds fifty"),
    ("60", "sextio seksti tres sixty"),
    ("70", "sjuttio sytti halvfjerds seventy"),
    ("80", "åttio åtti firs eighty"),
    ("90", "nittio nitti halvfems ninety"),
    ("100", "hundra hundre hundrede"),
    ("1000", "tusen tusind tusinde"),
];

/// Units under the spelling that stands for all of them; `mkr` stands for two words, see [`units`].
const UNITS: [(&str, &str); 7] = [
    ("kr", "kronor kroner krona krone kr"),
    (
        "million",
        "miljon miljoner million millioner millionar millions mio mill milj mn",
    ),
    (
        "miljard",
        "miljard miljarder milliard milliarder milliardar mdr mia mrd billion billions bn",
    ),
    ("mkr", "mkr mnkr"),
    ("tkr", "tkr tkkr"),
    ("procent", "procent prosent percent pct"),
    ("klockan", "klockan klokka klokken kl"),
];

/// Units written onto their figure: `11.3m`, `40mn`.
const TIED: [&str; 8] = ["m", "mn", "bn", "kr", "mkr", "tkr", "mio", "mdr"];

/// Digits of a figure that has a scale behind it; a longer one is a number of something.
const MAX_SCALED: usize = 6;

/// Words that multiply the figure before them, and by how many noughts.
const SCALES: [(&str, usize); 4] = [("100", 2), ("1000", 3), ("million", 6), ("miljard", 9)];

static LEVEL: LazyLock<HashMap<&str, &str>> = LazyLock::new(|| table(&UNITS));
static NUMBERS: LazyLock<HashMap<&str, &str>> = LazyLock::new(|| table(&SPELLED));

fn table(rows: &'static [(&'static str, &'static str)]) -> HashMap<&'static str, &'static str> {
    let spellings = |row: &'static (&str, &str)| {
        let (level, spellings) = *row;
        spellings.split(' ').map(move |spelling| (spelling, level))
    };
    rows.iter().flat_map(spellings).collect()
}

/// The figure that a number word spells out.
pub(super) fn number(word: &str) -> Option<&'static str> {
    NUMBERS.get(word).copied()
}

/// The unit that a word spells in one of its ways, `millionnar` included: a slip there would make another figure.
/// `Miljonbot` and `miljonlån` are no number.
pub(super) fn unit(word: &str) -> Option<&'static str> {
    let is_form = |rest: &str| rest.chars().all(|letter| "nersad".contains(letter));
    let begins = |beginnings: &[&str]| {
        let mut rests = beginnings
            .iter()
            .filter_map(|begin| word.strip_prefix(begin));
        rests.any(is_form)
    };
    LEVEL.get(word).copied().or_else(|| {
        if begins(&["miljon", "millio", "milion", "millon"]) {
            Some("million")
        } else {
            begins(&["miljar", "milliar", "miliar"]).then_some("miljard")
        }
    })
}

/// The words that a level spelling stands for.
pub(super) fn units(level: &str) -> impl Iterator<Item = &str> {
    let (first, second) = match level {
        "mkr" => ("million", Some("kr")),
        "tkr" => ("1000", Some("kr")),
        one => (one, None),
    };
    std::iter::once(first).chain(second)
}

/// What a figure and a word of the level `scale` behind it make, without that word and in digits alone: `1.2` and
/// `million` are `1.2` and `1200000`.
pub(super) fn scaled<'s>(spelled: &'s str, scale: &str) -> Option<(&'s str, String)> {
    let (_, noughts) = SCALES.iter().find(|(level, _)| *level == scale)?;
    let figure = number(spelled).unwrap_or(spelled);
    let (whole, part) = figure.split_once('.').unwrap_or((figure, ""));
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let fits = !whole.is_empty() && digits(whole) && digits(part) && part.len() <= *noughts;
    if !fits || whole.len() > MAX_SCALED {
        return None;
    }
    let value = format!("{whole}{part:0<noughts$}");
    let value = value.trim_start_matches('0');
    (!value.is_empty()).then(|| (figure, value.to_owned()))
}

/// Where a figure ends and the unit tied to it begins.
pub(super) fn tied_unit(word: &str) -> Option<usize> {
    let at = word.find(char::is_alphabetic)?;
    (at > 0 && word.starts_with(|c: char| c.is_ascii_digit()) && TIED.contains(&&word[at..]))
        .then_some(at)
}

/// One spelling for one figure: `1.200` and `1 200` are `1200`, `10:00` and `10.00` are `10`.
pub(super) fn level_figure(mut word: String) -> String {
    if !word.starts_with(|c: char| c.is_ascii_digit()) {
        word.retain(|c| !matches!(c, '\'' | '’'));
        return word;
    }
    let spaceless: String = word.chars().filter(|c| !c.is_whitespace()).collect();
    let mut groups = spaceless.split(['.', ',']);
    let lead = groups.next().unwrap_or_default();
    let rest: Vec<&str> = groups.collect();
    let is_grouped = !rest.is_empty()
        && (1..=3).contains(&lead.len())
        && !lead.starts_with('0')
        && rest
            .iter()
            .all(|group| group.len() == 3 && group.bytes().all(|b| b.is_ascii_digit()));
    if is_grouped {
        return spaceless.replace(['.', ','], "");
    }
    let pointed = spaceless.replace([',', ':'], ".");
    match pointed.strip_suffix(".00") {
        Some(whole) => whole.to_owned(),
        None => pointed,
    }
}

#[cfg(test)]
mod tests {
    use super::super::read;

    fn is_one(left: &str, right: &str) -> bool {
        let hashes = |text| -> Vec<u64> {
            let words = read(text, 99).words;
            words.iter().map(|word| word.hash).collect()
        };
        hashes(left) == hashes(right)
    }

    #[test]
    fn figures_and_units_are_one_however_they_are_spelled() {
        assert!(is_one("elva kommuner", "11 kommuner"));
        assert!(is_one(
            "til 800 mio. kr. om året",
            "til 800 millioner kroner om året"
        ));
        assert!(is_one("cost £11.3m in all", "cost £11.3 million in all"));
        assert!(is_one(
            "up 5.5% on last year",
            "up 5.5 per cent on last year"
        ));
        assert!(is_one("cirka 20 % färre", "cirka 20 procent färre"));
        assert!(is_one("kostar 4 mkr i år", "kostar 4 miljoner kronor i år"));
        assert!(is_one("kostar 1,2 miljoner kronor", "kostar 1 200 000 kr"));
        assert!(is_one("for 1.200.000 kroner", "for 1,2 mio. kr."));
        assert!(is_one(
            "3,4 milliarder i støtte",
            "3 400 millioner i støtte"
        ));
        assert!(is_one("for 385 millionnar", "for 385 millionar"));
        assert!(is_one("om 40 tkr", "om 40 000 kronor"));
        assert!(is_one("seks hundrede frysere", "600 frysere"));
        assert!(is_one("fyra tusen deltagare", "4 000 deltagare"));
        assert!(is_one("worth £0.5m a year", "worth £500,000 a year"));
        assert!(!is_one("kostar 1,2 miljoner", "kostar 1,3 miljoner"));
        assert!(!is_one("kostar 1,2 miljoner", "kostar 12 miljoner"));
        assert!(!is_one("miljonbot för slarv", "miljonlån för slarv"));
        assert!(!is_one("miljonprogrammet rivs", "miljoner rivs"));
        assert!(!is_one("miljoner kronor", "1 kronor"));
        assert!(!is_one("elva kommuner", "tolv kommuner"));
        assert!(!is_one("a 5m mast", "a 5 million mast"));
        assert!(!is_one("en kommun", "1 kommun"));
        assert!(!is_one("andra gången", "2 gången"));
    }
}
