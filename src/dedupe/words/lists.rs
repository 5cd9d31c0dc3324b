//! Closed lists of words in Swedish, Norwegian, Danish and English: small words, status words, digests, number words.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::Kind;

/// A closed list, looked up by hash.
type List = LazyLock<HashSet<&'static str>>;

static SMALL_SET: List = LazyLock::new(|| SMALL.split_ascii_whitespace().collect());
static LABEL_SET: List = LazyLock::new(|| LABELS.split_ascii_whitespace().collect());
static STATUS_SET: List = LazyLock::new(|| STATUS.split_ascii_whitespace().collect());
static DIGEST_SET: List = LazyLock::new(|| DIGEST.split_ascii_whitespace().collect());
static NUMBER_SET: List = LazyLock::new(|| NUMBERS.split_ascii_whitespace().collect());
static CALENDAR_SET: List = LazyLock::new(|| CALENDAR.split_ascii_whitespace().collect());
static FREQUENT_SET: List = LazyLock::new(|| FREQUENT.split_ascii_whitespace().collect());

/// Function words: they carry no meaning of their own, so titles may differ by them.
const SMALL: &str = "\
    a about af al alla alle allt an and andra are as at att av be been ble blev bli blir bliver blivit by både da de \
    dem den denna denne der deres deras des dess det detta dette do du då där e efter ein eit ej eller en er ett et \
    etter for fra från frå få får för ha had han har has have he her hon hos hun hur hva hvad här i ikring in inför \
    into is it its ja jag jeg kan man med mellan mellem mellom men mer mere mot må många naar ni now nu ny nya nye \
    angående gällande beträffande rörande vedrørende kring rundt omkring concerning regarding \
    nytt nyt nå når när och of og også också om on or os oss our out over på s sa samt se ser sig sin sina sine sitt \
    ska skal skall som så til till to um under up upp ut ved vi vid var vara varit vart vår vårt våra vore was we \
    were will with you your än är även åt å the their they this that these those than then there";

/// Labels in front of a title that name its kind, not its news.
const LABELS: &str = "\
    pressmeddelande pressmeddelanden pressemelding pressemeddelelse press presse release nyhet nyheter nyhed nyheder \
    news nyhende nyheit nyheiter artikel artikkel aktuellt aktuelt breaking \
    ledare krönika debatt kronikk pluss premium video bildspel podd live";

/// Alarms in front of a title, two words each.
const ALARMS: [(&str, &str); 10] = [
    ("media", "release"),
    ("just", "nu"),
    ("lige", "nu"),
    ("akkurat", "nå"),
    ("akkurat", "no"),
    ("just", "in"),
    ("senaste", "nytt"),
    ("siste", "nytt"),
    ("seneste", "nyt"),
    ("breaking", "news"),
];

/// Words that say what became of earlier news.
const STATUS: &str = "\
    rättelse rättad korrigering korrigerad uppdatering uppdaterad uppdaterat uppdaterade påminnelse inställt \
    inställd inställda dementi slutrapport avlyst avlyses avlysning avblåst försenad försenat uppskjuten uppskjutet \
    retting rettelse rettet korrigert korreksjon korrektion oppdatering oppdatert opdatering opdateret påminning \
    påmindelse udskudt aflyst aflysning avlysing correction corrected update updated reminder cancelled canceled \
    postponed rescheduled withdrawn retracted erratum retraction";

/// Words of round-ups: one item that holds many.
const DIGEST: &str = "\
    korthet sammanfattning sammandrag veckobrev nyhetsbrev nyhetsbrevet nyhedsbrev dygnet døgnet nattens dagens \
    veckans ukens ukas ugens månadens månedens oppsummering oppsummert opsummering overblik oversikt översikt \
    nyhetssvepet svepet roundup round digest weekly newsletter briefing headlines morgonnyheter nyhetsoppdatering \
    kortnytt notiser notis nyhetsöversikt";

/// Names of round-ups, two words each.
const DIGESTS: [(&str, &str); 6] = [
    ("in", "brief"),
    ("korte", "trekk"),
    ("kort", "nytt"),
    ("kort", "nyt"),
    ("kort", "fortalt"),
    ("kort", "sagt"),
];

/// Words that say the reverse of each other.
const OPPOSITES: [(&[&str], &[&str]); 6] = [
    (&["ja", "yes"], &["nej", "nei", "no"]),
    (&["for", "för"], &["mot", "imod", "emot", "against"]),
    (&["med", "with"], &["utan", "uten", "uden", "without"]),
    (
        &["före", "før", "innan", "before", "inför"],
        &["efter", "etter", "after"],
    ),
    (&["in", "inn", "ind"], &["ut", "ud", "out"]),
    (&["upp", "opp", "op", "up"], &["ned", "ner", "down"]),
];

/// Number words and ordinals.
const NUMBERS: &str = "\
    två tre fyra fem sex sju åtta nio tio elva tolv tretton fjorton femton tjugo trettio fyrtio femtio hundra tusen \
    första tredje fjärde femte sjätte sjunde åttonde nionde tionde fire seks syv åtte otte ti elleve første annen \
    anden fjerde sjette syvende sjuende åttende two three four five six seven eight nine ten eleven twelve first \
    second third fourth fifth sixth seventh ottende niende tiende";

/// Weekdays, months and other words for a time.
const CALENDAR: &str = "\
    tysdag laurdag sundag tysdagen laurdagen sundagen måndag tisdag onsdag torsdag fredag lördag söndag måndagen tisdagen \
    onsdagen torsdagen fredagen lördagen söndagen mandag tirsdag lørdag søndag måndags tisdags onsdags torsdags \
    fredags lördags söndags monday tuesday wednesday thursday friday saturday sunday januari februari mars april maj \
    juni juli augusti september oktober november december januar februar marts mai august desember january february \
    march june july october våren sommar sommaren hösten vintern morgon kväll imorgon idag igår";

/// Words so frequent in public bodies' news that sharing them says little, besides the small words.
const FREQUENT: &str = "\
    kommun kommunen kommuner kommune kommunens region regionen regeringen regjeringen polisen politiet politi polis \
    myndighet myndigheten år året årets års dag dagen dagar dager dage vecka veckan uke uge månad procent prosent \
    miljoner millioner million kronor kroner kr upphandling upphandlingar upphandlingen anskaffelser indkøb \
    procurement hållbar hållbarhet hållbara bærekraft bærekraftig bæredygtig sustainable public offentlig offentliga \
    offentlige ökar øker minskar startar starter start börjar klar klart klara stort stor stora store flera flere \
    många mange bättre bedre nästa neste næste stad staden by byen skola skolan skole skolen barn unga unge arbete \
    arbetet arbeid arbejde väg vägen vei veien vej vejen trafik olycka ulykke brand brann misstänkt mistenkt gripen \
    anholdt melding meldingen person personer man mann mand kvinna kvinne kvinde bil bilar biler politik möte møte \
    møde beslut beslutar vedtak rapport rapporten stöd støtte bidrag miljö miljø klimat klima vatten vann vand \
    inbjudan välkommen velkommen welcome seminarium seminar webbinarium webinar sverige norge danmark stockholm oslo \
    københavn new report government council city year years day week says said säger sier siger öppnar åpner åbner \
    opens bygger bygges byggs totalt sammanlagt sammenlagt sammantaget därför därmed dessutom vidare samtidigt tidigare \
    senare nyligen hittills dock däremot emellertid ändå sedan igår bara alla varje enligt bland genom trots under \
    innan dessa flertalet hälften resten nästan drygt ungefär cirka omkring derfor dermed dessuten videre samtidig \
    tidligere senere nylig hittil hidtil dog derimod imidlertid likevel alligevel siden bare alle hver ifølge blant \
    blandt gjennom gennem tross trods halvparten halvdelen nesten næsten drøyt omtrent omlag therefore thus however \
    moreover also meanwhile earlier later recently still overall altogether every according among through despite \
    half most nearly almost about around here there when while since although because both ministern statsrådet \
    statsråden ministeren kommunstyrelsen kommunestyret byråden regionrådet nämnden nemnda nævnet rådet styrelsen \
    styret bestyrelsen direktören direktøren ordföranden formanden lederen chefen";

/// Whether it is a function word.
pub fn is_small(word: &str) -> bool {
    SMALL_SET.contains(word)
}

/// Whether it is a label that names the kind of a text.
pub fn is_label(word: &str) -> bool {
    LABEL_SET.contains(word)
}

/// Whether it says what became of earlier news.
pub fn is_status(word: &str) -> bool {
    STATUS_SET.contains(word)
}

/// Whether it marks a round-up.
pub fn is_digest(word: &str) -> bool {
    DIGEST_SET.contains(word)
}

/// Whether both words mark a round-up: `News in brief`.
pub fn is_digest_name(first: &str, second: &str) -> bool {
    DIGESTS.contains(&(first, second))
}

/// Whether one says the reverse of the other.
pub fn are_opposite(left: &str, right: &str) -> bool {
    OPPOSITES.iter().any(|(a, b)| {
        a.contains(&left) && b.contains(&right) || a.contains(&right) && b.contains(&left)
    })
}

/// Whether both words in front of a title are an alarm: `Just nu`.
pub fn is_alarm(first: &str, second: &str) -> bool {
    ALARMS.contains(&(first, second))
}

/// Whether the word stands in none of these lists, as names do.
pub fn is_unlisted(word: &str) -> bool {
    prior(word, Kind::Plain) < 1.0 && !is_number_word(word)
}

/// Whether it denies.
pub fn is_denial(word: &str) -> bool {
    matches!(
        word,
        "inte" | "ej" | "icke" | "ikke" | "ikkje" | "not" | "aldrig" | "aldri" | "never"
    )
}

/// Whether it says that there is none, as a figure says how many.
pub fn is_none(word: &str) -> bool {
    matches!(
        word,
        "inga"
            | "ingen"
            | "inget"
            | "intet"
            | "ingenting"
            | "noll"
            | "null"
            | "nul"
            | "no"
            | "none"
            | "zero"
    )
}

/// Whether it is a number word that is a small word elsewhere, so that only beside its denial is it known for a number.
pub fn may_be_number(word: &str) -> bool {
    matches!(
        word,
        "to" | "ni" | "en" | "én" | "ett" | "et" | "ein" | "eit" | "one"
    )
}

/// Whether it is a weekday or a month, or another word for a time.
pub fn is_calendar(word: &str) -> bool {
    CALENDAR_SET.contains(word)
}

/// Whether it is a number word, a weekday or a month.
pub(super) fn is_number_word(word: &str) -> bool {
    NUMBER_SET.contains(word) || is_calendar(word)
}

/// Of how many of a thousand texts a word is supposed to be a part before any are counted.
pub fn prior(word: &str, kind: Kind) -> f64 {
    if is_small(word) {
        200.0
    } else if is_label(word) || is_status(word) || is_digest(word) {
        60.0
    } else if FREQUENT_SET.contains(word) {
        20.0
    } else if kind == Kind::Figure {
        10.0
    } else {
        0.2
    }
}
