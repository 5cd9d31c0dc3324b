//! What the words before a date say it is the date of.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::Label;
use super::token::Tokens;

/// Words for being published or made.
const PUBLISHED: &str = "publicerad publicerat publicerades publicerade publiceringsdatum publisert publiserte \
 publiseringsdato publiceret offentliggjort offentliggjord published posted created skapad skapat \
 opprettet oppretta oprettet julkaistu luotu veroffentlicht erstellt publie publiee skrevet skriven \
 skrivet written udgivet";

/// Words for being changed.
const MODIFIED: &str = "uppdaterad uppdaterat uppdaterades uppdatering updated modified oppdatert oppdatering opdateret \
 andrad andrat endret endra aendret reviderad revised granskad reviewed paivitetty muokattu \
 aktualisiert geandert modifie bearbeidet";

/// Words for something that is to take place, or to end.
const EVENT: &str = "deadline frist fristen soknadsfrist svarsfrist ansokningsfrist anmalan anmalningsdag sista \
 pamelding pameldingsfrist tilmelding ansokan startar starter ilmoittautuminen anmeldeschluss \
 tilmeldingsfrist";

/// All words with their labels: asked for every word of a long text.
static LABEL_OF: LazyLock<HashMap<&str, Label>> = LazyLock::new(|| {
    let published = PUBLISHED
        .split_whitespace()
        .map(|word| (word, Label::Published));
    let modified = MODIFIED
        .split_whitespace()
        .map(|word| (word, Label::Modified));
    let event = EVENT.split_whitespace().map(|word| (word, Label::Event));
    published.chain(modified).chain(event).collect()
});

/// How many tokens a label reaches: "Publicerad av Anna Andersson, redaktionen, den 3 maj 2021".
const REACH: usize = 9;

/// "Senast den 3 maj" is a deadline when the date follows at once; "senast uppdaterad" is not.
const LATEST_REACH: usize = 4;

/// The label in force, and up to which token.
#[derive(Debug, Clone, Copy)]
pub(super) struct Standing {
    label: Label,
    until: usize,
}

impl Standing {
    /// No label.
    pub(super) const NONE: Self = Self {
        label: Label::None,
        until: 0,
    };

    /// The label after the token at a place.
    pub(super) fn after(self, tokens: &Tokens<'_>, at: usize) -> Self {
        let word = tokens.word(at);
        let (label, reach) = match word {
            "" => return self,
            "senast" | "senest" | "innen" | "before" | "by" => (Label::Event, LATEST_REACH),
            "nar" | "when" | "tid" | "wann" if tokens.is_mark(at + 1, &[':']) => {
                (Label::Event, REACH)
            }
            "mis" if tokens.word(at + 1) == "a" => (Label::Modified, REACH),
            _ => match LABEL_OF.get(word) {
                Some(label) => (*label, REACH),
                None => return self,
            },
        };
        Self {
            label,
            until: at + reach,
        }
    }

    /// The label of a date that begins at a place.
    pub(super) fn at(self, at: usize) -> Label {
        if at <= self.until {
            self.label
        } else {
            Label::None
        }
    }
}
