//! Who may search how often: a bucket for each client, of bounded number, and one for all.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Mutex;
use std::time::Instant;

use axum::http::HeaderMap;

use crate::model::ServeSettings;

/// Clients remembered at once; beyond that the full buckets are forgotten.
const MAX_CLIENTS: usize = 10_000;
/// All clients together may search this many times as often as one.
const ALL: f64 = 20.0;

/// Buckets of searches left.
pub(super) struct Searches {
    per_minute: f64,
    buckets: Mutex<Buckets>,
}

#[derive(Default)]
struct Buckets {
    clients: HashMap<IpAddr, Bucket>,
    all: Option<Bucket>,
}

#[derive(Clone, Copy)]
struct Bucket {
    left: f64,
    at: Instant,
}

impl Bucket {
    fn filled(self, rate: f64, now: Instant) -> Self {
        let gained = now.saturating_duration_since(self.at).as_secs_f64() * rate / 60.0;
        Self {
            left: (self.left + gained).min(rate),
            at: now,
        }
    }
}

impl Searches {
    pub(super) fn new(per_minute: u32) -> Self {
        Self {
            per_minute: f64::from(per_minute.max(1)),
            buckets: Mutex::default(),
        }
    }

    /// Takes a search; otherwise the seconds until the client may search again.
    pub(super) fn take(&self, client: IpAddr, now: Instant) -> Result<(), u64> {
        let mut buckets = self.buckets.lock().unwrap_or_else(|e| e.into_inner());
        let (rate, all_rate) = (self.per_minute, self.per_minute * ALL);
        let full = |rate| Bucket {
            left: rate,
            at: now,
        };
        let all = buckets.all.unwrap_or(full(all_rate)).filled(all_rate, now);
        if buckets.clients.len() >= MAX_CLIENTS {
            buckets
                .clients
                .retain(|_, bucket| bucket.filled(rate, now).left < rate);
        }
        let known = buckets.clients.get(&group(client)).copied();
        let own = known.unwrap_or(full(rate)).filled(rate, now);
        let wait = |bucket: Bucket, rate: f64| ((1.0 - bucket.left) * 60.0 / rate).ceil() as u64;
        if own.left < 1.0 || all.left < 1.0 {
            return Err(wait(own, rate).max(wait(all, all_rate)).max(1));
        }
        let taken = |bucket: Bucket| Bucket {
            left: bucket.left - 1.0,
            ..bucket
        };
        buckets.all = Some(taken(all));
        if buckets.clients.len() < MAX_CLIENTS {
            buckets.clients.insert(group(client), taken(own));
        }
        Ok(())
    }
}

/// One subscriber of IPv6 has a whole /64.
fn group(client: IpAddr) -> IpAddr {
    match client.to_canonical() {
        IpAddr::V6(address) => {
            let network = u128::from(address) & !u128::from(u64::MAX);
            IpAddr::V6(network.into())
        }
        four => four,
    }
}

/// Who asks: the peer, or, behind trusted proxies, the last address that none of them added.
pub(super) fn client(peer: IpAddr, headers: &HeaderMap, settings: &ServeSettings) -> IpAddr {
    let trusted = |address: IpAddr| {
        let address = address.to_canonical();
        settings
            .trusted_proxies
            .iter()
            .any(|net| net.contains(&address))
    };
    let mut client = peer;
    let chain: Vec<&str> = headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .collect();
    for hop in chain.iter().rev() {
        if !trusted(client) {
            break;
        }
        let Ok(address) = hop.trim().parse() else {
            break;
        };
        client = address;
    }
    client
}

#[cfg(test)]
mod tests {
    use super::{Searches, client};
    use crate::model::ServeSettings;
    use axum::http::{HeaderMap, HeaderValue};
    use std::net::IpAddr;
    use std::time::{Duration, Instant};

    fn address(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    #[test]
    fn a_client_that_searches_too_often_is_told_when_to_come_again() {
        let (searches, start) = (Searches::new(2), Instant::now());
        let (one, other) = (address("192.0.2.1"), address("192.0.2.2"));
        assert_eq!(searches.take(one, start), Ok(()));
        assert_eq!(searches.take(one, start), Ok(()));
        assert_eq!(searches.take(one, start), Err(30));
        assert_eq!(searches.take(other, start), Ok(()));
        assert_eq!(searches.take(one, start + Duration::from_secs(31)), Ok(()));
    }

    #[test]
    fn only_trusted_proxies_may_name_the_client() {
        let mut headers = HeaderMap::new();
        headers.insert(
            "x-forwarded-for",
            HeaderValue::from_static("203.0.113.9, 198.51.100.7"),
        );
        let mut settings = ServeSettings::default();
        let peer = address("127.0.0.1");
        assert_eq!(client(peer, &headers, &settings), peer);
        settings.trusted_proxies = vec!["127.0.0.0/8".parse().expect("a network")];
        assert_eq!(client(peer, &headers, &settings), address("198.51.100.7"));
        assert_eq!(
            client(address("192.0.2.9"), &headers, &settings),
            address("192.0.2.9")
        );
    }
}
