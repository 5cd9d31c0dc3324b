//! Merges and near misses as sentences for the operator.

use crate::model::{Edge, Evidence, Rule, Veto, VetoKind};

/// `merged with “…”: title equal, 0.93 of 41 words shared, 6 h apart`.
pub fn merged(edge: &Edge, other: &str) -> String {
    let mut parts = Vec::with_capacity(4);
    match edge.rule {
        Rule::Operator => return format!("merged with {other}: joined by the operator"),
        Rule::Address => parts.push(match &edge.evidence.address {
            Some(address) => format!("same address {address}"),
            None => "same address".to_owned(),
        }),
        Rule::SameSource => parts.push("told twice by one source".to_owned()),
        _ => {}
    }
    parts.push(titles(&edge.evidence));
    if let (Some(share), Some(words)) = (edge.evidence.containment, edge.evidence.words) {
        parts.push(format!("{share:.2} of {} shared", counted(words, "word")));
    }
    if let Some(rarity) = edge.evidence.rarity {
        parts.push(match edge.rule {
            Rule::Text | Rule::Sentence => format!("rare words in common ({rarity:.0} nats)"),
            _ => format!("a rare title ({rarity:.0} nats)"),
        });
    }
    parts.push(apart(edge.evidence.minutes_apart));
    if edge.evidence.earlier {
        parts.push("by what that said before it changed".to_owned());
    }
    format!("merged with {other}: {}", parts.join(", "))
}

/// `kept apart from “…”: figure 54 / 53`.
pub fn kept_apart(veto: &Veto, other: &str) -> String {
    let detail = &veto.detail;
    let reason = match veto.kind {
        VetoKind::StatusWord => format!("`{detail}` in one title only"),
        VetoKind::Substitution if detail.bytes().any(|b| b.is_ascii_digit()) => {
            format!("figure {detail}")
        }
        VetoKind::Substitution => format!("{detail} exchanged"),
        VetoKind::MinimalPair => format!("titles differ in {detail}"),
        VetoKind::RoundUp => format!("one holds the other among others ({detail})"),
        VetoKind::Window => detail.clone(),
        VetoKind::Operator => "parted by the operator".to_owned(),
    };
    format!("kept apart from {other}: {reason}")
}

fn titles(evidence: &Evidence) -> String {
    let words: Vec<String> = evidence
        .title_difference
        .iter()
        .map(|word| format!("'{word}'"))
        .collect();
    let list = words.join(", ");
    match (evidence.titles.as_str(), words.is_empty()) {
        ("equal", _) | ("soft", true) => "title equal".to_owned(),
        ("soft", false) => format!("title equal but for {list}"),
        ("contains" | "part", true) => "one title in the other".to_owned(),
        ("contains" | "part", false) => format!("title equal but for {list}"),
        _ => "another title".to_owned(),
    }
}

fn counted(count: usize, noun: &str) -> String {
    if count == 1 {
        format!("1 {noun}")
    } else {
        format!("{count} {noun}s")
    }
}

fn apart(minutes: i64) -> String {
    match minutes {
        0..60 => format!("{minutes} min apart"),
        60..4320 => format!("{} h apart", minutes / 60),
        _ => format!("{} days apart", minutes / 1440),
    }
}

#[cfg(test)]
mod tests {
    use super::{kept_apart, merged};
    use crate::model::{Edge, EntryId, Evidence, Rule, Veto, VetoKind};

    #[test]
    fn a_merge_and_a_near_miss_read_as_sentences() {
        let edge = Edge {
            with: EntryId(7),
            rule: Rule::TitleAndText,
            score: 0.9,
            evidence: Evidence {
                titles: "soft".into(),
                title_difference: vec!["pressmeddelande".into()],
                containment: Some(0.93),
                words: Some(41),
                minutes_apart: 360,
                ..Evidence::default()
            },
        };
        assert_eq!(
            merged(&edge, "entry 7"),
            "merged with entry 7: title equal but for 'pressmeddelande', 0.93 of 41 words shared, 6 h apart"
        );
        let earlier = Evidence {
            titles: "equal".into(),
            minutes_apart: 9,
            earlier: true,
            ..Evidence::default()
        };
        assert_eq!(
            merged(
                &Edge {
                    evidence: earlier,
                    ..edge
                },
                "entry 7"
            ),
            "merged with entry 7: title equal, 9 min apart, by what that said before it changed"
        );
        let veto = Veto {
            from: EntryId(8),
            kind: VetoKind::Substitution,
            detail: "54 / 53".into(),
        };
        assert_eq!(
            kept_apart(&veto, "entry 8"),
            "kept apart from entry 8: figure 54 / 53"
        );
    }
}
