//! From the errors of the HTTP library to a [`Failure`] that a person can act on.
//!
//! The library tells what happened in a chain of errors of several crates; the most telling link decides.

use std::error::Error;
use std::io;

use url::Url;

use crate::model::Failure;

use super::resolver::ResolveError;

/// What an error on the way to `address` means.
pub(super) fn translate(error: &reqwest::Error, address: &Url) -> Failure {
    let chain: Vec<&(dyn Error + 'static)> = chain(error);
    if let Some(failure) = chain.iter().find_map(|link| link.downcast_ref().map(name)) {
        return failure;
    }
    if let Some(failure) = chain.iter().find_map(|link| tls(*link)) {
        return failure;
    }
    if let Some(failure) = chain
        .iter()
        .find_map(|link| link.downcast_ref().and_then(|error| http(error, address)))
    {
        return failure;
    }
    if let Some(failure) = chain
        .iter()
        .rev()
        .find_map(|link| link.downcast_ref().map(system))
    {
        return failure;
    }
    let text = chain
        .last()
        .map_or_else(|| error.to_string(), ToString::to_string);
    if error.is_connect() {
        Failure::NoConnection { reason: text }
    } else {
        Failure::BrokenResponse { reason: text }
    }
}

/// Whether a connection that was kept open turned out to be dead before anything came back.
pub(super) fn is_dead_connection(error: &reqwest::Error) -> bool {
    if error.is_connect() || error.is_timeout() {
        return false;
    }
    chain(error).iter().any(|link| {
        let incomplete = link
            .downcast_ref::<hyper::Error>()
            .is_some_and(|error| error.is_incomplete_message() || error.is_canceled());
        let reset = link.downcast_ref::<io::Error>().is_some_and(|error| {
            matches!(
                error.kind(),
                io::ErrorKind::ConnectionReset
                    | io::ErrorKind::BrokenPipe
                    | io::ErrorKind::ConnectionAborted
            )
        });
        incomplete || reset
    })
}

fn chain<'a>(error: &'a (dyn Error + 'static)) -> Vec<&'a (dyn Error + 'static)> {
    let mut links = vec![error];
    let mut current = error;
    // Chains are short; the bound is against one that bites its own tail.
    while let Some(next) = current.source().filter(|_| links.len() < 32) {
        links.push(next);
        current = next;
    }
    // An I/O error hides what it wraps from `source` one level deep.
    let wrapped = links.iter().find_map(|link| {
        link.downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref)
    });
    if let Some(inner) = wrapped {
        links.push(inner);
    }
    links
}

fn name(error: &ResolveError) -> Failure {
    match error {
        ResolveError::NotFound { host } => Failure::NameNotFound { host: host.clone() },
        ResolveError::NoAnswer { .. } => Failure::NoConnection {
            reason: error.to_string(),
        },
        ResolveError::Private { host, ip } => Failure::ForbiddenAddress {
            address: host.clone(),
            reason: format!("the name leads to `{ip}`, which is not a public address"),
        },
    }
}

impl From<ResolveError> for Failure {
    fn from(error: ResolveError) -> Self {
        name(&error)
    }
}

/// The TLS library is not ours to name, so its errors are told by their words.
fn tls(error: &(dyn Error + 'static)) -> Option<Failure> {
    let text = error.to_string();
    let reason = match text.as_str() {
        text if text.contains("NotValidForName") || text.contains("not valid for name") => {
            "the certificate is for another name".to_owned()
        }
        text if text.contains("Expired") || text.contains("certificate expired") => {
            "the certificate has expired".to_owned()
        }
        text if text.contains("UnknownIssuer") => {
            "the certificate is from an unknown issuer".to_owned()
        }
        text if text.contains("NotValidYet") || text.contains("not valid yet") => {
            "the certificate is not valid yet; is our clock right?".to_owned()
        }
        text if text.contains("invalid peer certificate") => text.to_owned(),
        text if text.contains("InvalidContentType") || text.contains("corrupt message") => {
            "the server does not speak TLS on this port".to_owned()
        }
        text if text.contains("peer is incompatible")
            || text.contains("ProtocolVersion")
            || text.contains("HandshakeFailure") =>
        {
            format!("no common version or cipher of TLS ({text})")
        }
        text if text.contains("received fatal alert") => text.to_owned(),
        _ => return None,
    };
    Some(Failure::Tls { reason })
}

fn http(error: &hyper::Error, address: &Url) -> Option<Failure> {
    let reason = if error.is_parse_too_large() {
        "its headers are too large".to_owned()
    } else if error.is_parse() {
        return Some(not_http(error, address));
    } else if error.is_incomplete_message() {
        "the server closed the connection in the middle of it".to_owned()
    } else if error.is_body_write_aborted() || error.is_canceled() {
        "the connection was given up".to_owned()
    } else {
        return None;
    };
    Some(Failure::BrokenResponse { reason })
}

/// What could not be read as HTTP. A port often tells what it is that answered.
fn not_http(error: &hyper::Error, address: &Url) -> Failure {
    let detail = error
        .source()
        .map_or_else(|| error.to_string(), ToString::to_string);
    let port = address.port_or_known_default().unwrap_or_default();
    let reason = if detail.contains("content-length") || detail.contains("transfer-encoding") {
        format!("what it says of its length makes no sense ({detail})")
    } else if detail.contains("header") {
        format!("its headers are malformed ({detail})")
    } else {
        let speaks = speaks(address);
        format!("it is not HTTP; something else answers on port {port}{speaks} ({detail})")
    };
    Failure::BrokenResponse { reason }
}

fn speaks(address: &Url) -> &'static str {
    match address.port() {
        Some(22) => ": SSH lives there",
        Some(21) => ": FTP lives there",
        Some(25 | 465 | 587) => ": mail lives there",
        Some(110 | 143 | 993 | 995) => ": a mailbox lives there",
        Some(443 | 8443) if address.scheme() == "http" => ": TLS lives there; try https",
        _ => "",
    }
}

fn system(error: &io::Error) -> Failure {
    let no_connection = |reason: &str| Failure::NoConnection {
        reason: reason.to_owned(),
    };
    match error.kind() {
        io::ErrorKind::ConnectionRefused => {
            no_connection("the host refused it; no web server is running there")
        }
        io::ErrorKind::ConnectionReset => no_connection("the host broke it off"),
        io::ErrorKind::HostUnreachable => no_connection("the host cannot be reached"),
        io::ErrorKind::NetworkUnreachable => {
            no_connection("its network cannot be reached from here")
        }
        io::ErrorKind::NetworkDown => no_connection("our network is down"),
        io::ErrorKind::TimedOut => no_connection("the host does not answer"),
        io::ErrorKind::UnexpectedEof => Failure::BrokenResponse {
            reason: "it ended before all of it had come".to_owned(),
        },
        _ if error.to_string().contains("chunk") => Failure::BrokenResponse {
            reason: format!("its chunks do not fit together ({error})"),
        },
        io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput | io::ErrorKind::Other => {
            Failure::BrokenResponse {
                reason: error.to_string(),
            }
        }
        _ => no_connection(&error.to_string()),
    }
}
