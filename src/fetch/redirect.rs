//! The trail of redirects of one request (RFC 9110 section 15.4): few, no loops, permanent or not.

use url::Url;

use crate::model::Failure;

use super::address::shown;
use super::reply::Reply;

/// Where a request has been.
pub(super) struct Trail {
    visited: Vec<Url>,
    permanent: bool,
    most: usize,
}

impl Trail {
    pub(super) fn new(start: &Url, most: usize) -> Self {
        let mut start = start.clone();
        start.set_fragment(None);
        Self {
            visited: vec![start],
            permanent: true,
            most,
        }
    }

    /// Where it is now.
    pub(super) fn here(&self) -> &Url {
        &self.visited[self.visited.len() - 1]
    }

    /// Whether it has left where it began.
    pub(super) fn is_redirected(&self) -> bool {
        self.visited.len() > 1
    }

    /// Where an unbroken chain of permanent redirects ended, if there was one.
    pub(super) fn moved_to(&self) -> Option<Url> {
        (self.permanent && self.is_redirected()).then(|| self.here().clone())
    }

    /// Takes one step.
    pub(super) fn follow(&mut self, reply: &Reply, location: Option<&str>) -> Result<(), Failure> {
        let Some(location) = location.filter(|location| !location.is_empty()) else {
            return Err(lost(format!("a {} without a new address", reply.status)));
        };
        let Ok(mut next) = self.here().join(location) else {
            let shown: String = location.chars().take(100).collect();
            return Err(lost(format!("`{shown}` is not an address")));
        };
        next.set_fragment(None);
        if self.visited.contains(&next) {
            return Err(lost(format!("it comes back to `{}`", shown(&next))));
        }
        if self.visited.len() > self.most {
            return Err(lost(format!("more than {} in a row", self.most)));
        }
        if next.origin() != self.here().origin() {
            // Credentials are for the place they were given for; an address without a host has none.
            let _ = next.set_username("");
            let _ = next.set_password(None);
        }
        let downgrade = self.here().scheme() == "https" && next.scheme() == "http";
        self.permanent &= reply.is_permanent() && !downgrade;
        self.visited.push(next);
        Ok(())
    }
}

fn lost(reason: String) -> Failure {
    Failure::Redirects { reason }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use chrono::Utc;
    use http::HeaderMap;

    use super::*;

    fn walk(start: &str, steps: &[(u16, &str)]) -> Result<Trail, Failure> {
        let mut trail = Trail::new(&Url::parse(start).expect("an address"), 5);
        for (status, location) in steps {
            let reply = Reply {
                status: *status,
                headers: HeaderMap::new(),
                body: Bytes::new(),
                received: chrono::DateTime::<Utc>::UNIX_EPOCH,
            };
            trail.follow(&reply, Some(location))?;
        }
        Ok(trail)
    }

    #[test]
    fn only_an_unbroken_permanent_chain_is_a_move() {
        let moved = |steps: &[(u16, &str)]| {
            walk("https://a.example/x", steps)
                .ok()
                .and_then(|trail| trail.moved_to())
                .map(String::from)
        };
        assert_eq!(
            moved(&[(301, "/y"), (308, "https://b.example/z#top")]).as_deref(),
            Some("https://b.example/z")
        );
        assert_eq!(moved(&[(301, "/y"), (302, "/z")]), None);
        assert_eq!(moved(&[(307, "/y"), (301, "/z")]), None);
        assert_eq!(moved(&[(301, "http://a.example/x")]), None);
        assert_eq!(moved(&[]), None);
    }

    #[test]
    fn loops_and_endless_chains_end() {
        assert!(walk("https://a.example/x", &[(302, "/y"), (302, "/x")]).is_err());
        assert!(walk("https://a.example/x", &[(302, "/x")]).is_err());
        let endless: Vec<String> = (0..6).map(|n| format!("/{n}")).collect();
        let steps: Vec<(u16, &str)> = endless.iter().map(|path| (302, path.as_str())).collect();
        assert!(walk("https://a.example/x", &steps).is_err());
        assert!(walk("https://a.example/x", &steps[..5]).is_ok());
        assert!(walk("https://a.example/x", &[(302, "")]).is_err());
    }

    #[test]
    fn credentials_stay_where_they_belong() {
        let trail = walk("https://user:secret@a.example/x", &[(302, "/y")]).expect("a step");
        assert_eq!(trail.here().password(), Some("secret"));
        let trail =
            walk("https://user:secret@a.example/x", &[(302, "//b.example/y")]).expect("a step");
        assert_eq!(trail.here().password(), None);
    }
}
