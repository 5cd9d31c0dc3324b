//! What every answer carries and every request must keep to, whichever way it is answered.

use axum::body::Body;
use axum::http::header::{
    CONNECTION, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, HOST, REFERRER_POLICY, TRANSFER_ENCODING,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderValue, Method, Request, Response, StatusCode, Version};

use super::respond::plain;

/// Longest address; a search for a page of text is not a search.
const MAX_ADDRESS: usize = 4096;

const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; \
                      frame-ancestors 'none'";

/// Puts on what all answers share.
pub(super) fn harden(answer: &mut Response<Body>) {
    // A 304 renews what is stored, which has them (RFC 9110 section 15.4.5).
    if answer.status() == StatusCode::NOT_MODIFIED {
        return;
    }
    let headers = answer.headers_mut();
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
}

/// What a request is refused with before anybody looks at its path.
pub(super) fn refusal<B>(request: &Request<B>) -> Option<Response<Body>> {
    let path = request.uri().path_and_query();
    if path.map_or(0, |path| path.as_str().len()) > MAX_ADDRESS {
        return Some(plain(StatusCode::URI_TOO_LONG, "the address is too long"));
    }
    // RFC 9112 section 3.2: what is asked of nobody, or of two, may be meant for somebody else.
    let is_modern = request.version() == Version::HTTP_11;
    if is_modern && request.headers().get_all(HOST).iter().count() != 1 {
        return Some(closing(plain(
            StatusCode::BAD_REQUEST,
            "one Host is needed",
        )));
    }
    let method = request.method();
    if !is_standard(method) {
        return Some(plain(StatusCode::NOT_IMPLEMENTED, "unknown method"));
    }
    let reads = method == Method::GET || method == Method::HEAD;
    if reads && has_body(request) {
        let refusal = plain(StatusCode::BAD_REQUEST, "a body was not expected");
        return Some(closing(refusal));
    }
    None
}

fn closing(mut answer: Response<Body>) -> Response<Body> {
    let close = HeaderValue::from_static("close");
    answer.headers_mut().insert(CONNECTION, close);
    answer
}

fn is_standard(method: &Method) -> bool {
    [
        Method::GET,
        Method::HEAD,
        Method::POST,
        Method::PUT,
        Method::DELETE,
        Method::OPTIONS,
        Method::PATCH,
        Method::TRACE,
        Method::CONNECT,
    ]
    .contains(method)
}

fn has_body<B>(request: &Request<B>) -> bool {
    let headers = request.headers();
    let length = headers.get(CONTENT_LENGTH);
    headers.contains_key(TRANSFER_ENCODING) || length.is_some_and(|length| length != "0")
}
