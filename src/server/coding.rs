//! Which coding of a document a client gets (RFC 9110 section 12.5.3).

/// A content coding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Coding {
    /// As it is.
    Identity,
    /// gzip.
    Gzip,
    /// Brotli.
    Brotli,
}

impl Coding {
    /// What it is called in `Content-Encoding`; identity is not said.
    pub(super) fn name(self) -> Option<&'static str> {
        match self {
            Self::Identity => None,
            Self::Gzip => Some("gzip"),
            Self::Brotli => Some("br"),
        }
    }

    /// What tells its entity tag from those of other codings.
    pub(super) fn tag(self) -> &'static str {
        match self {
            Self::Identity => "",
            Self::Gzip => "-gz",
            Self::Brotli => "-br",
        }
    }
}

/// The best coding of those there are; `None` where the client refuses them all, identity included.
pub(super) fn choose(accept: Option<&str>, gzip: bool, brotli: bool) -> Option<Coding> {
    let Some(accept) = accept else {
        return Some(Coding::Identity);
    };
    let weights = Weights::read(accept);
    let offers = [
        (Coding::Brotli, brotli, weights.brotli),
        (Coding::Gzip, gzip, weights.gzip),
        (Coding::Identity, true, weights.identity),
    ];
    let mut best: Option<(Coding, u16)> = None;
    for (coding, is_there, weight) in offers {
        if is_there && weight > best.map_or(0, |(_, weight)| weight) {
            best = Some((coding, weight));
        }
    }
    best.map(|(coding, _)| coding)
}

/// Weights in thousandths; 0 refuses.
struct Weights {
    identity: u16,
    gzip: u16,
    brotli: u16,
}

impl Weights {
    fn read(accept: &str) -> Self {
        let (mut identity, mut gzip, mut brotli, mut any) = (None, None, None, None);
        for part in accept.split(',') {
            let mut parameters = part.split(';');
            let name = parameters.next().unwrap_or_default().trim();
            let weight = parameters.find_map(weight).unwrap_or(1000);
            let slot = if name.eq_ignore_ascii_case("gzip") || name.eq_ignore_ascii_case("x-gzip") {
                &mut gzip
            } else if name.eq_ignore_ascii_case("br") {
                &mut brotli
            } else if name.eq_ignore_ascii_case("identity") {
                &mut identity
            } else if name == "*" {
                &mut any
            } else {
                continue;
            };
            *slot = Some(weight);
        }
        Self {
            // Below every coding that was named, yet fine unless it was refused.
            identity: identity.or(any.filter(|any| *any == 0)).unwrap_or(1),
            gzip: gzip.or(any).unwrap_or(0),
            brotli: brotli.or(any).unwrap_or(0),
        }
    }
}

fn weight(parameter: &str) -> Option<u16> {
    let value = parameter.trim().strip_prefix(['q', 'Q'])?.trim_start();
    let value: f32 = value.strip_prefix('=')?.trim().parse().ok()?;
    Some((value.clamp(0.0, 1.0) * 1000.0) as u16)
}

#[cfg(test)]
mod tests {
    use super::{Coding, choose};

    #[test]
    fn the_best_accepted_coding_is_chosen_and_a_refusal_respected() {
        let chosen = |accept| choose(accept, true, true);
        assert_eq!(chosen(None), Some(Coding::Identity));
        assert_eq!(chosen(Some("")), Some(Coding::Identity));
        assert_eq!(chosen(Some("gzip, deflate, br")), Some(Coding::Brotli));
        assert_eq!(chosen(Some("gzip;q=1.0, br;q=0.5")), Some(Coding::Gzip));
        assert_eq!(chosen(Some("br;q=0, gzip")), Some(Coding::Gzip));
        assert_eq!(chosen(Some("gzip;q=0")), Some(Coding::Identity));
        assert_eq!(chosen(Some("*")), Some(Coding::Brotli));
        assert_eq!(chosen(Some("identity;q=0, *;q=0")), None);
        assert_eq!(chosen(Some("zstd;q=nan, GZIP ; Q=0.3")), Some(Coding::Gzip));
        assert_eq!(choose(Some("br, gzip"), true, false), Some(Coding::Gzip));
    }
}
