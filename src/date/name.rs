//! The names of months and weekdays, without case and diacritics.
//!
//! Swedish, bokmål, nynorsk, Danish, English, German, French and Finnish as pages write them, and the full names of
//! further European languages; Greek and Hungarian as feeds have been seen to use them. To add a language, add its
//! words to the rows.

use std::collections::HashMap;
use std::sync::LazyLock;

use chrono::Weekday;

/// Full and short names of each month, in order.
const MONTHS: [&str; 12] = [
    "jan january januari januar janv janvier janner jaanuar enero gennaio janeiro stycznia styczen \
     ιαν ιανουαριου ιανουαριοσ января",
    "feb february februari februar febr fev fevr fevrier feber veebruar febrero febbraio fevereiro \
     lutego luty φεβ φεβρουαριου φεβρουαριοσ февраля",
    "mar mars march marts marz maerz mrz maart marcius marc marzo marco marca marzec μαρ μαρτιου \
     μαρτιοσ μαω марта",
    "apr april avr avril aprilis aprill abril aprile kwietnia kwiecien απρ απριλιου απριλιοσ апреля",
    "may maj mai mei majus maujus mayo maggio maio maja μαι μαιου μαιοσ мая",
    "jun june juni juin junius juuni junio giugno junho czerwca czerwiec ιουν ιον ιουνιου ιουνιοσ \
     июня",
    "jul july juli juil juill juillet julius juuli julio luglio julho lipca lipiec ιουλ ιολ ιουλιου \
     ιουλιοσ июля",
    "aug august augusti aout aou augustus augusztus agosto sierpnia sierpien αυγ αυγουστου \
     αυγουστοσ августа",
    "sep sept september septembre szeptember szept septiembre settembre setembro wrzesnia wrzesien \
     σεπ σεπτ σεπτεμβριου σεπτεμβριοσ сентября",
    "oct okt october oktober octobre oktoober octubre ottobre outubro pazdziernika pazdziernik οκτ \
     οκτωβριου οκτωβριοσ октября",
    "nov november novembre noviembre novembro listopada listopad νοε νοεμ νοεμβριου νοεμβριοσ \
     ноября",
    "dec des dez december desember dezember decembre detsember diciembre dicembre dezembro grudnia \
     grudzien δεκ δεκεμβριου δεκεμβριοσ декабря",
];

/// What stands before `kuu` in a Finnish month, in order.
const FINNISH_MONTHS: [&str; 12] = [
    "tammi", "helmi", "maalis", "huhti", "touko", "kesa", "heina", "elo", "syys", "loka", "marras",
    "joulu",
];

/// The endings after `kuu` that dates use.
const FINNISH_ENDINGS: [&str; 5] = ["k", "kuu", "kuuta", "kuun", "kuussa"];

/// Names of each weekday, Monday first, without the endings that [`weekday`] drops.
const WEEKDAYS: [(Weekday, &str); 7] = [
    (
        Weekday::Mon,
        "mandag monday montag lundi maanantai man mon mo lun ma",
    ),
    (
        Weekday::Tue,
        "tisdag tirsdag tysdag tuesday dienstag mardi tiistai tis tir tue tues",
    ),
    (
        Weekday::Wed,
        "onsdag wednesday mittwoch mercredi keskiviikko ons wed mer",
    ),
    (
        Weekday::Thu,
        "torsdag thursday donnerstag jeudi torstai tors tor thu thur thurs",
    ),
    (
        Weekday::Fri,
        "fredag friday freitag vendredi perjantai fre fri",
    ),
    (
        Weekday::Sat,
        "lordag laurdag saturday samstag sonnabend samedi lauantai lor lau sat",
    ),
    (
        Weekday::Sun,
        "sondag sundag sunday sonntag dimanche sunnuntai son sun",
    ),
];

/// All names of months with their numbers: asked for every word of a long text.
static MONTH_OF: LazyLock<HashMap<String, u32>> = LazyLock::new(|| {
    let named = (1..).zip(MONTHS).flat_map(|(number, names)| {
        names
            .split_whitespace()
            .map(move |name| (name.to_owned(), number))
    });
    let finnish = (1..).zip(FINNISH_MONTHS).flat_map(|(number, stem)| {
        FINNISH_ENDINGS
            .iter()
            .map(move |ending| (format!("{stem}{ending}"), number))
    });
    named.chain(finnish).collect()
});

/// The month of a folded word, 1 to 12.
pub(super) fn month(word: &str) -> Option<u32> {
    MONTH_OF.get(word).copied()
}

/// All names of weekdays, without endings.
static WEEKDAY_OF: LazyLock<HashMap<&'static str, Weekday>> = LazyLock::new(|| {
    let named = WEEKDAYS.iter().flat_map(|(day, names)| {
        let names = names.split_whitespace();
        names.map(move |name| (name, *day))
    });
    named.collect()
});

/// The weekday of a folded word, the ending of "tisdagen", "i tisdags", "maanantaina" dropped.
pub(super) fn weekday(word: &str) -> Option<Weekday> {
    let exact = |word: &str| WEEKDAY_OF.get(word).copied();
    exact(word).or_else(|| {
        ["en", "s", "na"]
            .iter()
            .filter_map(|ending| word.strip_suffix(ending))
            .filter(|stem| stem.len() > 4)
            .find_map(exact)
    })
}

/// Words for each small number, from one.
const COUNTS: [&str; 12] = [
    "en ett et ei ein eine einer einem un une a an one",
    "tva to two zwei deux kaksi par",
    "tre three drei trois kolme",
    "fyra fire four vier quatre nelja",
    "fem five funf cinq viisi",
    "sex seks six sechs kuusi",
    "sju syv seven sieben sept seitseman",
    "atta atte otte eight acht huit kahdeksan",
    "nio ni nine neun neuf yhdeksan",
    "tio ti ten zehn dix kymmenen",
    "elva elleve eleven elf onze",
    "tolv twelve zwolf douze",
];

/// All small numbers written as words.
static COUNT_OF: LazyLock<HashMap<&'static str, i64>> = LazyLock::new(|| {
    let named = (1..).zip(COUNTS).flat_map(|(number, words)| {
        let words = words.split_whitespace();
        words.map(move |word| (word, number))
    });
    named.collect()
});

/// A small number written as a word.
pub(super) fn count(word: &str) -> Option<i64> {
    COUNT_OF.get(word).copied()
}

/// Whether a word is one of those in a list with spaces between.
pub(super) fn is_among(word: &str, words: &str) -> bool {
    !word.is_empty() && words.split_ascii_whitespace().any(|known| known == word)
}

#[cfg(test)]
mod tests {
    use super::{month, weekday};
    use chrono::Weekday;

    #[test]
    fn months_and_weekdays_are_known_by_their_folded_names() {
        assert_eq!(month("desember"), Some(12));
        assert_eq!(month("syyskuuta"), Some(9));
        assert_eq!(month("aout"), Some(8));
        assert_eq!(month("kuu"), None);
        assert_eq!(weekday("tisdags"), Some(Weekday::Tue));
        assert_eq!(weekday("laurdag"), Some(Weekday::Sat));
        assert_eq!(weekday("vardag"), None);
    }
}
