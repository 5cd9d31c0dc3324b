//! An invented vocabulary with the frequencies of a real one, and stories told in it.

use super::Story;

/// A die that falls the same at every run.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % bound.max(1)
    }

    pub fn pick<'a, T>(&mut self, among: &'a [T]) -> &'a T {
        &among[self.below(among.len())]
    }

    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for at in (1..items.len()).rev() {
            items.swap(at, self.below(at + 1));
        }
    }
}

/// The vocabulary.
pub struct Language {
    words: Vec<String>,
    /// Names of towns.
    pub towns: Vec<String>,
    /// Names of people.
    pub people: Vec<String>,
}

const STARTS: [&str; 20] = [
    "upp", "för", "ut", "skol", "väg", "vatten", "kultur", "mark", "plan", "hand", "energi",
    "bygg", "trafik", "miljö", "bostad", "ung", "arbets", "närings", "social", "hamn",
];
const MIDDLES: [&str; 16] = [
    "handl", "bygg", "väx", "drag", "led", "lös", "stöd", "räkn", "vård", "ford", "mät", "tjän",
    "pröv", "sök", "vand", "start",
];
const ENDS: [&str; 12] = [
    "ing", "ingen", "ar", "are", "ningar", "else", "bara", "at", "skap", "het", "ande", "ligt",
];
const SMALL: [&str; 16] = [
    "och", "i", "på", "för", "med", "till", "av", "som", "att", "om", "den", "en", "från", "vid",
    "efter", "mot",
];
const PLACES: [&str; 16] = [
    "Norr", "Söder", "Väster", "Öster", "Lång", "Berg", "Sjö", "Ny", "Gamm", "Stor", "Lill",
    "Sand", "Sten", "Björk", "Ek", "Mo",
];
const PLACE_ENDS: [&str; 14] = [
    "by", "torp", "vik", "holm", "stad", "köping", "ås", "hamn", "ryd", "näs", "lund", "fors",
    "sund", "ö",
];

pub fn spelled(number: usize) -> String {
    format!("{}{}", STARTS[number % 20], MIDDLES[number / 20 % 16])
}

impl Language {
    pub fn new(dice: &mut Dice) -> Self {
        let mut words = Vec::new();
        for first in STARTS {
            for second in STARTS {
                for middle in MIDDLES {
                    words.extend(ENDS.map(|end| format!("{first}{second}{middle}{end}")));
                }
            }
        }
        dice.shuffle(&mut words);
        let towns = PLACES
            .iter()
            .flat_map(|a| PLACE_ENDS.iter().map(move |b| format!("{a}{b}")))
            .collect();
        let people = PLACES
            .iter()
            .flat_map(|a| {
                [
                    "Anna", "Karin", "Erik", "Lars", "Maria", "Johan", "Eva", "Per",
                ]
                .map(|first| format!("{first} {a}gren"))
            })
            .collect();
        Self {
            words,
            towns,
            people,
        }
    }

    /// A word; low numbers are frequent.
    pub fn word(&self, dice: &mut Dice) -> &str {
        let bound = 1 << (5 + dice.below(12));
        &self.words[dice.below(bound.min(self.words.len()))]
    }

    pub fn phrase(&self, dice: &mut Dice, length: usize) -> String {
        let words: Vec<&str> = (0..length)
            .map(|at| {
                if at % 3 == 2 {
                    *dice.pick(&SMALL)
                } else {
                    self.word(dice)
                }
            })
            .collect();
        words.join(" ")
    }

    pub fn sentence(&self, dice: &mut Dice) -> String {
        let length = 4 + dice.below(6);
        let start = capital(&self.phrase(dice, length));
        let tail = 3 + dice.below(5);
        match dice.below(5) {
            0 => format!(
                "{start} i {} {}.",
                dice.pick(&self.towns),
                self.phrase(dice, tail)
            ),
            1 => format!(
                "{start} {} {}.",
                2 + dice.below(900),
                self.phrase(dice, tail)
            ),
            2 => format!("{start}, säger {}.", dice.pick(&self.people)),
            3 => format!(
                "{start} den {} mars {}.",
                1 + dice.below(28),
                self.phrase(dice, tail)
            ),
            _ => format!("{start} {}.", self.phrase(dice, tail)),
        }
    }

    pub fn title(&self, dice: &mut Dice) -> String {
        let length = 6 + dice.below(4);
        let title = capital(&self.phrase(dice, length));
        match dice.below(4) {
            0 => format!("{title} i {}", dice.pick(&self.towns)),
            1 => format!("{title} {}", 2 + dice.below(90)),
            _ => title,
        }
    }

    pub fn story(&self, dice: &mut Dice) -> Story {
        let title = self.title(dice);
        let count = 2 + dice.below(3);
        Story {
            title,
            sentences: (0..count).map(|_| self.sentence(dice)).collect(),
        }
    }

    /// A police notice: a few templates, hundreds of towns and streets.
    pub fn notice(&self, dice: &mut Dice) -> Story {
        let kinds = [
            "Trafikolycka",
            "Stöld",
            "Misshandel",
            "Brand",
            "Rattfylleri",
            "Skadegörelse",
            "Inbrott",
            "Trafikkontroll",
        ];
        let (kind, town) = (*dice.pick(&kinds), dice.pick(&self.towns).clone());
        let title = match dice.below(3) {
            0 => format!(
                "{} {}.{:02}, {kind}, {town}",
                1 + dice.below(28),
                dice.below(24),
                dice.below(60)
            ),
            1 => format!("{kind}, {town}"),
            _ => format!("{kind} i {town}"),
        };
        let text = match dice.below(4) {
            0 => format!(
                "{kind} vid {}vägen i {town}. Larmet kom klockan {}.{:02}.",
                dice.pick(&self.towns),
                dice.below(24),
                dice.below(60)
            ),
            1 => format!(
                "Polisen är på plats i {town} efter larm om {}. En man i {}-årsåldern är gripen.",
                kind.to_lowercase(),
                20 + dice.below(60)
            ),
            2 => format!(
                "Anmälan om {} på {}gatan. Ingen är gripen.",
                kind.to_lowercase(),
                dice.pick(&self.towns)
            ),
            _ => String::new(),
        };
        Story {
            title,
            sentences: if text.is_empty() {
                Vec::new()
            } else {
                vec![text]
            },
        }
    }
}

pub fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}
