//! The HTTP client proper: one guarded client for plain http, one for https, made when first needed.
//!
//! Invariant: no proxy variable is obeyed, no cookie is kept, no redirect is followed here, and no name is connected to that
//! [`super::resolver`] did not admit. TLS verification cannot be turned off.
//!
//! Why two: a machine without CA certificates cannot make a client that verifies, and must still read plain http.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use http::HeaderMap;
use reqwest::{Certificate, Client, ClientBuilder, Method, Proxy, redirect};
use url::{Host, Url};

use crate::model::{Failure, FetchSettings};

use super::Error;
use super::address::Guard;
use super::failure;
use super::resolver::{Resolver, check_name};

/// An idle connection is closed after this long: most servers close theirs sooner or not much later.
const POOL_IDLE: Duration = Duration::from_secs(30);

/// Some pages set a cookie for each of their parts; the octets of all headers are bounded apart from their number.
const MOST_HEADERS: usize = 256;

/// The network.
pub(super) struct Network {
    plain: OnceLock<Result<Client, String>>,
    secure: OnceLock<Result<Client, String>>,
    guard: Guard,
    settings: FetchSettings,
    user_agent: String,
    certificates: Vec<Certificate>,
    proxy: Option<Proxy>,
}

impl Network {
    pub(super) fn new(settings: &FetchSettings, guard: Guard) -> Result<Self, Error> {
        let user_agent = user_agent(settings);
        if reqwest::header::HeaderValue::from_str(&user_agent).is_err() {
            return Err(Error::Contact {
                contact: settings.contact.clone().unwrap_or_default(),
            });
        }
        let proxy = settings
            .proxy
            .as_ref()
            .map(|address| Proxy::all(address.clone()));
        Ok(Self {
            plain: OnceLock::new(),
            secure: OnceLock::new(),
            guard,
            user_agent,
            certificates: own_certificates(settings)?,
            proxy: proxy.transpose().map_err(|error| Error::Proxy {
                reason: error.to_string(),
            })?,
            settings: settings.clone(),
        })
    }

    /// Sends one request and waits for the head of the answer.
    pub(super) async fn send(
        &self,
        method: Method,
        address: &Url,
        headers: HeaderMap,
        body: Option<bytes::Bytes>,
    ) -> Result<reqwest::Response, Failure> {
        let client = self.client(address)?;
        if let (Some(_), Some(Host::Domain(host))) = (&self.proxy, address.host()) {
            check_name(&self.guard, host).await?;
        }
        let patience = self.settings.connect_timeout + self.settings.idle_timeout;
        let sent = tokio::time::timeout(patience, attempt(client, method, address, headers, body));
        match sent.await {
            Ok(Ok(response)) => Ok(response),
            Ok(Err(error)) if error.is_timeout() => Err(Failure::Timeout {
                stage: "connecting".to_owned(),
                seconds: self.settings.connect_timeout.as_secs(),
            }),
            Ok(Err(error)) => Err(failure::translate(&error, address)),
            Err(_) => Err(Failure::Timeout {
                stage: "waiting for the answer".to_owned(),
                seconds: patience.as_secs(),
            }),
        }
    }

    fn client(&self, address: &Url) -> Result<&Client, Failure> {
        let secure = address.scheme() == "https"
            || self
                .settings
                .proxy
                .as_ref()
                .is_some_and(|proxy| proxy.scheme() == "https");
        let client = if secure {
            self.secure.get_or_init(|| self.build(true))
        } else {
            self.plain.get_or_init(|| self.build(false))
        };
        client.as_ref().map_err(|reason| Failure::Tls {
            reason: reason.clone(),
        })
    }

    fn build(&self, secure: bool) -> Result<Client, String> {
        let mut builder = self.base();
        builder = match secure {
            true => builder.tls_certs_merge(self.certificates.iter().cloned()),
            // Plain http verifies nothing and needs no certificates.
            false => builder.tls_certs_only([]),
        };
        builder.build().map_err(|error| {
            let mut deepest: &dyn std::error::Error = &error;
            while let Some(next) = deepest.source() {
                deepest = next;
            }
            format!("this machine has no usable CA certificates ({deepest}); install the package `ca-certificates`")
        })
    }

    fn base(&self) -> ClientBuilder {
        let exempt = self
            .settings
            .proxy
            .as_ref()
            .and_then(Url::host_str)
            .map(str::to_owned);
        let resolver = Resolver {
            guard: self.guard.clone(),
            exempt,
        };
        let builder = Client::builder()
            .user_agent(&self.user_agent)
            .no_proxy()
            .redirect(redirect::Policy::none())
            .referer(false)
            // Malformed headers are common and mean nothing to us; what they would tell is done without.
            .http1_ignore_invalid_headers_in_responses(true)
            .http1_allow_obsolete_multiline_headers_in_responses(true)
            .http1_allow_spaces_after_header_name_in_responses(true)
            .http1_max_headers(MOST_HEADERS)
            .connect_timeout(self.settings.connect_timeout)
            .pool_idle_timeout(POOL_IDLE)
            .pool_max_idle_per_host(self.settings.per_host.max(1))
            .dns_resolver(Arc::new(resolver));
        match &self.proxy {
            Some(proxy) => builder.proxy(proxy.clone()),
            None => builder,
        }
    }
}

/// Sends it, and once more where a kept connection turned out to be dead.
async fn attempt(
    client: &Client,
    method: Method,
    address: &Url,
    headers: HeaderMap,
    body: Option<bytes::Bytes>,
) -> reqwest::Result<reqwest::Response> {
    let build = || {
        let request = client
            .request(method.clone(), address.clone())
            .headers(headers.clone());
        match &body {
            Some(body) => request.body(body.clone()),
            None => request,
        }
    };
    match build().send().await {
        Err(error) if method == Method::GET && failure::is_dead_connection(&error) => {
            build().send().await
        }
        other => other,
    }
}

fn user_agent(settings: &FetchSettings) -> String {
    let version = env!("CARGO_PKG_VERSION");
    match &settings.contact {
        Some(contact) => format!("samflode/{version} (+{contact})"),
        None => format!("samflode/{version} (samflode, gathers news of public bodies)"),
    }
}

fn own_certificates(settings: &FetchSettings) -> Result<Vec<Certificate>, Error> {
    let Some(path) = &settings.ca_file else {
        return Ok(Vec::new());
    };
    let pem = std::fs::read(path).map_err(|source| Error::CaFile {
        path: path.clone(),
        source,
    })?;
    match Certificate::from_pem_bundle(&pem) {
        Ok(certificates) if !certificates.is_empty() => Ok(certificates),
        Ok(_) => Err(Error::NoCertificate {
            path: path.clone(),
            reason: "it holds none".to_owned(),
        }),
        Err(error) => Err(Error::NoCertificate {
            path: path.clone(),
            reason: error.to_string(),
        }),
    }
}
