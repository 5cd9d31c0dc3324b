//! From the last reply of a trail to an [`Answer`] or the failure that its status stands for.

use http::header::CONTENT_ENCODING;

use crate::model::{Answer, Document, Failure, Validators};

use super::redirect::Trail;
use super::reply::Reply;
use super::{conditional, freshness};

/// Tells answers apart by their status (RFC 9110 section 15).
pub(super) fn read(reply: Reply, trail: &Trail, asked: &Validators) -> Result<Answer, Failure> {
    match reply.status {
        304 if asked.is_empty() => Err(Failure::UnaskedNotModified),
        304 => Ok(Answer::NotModified {
            validators: conditional::validators(&reply.headers),
            freshness: freshness::read(&reply.headers, reply.received),
            moved_to: trail.moved_to(),
        }),
        204 | 205 => Err(Failure::EmptyBody),
        206 => Err(Failure::BrokenResponse {
            reason: "it sent a part (206) though the whole was asked for".to_owned(),
        }),
        226 if asked.entity_tag.is_none() => Err(Failure::BrokenResponse {
            reason: "it sent a difference (226) though nothing was stored to compare with"
                .to_owned(),
        }),
        200 | 203 | 226 => document(reply, trail),
        code => Err(Failure::Status { code }),
    }
}

fn document(reply: Reply, trail: &Trail) -> Result<Answer, Failure> {
    if let Some(coding) = unknown_coding(&reply) {
        return Err(Failure::BrokenResponse {
            reason: format!("its content coding `{coding}` is not one we asked for"),
        });
    }
    if is_blank(&reply.body) {
        return Err(Failure::EmptyBody);
    }
    let headers = &reply.headers;
    let (media_type, charset) = conditional::media_type(headers);
    Ok(Answer::Document(Box::new(Document {
        address: trail.here().clone(),
        moved_to: trail.moved_to(),
        content_location: conditional::content_location(headers, trail.here()),
        media_type,
        charset,
        validators: conditional::validators(headers),
        freshness: freshness::read(headers, reply.received),
        is_delta: reply.status == 226,
        hub: conditional::hub(headers, trail.here()),
        received: reply.received,
        bytes: reply.body,
    })))
}

/// A coding that was not taken off. Names that are no coding at all (`utf-8` was seen) do no harm where the body reads as text.
fn unknown_coding(reply: &Reply) -> Option<String> {
    let named = reply.headers.get(CONTENT_ENCODING)?;
    let named = conditional::from_value(named).trim().to_ascii_lowercase();
    let looks_like_text = reply
        .body
        .iter()
        .take(64)
        .all(|octet| *octet >= 0x20 || octet.is_ascii_whitespace());
    (!named.is_empty() && named != "identity" && !looks_like_text).then_some(named)
}

/// Nothing but white space and byte order marks.
fn is_blank(body: &[u8]) -> bool {
    body.iter().all(|octet| {
        octet.is_ascii_whitespace() || matches!(octet, 0 | 0xef | 0xbb | 0xbf | 0xfe | 0xff)
    })
}
