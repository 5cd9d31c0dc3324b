//! A referee: a hundred sources on twenty hosts, polled for a month, each request judged as the hosts' webmasters would.
//!
//! The clock is moved by hand and the referee reads the same clock, so that a month passes in a minute or so. What it judges:
//! robots.txt, the pause between two requests, one request at a time, Retry-After, what headers and feeds say of freshness, and
//! the source's own interval.

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;
use std::sync::{Arc, Mutex};

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::Response;
use chrono::{DateTime, TimeDelta, Timelike, Utc};
use samflode::config;
use samflode::daemon::Daemon;
use samflode::fetch::Fetcher;
use samflode::model::Event;
use samflode::refresh::Bench;
use samflode::store::{Store, owner};
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

const HOSTS: usize = 20;
/// How often the sources of a host are polled, in hours; what servers and feeds say makes it later.
const INTERVALS: [i64; 5] = [1, 2, 3, 4, 1];
/// Days that pass.
const DAYS: i64 = 30;
/// The step of the simulated clock.
const STEP: TimeDelta = TimeDelta::minutes(10);
/// What the hosts' robots.txt asks for, and what samflode keeps to of itself.
const CRAWL_DELAY: TimeDelta = TimeDelta::seconds(5);
const SPACING: TimeDelta = TimeDelta::seconds(2);
/// Hours of the day, in UTC, in which the feeds of some hosts want no visit.
const SKIPPED: [u32; 4] = [1, 2, 3, 13];

/// One host as its webmaster sees it.
#[derive(Default)]
struct Host {
    number: usize,
    asked: Vec<(DateTime<Utc>, String)>,
    under_way: usize,
    rests_until: Option<DateTime<Utc>>,
    /// Addresses that were last answered with when to come again, which may be sooner than the source's own interval.
    told_when: HashSet<String>,
    fresh_until: HashMap<String, DateTime<Utc>>,
    /// Addresses whose feed has said which hours it wants skipped.
    told_hours: HashSet<String>,
    violations: Vec<String>,
}

#[derive(Clone)]
struct Court {
    host: Arc<Mutex<Host>>,
    clock: Arc<Mutex<DateTime<Utc>>>,
}

impl Host {
    /// Judges a request at the moment it comes in.
    fn judge(&mut self, path: &str, now: DateTime<Utc>) {
        let is_forbidden = path.starts_with("/private") && self.has_robots();
        let pause = match self.has_robots() && self.asked.len() > 1 {
            true => CRAWL_DELAY,
            false => SPACING,
        };
        let mut complain = |what: String| {
            self.violations
                .push(format!("host {}: {path} at {now}: {what}", self.number))
        };
        if self.under_way > 0 {
            complain("two requests at once".to_owned());
        }
        if let Some((last, _)) = self.asked.last().filter(|(last, _)| now - *last < pause) {
            complain(format!("only {} after the one before", now - *last));
        }
        if self.rests_until.is_some_and(|until| now < until) {
            complain("while resting".to_owned());
        }
        if is_forbidden {
            complain("forbidden by robots.txt".to_owned());
        }
        if self.fresh_until.get(path).is_some_and(|until| now < *until) {
            complain("while fresh".to_owned());
        }
        // What became due before the hour began may come at the clock's next step.
        let is_skipped = |at: DateTime<Utc>| SKIPPED.contains(&at.hour());
        if self.told_hours.contains(path) && is_skipped(now) && is_skipped(now - STEP) {
            complain("in an hour that its feed wants skipped".to_owned());
        }
        let was_told = self.told_when.remove(path);
        let before = self.asked.iter().rev().find(|(_, asked)| asked == path);
        let least = match path.rsplit('/').next().map(str::parse::<usize>) {
            Some(Ok(source)) => TimeDelta::hours(INTERVALS[source]),
            _ => TimeDelta::hours(24), // robots.txt
        };
        if let Some((last, _)) = before.filter(|(last, _)| now - *last < least && !was_told) {
            complain(format!("again after {}", now - *last));
        }
        self.asked.push((now, path.to_owned()));
    }

    fn has_robots(&self) -> bool {
        self.number % 5 != 4
    }

    /// What this host answers: each has a character of its own.
    fn answer(
        &mut self,
        path: &str,
        condition: Option<String>,
        now: DateTime<Utc>,
    ) -> Response<Body> {
        let response = Response::builder();
        let day = (now - DateTime::UNIX_EPOCH).num_days();
        if path == "/robots.txt" {
            let rules = "User-agent: *\nDisallow: /private\nCrawl-delay: 5\n";
            return response
                .status(if self.has_robots() { 200 } else { 404 })
                .body(Body::from(rules))
                .unwrap();
        }
        if self.number % 4 == 1 && self.asked.len() % 40 == 39 {
            self.rests_until = Some(now + TimeDelta::hours(3));
            self.told_when.insert(path.to_owned());
            return response
                .status(if self.number % 8 == 1 { 429 } else { 503 })
                .header("retry-after", "10800")
                .body(Body::empty())
                .unwrap();
        }
        if self.number % 6 == 2 && day % 7 == 3 {
            return response.status(500).body(Body::empty()).unwrap();
        }
        let tag = format!("\"{day}\"");
        let mut response = response.header("etag", &tag);
        let mut fresh = |path: &str, minutes| {
            let until = now + TimeDelta::minutes(minutes);
            self.fresh_until.insert(path.to_owned(), until);
            until
        };
        match self.number % 10 {
            0 => {
                fresh(path, 90);
                response = response.header("cache-control", "max-age=5400");
            }
            3 => {
                response = response
                    .header("date", http_date(now))
                    .header("expires", http_date(fresh(path, 150)));
            }
            6 => {
                fresh(path, 15 * 60);
                response = response
                    .header("cache-control", "max-age=60000")
                    .header("age", "6000");
            }
            7 => {
                fresh(path, 120);
            }
            8 => {
                self.told_hours.insert(path.to_owned());
            }
            _ => {}
        }
        if condition.as_deref() == Some(&tag) {
            return response.status(304).body(Body::empty()).unwrap();
        }
        let pace = match self.number % 10 {
            7 => "<ttl>120</ttl>".to_owned(),
            8 => SKIPPED
                .iter()
                .map(|hour| format!("<hour>{hour}</hour>"))
                .collect::<String>(),
            _ => String::new(),
        };
        let pace = match self.number % 10 {
            8 => format!("<skipHours>{pace}</skipHours>"),
            _ => pace,
        };
        response.body(Body::from(feed(path, day, &pace))).unwrap()
    }
}

fn http_date(at: DateTime<Utc>) -> String {
    at.format("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

fn feed(path: &str, day: i64, pace: &str) -> String {
    let mut items = String::new();
    for number in day - 4..=day {
        let _ = write!(
            items,
            "<item><guid>{path}-{number}</guid><title>Beslut {number} om {path}</title><link>https://kommun.example{path}/{number}</link></item>"
        );
    }
    format!("<rss version=\"2.0\"><channel><title>{path}</title>{pace}{items}</channel></rss>")
}

async fn hear(State(court): State<Court>, request: Request) -> Response<Body> {
    let path = request.uri().path().to_owned();
    let condition = request
        .headers()
        .get("if-none-match")
        .and_then(|tag| tag.to_str().ok())
        .map(str::to_owned);
    let now = *court.clock.lock().unwrap();
    {
        let mut host = court.host.lock().unwrap();
        host.judge(&path, now);
        host.under_way += 1;
    }
    // Others get the chance to come in meanwhile.
    for _ in 0..16 {
        tokio::task::yield_now().await;
    }
    let mut host = court.host.lock().unwrap();
    host.under_way -= 1;
    host.answer(&path, condition, now)
}

async fn open_host(number: usize, clock: &Arc<Mutex<DateTime<Utc>>>) -> (String, Arc<Mutex<Host>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let host = Arc::new(Mutex::new(Host {
        number,
        ..Host::default()
    }));
    let court = Court {
        host: Arc::clone(&host),
        clock: Arc::clone(clock),
    };
    let app = axum::Router::new().fallback(hear).with_state(court);
    tokio::spawn(async move { axum::serve(listener, app).await });
    (address, host)
}

fn sources(addresses: &[String]) -> String {
    let mut text = String::new();
    for (number, address) in addresses.iter().enumerate() {
        for (source, hours) in INTERVALS.iter().enumerate() {
            let path = if source == 4 { "private" } else { "feed" };
            let _ = write!(
                text,
                "[[source]]\nid = \"h{number}s{source}\"\ntitle = \"Källa\"\nkind = \"feed\"\ninterval = \"{hours}h\"\naddress = \"{address}/{path}/{source}\"\n\n"
            );
        }
    }
    text
}

/// Keeps the clock still while anything is under way.
struct Watch {
    events: mpsc::UnboundedReceiver<Event>,
    running: usize,
}

impl Watch {
    /// Waits until every refresh has ended or waits for its host's turn; tells whether there is more to do soon.
    async fn until_quiet(&mut self, bench: &Bench, now: DateTime<Utc>) -> bool {
        loop {
            self.hear();
            while self.running != bench.fetcher.waiting() {
                // A request that came to wait makes no event.
                tokio::select! {
                    () = self.next() => {}
                    () = bench.fetcher.stirred() => {}
                }
            }
            // Asked before the last look: a source that is neither due nor running has really ended.
            let due = bench
                .store
                .read(move |reader| reader.due(now))
                .await
                .unwrap();
            self.hear();
            if self.running == bench.fetcher.waiting() {
                return self.running > 0 || !due.is_empty();
            }
        }
    }

    async fn next(&mut self) {
        if let Some(event) = self.events.recv().await {
            self.count(&event);
        }
    }

    fn hear(&mut self) {
        while let Ok(event) = self.events.try_recv() {
            self.count(&event);
        }
    }

    fn count(&mut self, event: &Event) {
        match event {
            Event::Started { .. } => self.running += 1,
            Event::Ended { .. } => self.running -= 1,
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_month_passes_without_a_complaint() {
    let start: DateTime<Utc> = "2026-10-05T00:00:00Z".parse().unwrap();
    let clock = Arc::new(Mutex::new(start));
    let (mut addresses, mut hosts) = (Vec::new(), Vec::new());
    for number in 0..HOSTS {
        let (address, host) = open_host(number, &clock).await;
        addresses.push(address);
        hosts.push(host);
    }
    let folder = tempfile::tempdir().unwrap();
    let settings = "[fetch]\nallow_private = [\"127.0.0.0/8\"]\n";
    let config = config::parse(settings, &sources(&addresses)).unwrap();
    let bench = Arc::new(Bench {
        store: Store::open(&folder.path().join("days.db")).unwrap(),
        fetcher: Fetcher::live(&config.settings.fetch).unwrap(),
        settings: config.settings,
        owner: owner(),
    });
    let (sender, events) = mpsc::unbounded_channel();
    let daemon = Daemon::start(
        Arc::clone(&bench),
        config.sources,
        start,
        sender,
        CancellationToken::new(),
    )
    .await
    .unwrap();
    let mut now = start;
    let mut watch = Watch { events, running: 0 };
    while now < start + TimeDelta::days(DAYS) {
        *clock.lock().unwrap() = now;
        daemon.tick(now).await.unwrap();
        let more = watch.until_quiet(&bench, now).await;
        let second = now + TimeDelta::seconds(1);
        now = match bench.fetcher.next_turn() {
            _ if !more => now + STEP,
            Some(turn) => turn.max(second),
            None => second,
        };
    }
    let violations: Vec<String> = hosts
        .iter()
        .flat_map(|host| host.lock().unwrap().violations.clone())
        .collect();
    let asked: usize = hosts
        .iter()
        .map(|host| host.lock().unwrap().asked.len())
        .sum();
    assert!(
        violations.is_empty(),
        "{} of {asked}:\n{}",
        violations.len(),
        violations[..violations.len().min(20)].join("\n")
    );
    let least = HOSTS * 25 * usize::try_from(DAYS).unwrap();
    assert!(asked > least, "only {asked} requests");
}
