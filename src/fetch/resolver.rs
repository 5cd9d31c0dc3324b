//! Names to addresses, with the private ones taken out at the moment of connecting.
//!
//! What this returns is what is dialled, so a name that answers differently the second time (DNS rebinding) gains nothing.

use std::net::{IpAddr, SocketAddr};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::address::Guard;

/// Why a name could not be gone to; found again in the error chain by [`super::failure`].
#[derive(Debug, thiserror::Error)]
pub(super) enum ResolveError {
    #[error("the name `{host}` has no address")]
    NotFound { host: String },
    #[error("the name server does not answer for `{host}`")]
    NoAnswer { host: String },
    #[error("the name `{host}` leads to {ip}, which is not a public address")]
    Private { host: String, ip: IpAddr },
}

/// The resolver that reqwest asks.
pub(super) struct Resolver {
    pub(super) guard: Guard,
    /// The operator's own proxy may be at a private address.
    pub(super) exempt: Option<String>,
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let guard = self.guard.clone();
        let exempt = self.exempt.as_deref() == Some(name.as_str());
        Box::pin(async move {
            let found = look_up(name.as_str()).await?;
            let kept = if exempt {
                found
            } else {
                admitted(&guard, name.as_str(), found)?
            };
            Ok(Box::new(kept.into_iter()) as Addrs)
        })
    }
}

/// Checks a name that somebody else (a proxy) will resolve: if we can resolve it, it must not be private.
pub(super) async fn check_name(guard: &Guard, host: &str) -> Result<(), ResolveError> {
    match look_up(host).await {
        Ok(found) => admitted(guard, host, found).map(drop),
        // Behind a proxy we may have no name server of our own; the proxy's answer then decides.
        Err(_) => Ok(()),
    }
}

async fn look_up(host: &str) -> Result<Vec<SocketAddr>, ResolveError> {
    let host_owned = || host.to_owned();
    match tokio::net::lookup_host((host, 0)).await {
        Ok(found) => {
            let found: Vec<SocketAddr> = found.collect();
            if found.is_empty() {
                return Err(ResolveError::NotFound { host: host_owned() });
            }
            Ok(found)
        }
        // The system's resolver tells "no such name" from "try again" in its text alone.
        Err(error) if error.to_string().contains("Temporary failure") => {
            Err(ResolveError::NoAnswer { host: host_owned() })
        }
        Err(_) => Err(ResolveError::NotFound { host: host_owned() }),
    }
}

fn admitted(
    guard: &Guard,
    host: &str,
    found: Vec<SocketAddr>,
) -> Result<Vec<SocketAddr>, ResolveError> {
    let first = found.first().map(SocketAddr::ip);
    let kept: Vec<SocketAddr> = found
        .into_iter()
        .filter(|address| guard.admits(address.ip()))
        .collect();
    match (kept.is_empty(), first) {
        (false, _) => Ok(kept),
        (true, Some(ip)) => Err(ResolveError::Private {
            host: host.to_owned(),
            ip,
        }),
        (true, None) => Err(ResolveError::NotFound {
            host: host.to_owned(),
        }),
    }
}
