//! What editors do to a copy, and what looks like a copy and is none.

use super::Story;
use super::language::{Dice, Language, capital};

type Edit = fn(&Language, &mut Dice, &Story) -> Story;

/// Ways to copy.
pub const COPIES: [(&str, Edit); 11] = [
    ("exact", |_, _, story| story.clone()),
    ("label", |_, dice, story| Story {
        title: format!(
            "{}{}",
            dice.pick(&["Pressmeddelande: ", "Nyhet: ", "Pressrelease - "]),
            story.title
        ),
        ..story.clone()
    }),
    ("cut", |_, dice, story| {
        let text = story.sentences.join(" ");
        let words: Vec<&str> = text.split(' ').collect();
        let kept = (words.len() / 2).max(8).min(words.len()) + dice.below(3);
        let cut = words[..kept.min(words.len())].join(" ");
        Story {
            sentences: vec![format!("{cut}…")],
            title: story.title.clone(),
        }
    }),
    ("first-sentence", |_, _, story| Story {
        sentences: story.sentences[..1].to_vec(),
        title: story.title.clone(),
    }),
    ("word-edit", |language, dice, story| {
        let text = story.sentences.join(" ");
        let mut words: Vec<String> = text.split(' ').map(str::to_owned).collect();
        let plain: Vec<usize> = (1..words.len().saturating_sub(1))
            .filter(|at| words[*at].chars().all(char::is_lowercase) && words[*at].len() > 5)
            .collect();
        if !plain.is_empty() {
            words[*dice.pick(&plain)] = language.word(dice).to_owned();
        }
        Story {
            sentences: vec![words.join(" ")],
            title: story.title.clone(),
        }
    }),
    ("lead-added", |language, dice, story| {
        let mut sentences = vec![language.sentence(dice)];
        sentences.extend(story.sentences.iter().cloned());
        Story {
            sentences,
            title: story.title.clone(),
        }
    }),
    ("title-only", |_, _, story| Story {
        sentences: Vec::new(),
        title: story.title.clone(),
    }),
    ("title-longer", |language, dice, story| Story {
        title: format!("{} {}", story.title, language.word(dice)),
        ..story.clone()
    }),
    ("title-slip", |_, dice, story| {
        let mut words: Vec<String> = story.title.split(' ').map(str::to_owned).collect();
        let long: Vec<usize> = (0..words.len())
            .filter(|at| {
                words[*at].chars().count() > 7 && words[*at].chars().skip(1).all(char::is_lowercase)
            })
            .collect();
        if !long.is_empty() {
            let at = *dice.pick(&long);
            let place = words[at]
                .char_indices()
                .nth(4)
                .map_or(0, |(place, _)| place);
            words[at].remove(place);
        }
        Story {
            title: words.join(" "),
            ..story.clone()
        }
    }),
    ("byline", |_, dice, story| {
        let mut sentences = story.sentences.clone();
        sentences[0] = format!(
            "{} (TT) {}",
            dice.pick(&["STOCKHOLM", "OSLO", "KALMAR"]),
            sentences[0]
        );
        Story {
            sentences,
            title: story.title.clone(),
        }
    }),
    ("new-title", |language, dice, story| Story {
        title: language.title(dice),
        ..story.clone()
    }),
];

/// Ways to look like a copy.
pub const LOOKALIKES: [(&str, Edit); 9] = [
    ("other-town", |language, dice, story| {
        let (a, b) = (dice.pick(&language.towns).clone(), story.title.clone());
        let Some((start, _)) = b
            .rsplit_once(" i ")
            .filter(|(_, town)| language.towns.iter().any(|known| known == town))
        else {
            return renumbered(story, dice, false);
        };
        Story {
            title: format!("{start} i {a}"),
            sentences: swapped(story, &language.towns, &a, " i "),
        }
    }),
    ("other-number", |_, dice, story| {
        renumbered(story, dice, true)
    }),
    ("changed-figure", |_, dice, story| {
        renumbered(story, dice, false)
    }),
    ("correction", |_, dice, story| Story {
        title: format!(
            "{}: {}",
            dice.pick(&["Rättelse", "Uppdatering", "Påminnelse", "Inställt"]),
            story.title
        ),
        ..story.clone()
    }),
    ("reversal", |_, dice, story| {
        let (a, b) = *dice.pick(&[
            ("öppnas", "stängs"),
            ("höjs", "sänks"),
            ("införs", "avskaffas"),
        ]);
        let turned = dice.below(2) == 0;
        Story {
            title: format!("{} {}", story.title, if turned { a } else { b }),
            sentences: vec![format!(
                "{} {}.",
                capital(&story.title),
                if turned { b } else { a }
            )],
        }
    }),
    ("series", |language, dice, story| Story {
        sentences: vec![language.sentence(dice), language.sentence(dice)],
        title: story.title.clone(),
    }),
    ("round-up", |language, dice, story| {
        let mut sentences = vec![
            language.sentence(dice),
            language.sentence(dice),
            language.sentence(dice),
        ];
        sentences.extend(story.sentences.iter().cloned());
        Story {
            title: "Dygnet i korthet".to_owned(),
            sentences,
        }
    }),
    ("same-title-other-text", |language, dice, _| Story {
        title: (*dice.pick(&[
            "Nyheter i korthet",
            "Driftstörning",
            "Kommunfullmäktige sammanträder",
            "Välkommen på frukostmöte",
        ]))
        .to_owned(),
        sentences: vec![language.sentence(dice)],
    }),
    ("own-article", |language, dice, story| {
        let words: Vec<&str> = story.title.split(' ').collect();
        Story {
            title: format!("{} {}", words[..2].join(" "), language.title(dice)),
            sentences: vec![language.sentence(dice), language.sentence(dice)],
        }
    }),
];

fn swapped(story: &Story, towns: &[String], other: &str, before: &str) -> Vec<String> {
    let mut sentences = story.sentences.clone();
    let place = sentences.iter().position(|sentence| {
        towns
            .iter()
            .any(|town| sentence.contains(&format!("{before}{town}")))
    });
    match place {
        Some(at) => {
            let town = towns
                .iter()
                .filter(|town| sentences[at].contains(&format!("{before}{town}")))
                .max_by_key(|town| town.len());
            if let Some(town) = town {
                sentences[at] = sentences[at].replace(town, other);
            }
        }
        None => sentences[0] = format!("{} Det gäller i {other}.", sentences[0]),
    }
    sentences
}

/// The same with another figure: in the title where asked and there is one, else in the text.
fn renumbered(story: &Story, dice: &mut Dice, title: bool) -> Story {
    let other = format!("{}", 1000 + dice.below(8000));
    let change = |text: &str| -> Option<String> {
        let start = text.find(|c: char| c.is_ascii_digit())?;
        let end = text[start..]
            .find(|c: char| !c.is_ascii_digit())
            .map_or(text.len(), |end| start + end);
        Some(format!("{}{other}{}", &text[..start], &text[end..]))
    };
    let mut changed = story.clone();
    if title {
        changed.title = change(&story.title).unwrap_or_else(|| format!("{} {other}", story.title));
        return changed;
    }
    for sentence in &mut changed.sentences {
        if let Some(new) = change(sentence) {
            *sentence = new;
            return changed;
        }
    }
    changed.title = format!("{} del {other}", story.title);
    changed
}
