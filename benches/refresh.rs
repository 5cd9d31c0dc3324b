//! Rounds of refreshes over feeds on localhost: cold, into an empty store, and again when every answer is 304, with what one
//! such poll costs in CPU time and octets. The origin has a thread of its own, which is not counted.

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use samflode::config;
use samflode::daemon::Daemon;
use samflode::fetch::Fetcher;
use samflode::refresh::Bench;
use samflode::store::{Store, owner};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::{self, Runtime};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

/// The sources are spread over so many hosts: one host is asked by one request at a time.
const HOSTS: usize = 200;
/// Rounds that a poll's cost is the mean of.
const ROUNDS: u32 = 5;
/// Clock ticks in a second, as Linux tells CPU time.
const TICKS: f64 = 100.0;

fn feed(number: usize, entries: usize) -> String {
    let items: String = (0..entries)
        .map(|entry| {
            format!(
                "<item><title>Nyhet {entry} från källa {number} om hållbar upphandling</title>\
                 <link>https://kalla{number}.example/nyheter/{entry}</link>\
                 <guid>https://kalla{number}.example/?p={entry}</guid>\
                 <pubDate>Mon, {:02} Nov 2026 08:{:02}:00 +0100</pubDate>\
                 <description>&lt;p&gt;Ingress {entry} av källa {number}: kraven gäller från och med vecka {}.&lt;/p&gt;</description></item>",
                1 + entry % 16,
                number % 60,
                1 + (entry * 7 + number) % 52,
            )
        })
        .collect();
    format!(
        "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>Källa {number}</title><link>https://kalla{number}.example/</link><description>Prov</description>{items}</channel></rss>"
    )
}

/// A server of feeds, and what has gone over its wire.
struct Origin {
    port: u16,
    /// Where Linux tells the CPU time of its thread.
    thread: PathBuf,
    heard: Arc<AtomicU64>,
    told: Arc<AtomicU64>,
}

impl Origin {
    fn start(entries: usize) -> Self {
        let (ready, started) = std::sync::mpsc::channel();
        let (heard, told) = (Arc::<AtomicU64>::default(), Arc::<AtomicU64>::default());
        let tallies = (Arc::clone(&heard), Arc::clone(&told));
        std::thread::spawn(move || {
            let runtime = runtime::Builder::new_current_thread().enable_io().build();
            runtime.expect("a runtime").block_on(async move {
                let listener = TcpListener::bind("0.0.0.0:0").await.expect("a free port");
                let thread = fs::read_link("/proc/thread-self").unwrap_or_default();
                let port = listener.local_addr().expect("a bound port").port();
                ready.send((port, thread)).expect("a bench that waits");
                while let Ok((stream, _)) = listener.accept().await {
                    let (heard, told) = (Arc::clone(&tallies.0), Arc::clone(&tallies.1));
                    tokio::spawn(serve(stream, entries, heard, told));
                }
            });
        });
        let (port, thread) = started.recv().expect("an origin");
        Self {
            port,
            thread: PathBuf::from("/proc").join(thread).join("stat"),
            heard,
            told,
        }
    }
}

/// Answers the requests of one connection, until the other side leaves.
async fn serve(
    mut stream: TcpStream,
    entries: usize,
    heard: Arc<AtomicU64>,
    told: Arc<AtomicU64>,
) -> Option<()> {
    let mut buffer = vec![0; 4096];
    loop {
        let mut filled = 0;
        while !buffer[..filled].ends_with(b"\r\n\r\n") {
            let came = stream.read(&mut buffer[filled..]).await.ok()?;
            if came == 0 {
                return None;
            }
            filled += came;
        }
        heard.fetch_add(filled as u64, Ordering::Relaxed);
        let head = String::from_utf8_lossy(&buffer[..filled]);
        let answer = answer(&head, entries);
        told.fetch_add(answer.len() as u64, Ordering::Relaxed);
        stream.write_all(answer.as_bytes()).await.ok()?;
    }
}

fn answer(head: &str, entries: usize) -> String {
    let path = head.split(' ').nth(1).unwrap_or_default();
    let Ok(number) = path.trim_start_matches('/').parse::<usize>() else {
        return "HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n".to_owned();
    };
    if head.contains("if-none-match") {
        return format!("HTTP/1.1 304 Not Modified\r\netag: \"{number}\"\r\n\r\n");
    }
    let body = feed(number, entries);
    format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/rss+xml\r\netag: \"{number}\"\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
}

/// A service with nothing stored that follows all feeds of the origin.
struct Fresh {
    daemon: Arc<Daemon>,
    _folder: tempfile::TempDir,
    _events: mpsc::UnboundedReceiver<samflode::model::Event>,
}

async fn fresh(port: u16, feeds: usize) -> Fresh {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut sources = String::new();
    for number in 0..feeds {
        let host = 1 + number % HOSTS;
        let _ = write!(
            sources,
            "[[source]]\nid = \"k{number}\"\ntitle = \"Källa {number}\"\nkind = \"feed\"\naddress = \"http://127.0.1.{host}:{port}/{number}\"\n"
        );
    }
    let config = config::parse(
        "[fetch]\nallow_private = [\"127.0.0.0/8\"]\nspacing = \"0s\"\n",
        &sources,
    )
    .expect("a right configuration");
    let bench = Arc::new(Bench {
        store: Store::open(&folder.path().join("bench.db")).expect("a store"),
        fetcher: Fetcher::live(&config.settings.fetch).expect("a fetcher"),
        settings: config.settings,
        owner: owner(),
    });
    let (sender, events) = mpsc::unbounded_channel();
    let daemon = Daemon::start(
        bench,
        config.sources,
        chrono::Utc::now(),
        sender,
        CancellationToken::new(),
    );
    Fresh {
        daemon: daemon.await.expect("a daemon"),
        _folder: folder,
        _events: events,
    }
}

async fn round(fresh: &Fresh) {
    let all = fresh.daemon.sources().await;
    fresh
        .daemon
        .round(all, chrono::Utc::now)
        .await
        .expect("a round");
}

/// What some work has cost: CPU time without that of the origin, time in all, and octets over the wire.
struct Spent {
    cpu: f64,
    wall: Duration,
    heard: u64,
    told: u64,
}

impl std::fmt::Display for Spent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let wall = self.wall.as_secs_f64();
        write!(f, "{:.2} s of CPU, {wall:.2} s in all", self.cpu)
    }
}

impl Origin {
    fn spend(&self, work: impl FnOnce()) -> Spent {
        let own = || cpu("/proc/self/stat") - cpu(&self.thread.to_string_lossy());
        let octets = || {
            (
                self.heard.load(Ordering::Relaxed),
                self.told.load(Ordering::Relaxed),
            )
        };
        let (cpu, begun, (heard, told)) = (own(), Instant::now(), octets());
        work();
        let after = octets();
        Spent {
            cpu: own() - cpu,
            wall: begun.elapsed(),
            heard: after.0 - heard,
            told: after.1 - told,
        }
    }
}

/// The CPU time that a `stat` of Linux tells; nothing on other systems.
fn cpu(stat: &str) -> f64 {
    let text = fs::read_to_string(stat).unwrap_or_default();
    // What comes before is a name, which may hold anything.
    let fields = text.rsplit(") ").next().unwrap_or_default();
    let ticks = fields.split(' ').skip(11).take(2);
    let ticks: f64 = ticks.filter_map(|ticks| ticks.parse::<f64>().ok()).sum();
    ticks / TICKS
}

/// Many sources: once with all of them new, then what a poll costs that is answered 304.
fn measure(feeds: usize, entries: usize) {
    let runtime = Runtime::new().expect("a runtime");
    // A store that is dropped closes its readers there.
    let _inside = runtime.enter();
    let origin = Origin::start(entries);
    let house = runtime.block_on(fresh(origin.port, feeds));
    let read = origin.spend(|| runtime.block_on(round(&house)));
    println!("{feeds} sources, each with {entries} new: {read}");
    let polled = origin.spend(|| {
        for _ in 0..ROUNDS {
            runtime.block_on(round(&house));
        }
    });
    let polls = f64::from(ROUNDS) * feeds as f64;
    println!("{feeds} sources, {ROUNDS} times answered 304: {polled}");
    println!(
        "a poll answered 304: {:.0} µs of CPU, {:.0} octets asked, {:.0} answered",
        polled.cpu / polls * 1e6,
        polled.heard as f64 / polls,
        polled.told as f64 / polls,
    );
}

fn main() {
    measure(1_000, 20);
    measure(10_000, 1);
}
