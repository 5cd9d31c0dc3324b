//! A document as it is sent: its bytes in each coding, made once, and what validates them.

use std::io::Write;

use bytes::Bytes;
use chrono::{DateTime, SubsecRound, Utc};
use flate2::Compression;
use flate2::write::GzEncoder;

/// Brotli beyond this costs ten times as much for a few per cent.
const BROTLI_QUALITY: i32 = 5;

/// Where a document is told of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hubs {
    /// The document's own address: the topic.
    pub topic: String,
    /// The hubs.
    pub hubs: Vec<String>,
}

/// A document as it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ready {
    /// Its media type with parameters.
    pub media_type: &'static str,
    /// As it is.
    pub identity: Bytes,
    /// As gzip.
    pub gzip: Option<Bytes>,
    /// As brotli, where that is shorter than gzip.
    pub brotli: Option<Bytes>,
    /// blake3 of `identity`, in hexadecimal, cut to what tells two documents apart.
    pub digest: String,
    /// The newest publication in it, where it is a feed: what a delta starts from.
    pub sequence: Option<i64>,
    /// Its own address and its hubs, where it is a feed that hubs tell of (WebSub section 4).
    pub hubs: Option<Hubs>,
    /// When it last changed.
    pub modified: DateTime<Utc>,
    /// Whether it never changes again.
    pub is_sealed: bool,
}

impl Ready {
    /// Makes a document ready, in every coding.
    pub fn new(
        media_type: &'static str,
        bytes: impl Into<Bytes>,
        modified: DateTime<Utc>,
    ) -> std::io::Result<Self> {
        let bytes = bytes.into();
        let (gzip, brotli) = (gzip(&bytes)?, brotli(&bytes)?);
        Ok(Self {
            brotli: (brotli.len() < gzip.len()).then(|| exactly(brotli)),
            gzip: Some(exactly(gzip)),
            ..Self::plain(media_type, bytes, modified)
        })
    }

    /// Makes a document ready that is not asked often enough to be compressed.
    pub fn plain(
        media_type: &'static str,
        bytes: impl Into<Bytes>,
        modified: DateTime<Utc>,
    ) -> Self {
        let identity = bytes.into();
        Self {
            media_type,
            digest: digest(&identity),
            identity,
            gzip: None,
            brotli: None,
            sequence: None,
            hubs: None,
            modified: modified.trunc_subsecs(0),
            is_sealed: false,
        }
    }

    /// The same, known to reach up to a publication.
    pub fn up_to(mut self, sequence: i64) -> Self {
        self.sequence = Some(sequence);
        self
    }

    /// The same, told of by hubs.
    pub fn told_by(mut self, topic: String, hubs: &[String]) -> Self {
        self.hubs = (!hubs.is_empty()).then(|| Hubs {
            topic,
            hubs: hubs.to_vec(),
        });
        self
    }

    /// How much memory it holds.
    pub fn size(&self) -> usize {
        let length = |bytes: &Option<Bytes>| bytes.as_ref().map_or(0, Bytes::len);
        self.identity.len() + length(&self.gzip) + length(&self.brotli)
    }
}

fn digest(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex()[..20].to_owned()
}

/// Bytes as gzip, without a time in the header: the same bytes always give the same file.
pub fn gzip(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(bytes.len() / 4), Compression::new(6));
    encoder.write_all(bytes)?;
    encoder.finish()
}

fn brotli(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let parameters = brotli::enc::BrotliEncoderParams {
        quality: BROTLI_QUALITY,
        lgwin: window(bytes.len()),
        size_hint: bytes.len(),
        ..Default::default()
    };
    let mut out = Vec::with_capacity(bytes.len() / 4);
    brotli::BrotliCompress(&mut &bytes[..], &mut out, &parameters)?;
    Ok(out)
}

/// A window no larger than the document: a larger one only takes memory. Below 17 bits, the encoder searches in a way
/// that takes twenty times as long.
fn window(length: usize) -> i32 {
    let bits = usize::BITS - length.leading_zeros();
    i32::try_from(bits).unwrap_or(22).clamp(17, 18)
}

/// In no more memory than it is long: it may stand for days.
pub(super) fn exactly(bytes: Vec<u8>) -> Bytes {
    bytes.into_boxed_slice().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brotli_is_there_only_where_it_is_shorter() {
        let ready = |text: String| Ready::new("", text, DateTime::UNIX_EPOCH).unwrap();
        let prose = "<p>En nyhet om en nyhet.</p>".repeat(50);
        // Few words in no order, which brotli does worse with.
        let mut state = 7_u64;
        let mut word = || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            ["textil", "region", "kommun", "möbler"][(state >> 62) as usize]
        };
        let jumble: String = (0..4_000).flat_map(|_| [word(), " "]).collect();
        for (text, is_shorter) in [(prose, true), (jumble, false)] {
            let ready = ready(text);
            let gzip = ready.gzip.unwrap().len();
            assert_eq!(ready.brotli.is_some(), is_shorter);
            assert!(ready.brotli.is_none_or(|brotli| brotli.len() < gzip));
        }
    }
}
