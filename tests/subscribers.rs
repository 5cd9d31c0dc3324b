//! What a subscriber can rely on over time: a day of polls, a year of archives, a hub between two services.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};

use chrono::{Duration, SubsecRound, TimeDelta, Utc};
use samflode::date::Context;
use samflode::model::{Document, Entry};
use samflode::parse;
use samflode::publish::view::ViewKey;
use samflode::websub::{subscriber, tell};

use crate::support::newsroom::{Served, entry};
use crate::support::walk::walk;
use crate::support::{Newsroom, World};

const WORDS: [&str; 16] = [
    "regionen",
    "upphandlar",
    "arbetskläder",
    "med",
    "krav",
    "på",
    "återbruk",
    "och",
    "spårbarhet",
    "i",
    "leverantörskedjan",
    "enligt",
    "den",
    "nya",
    "vägledningen",
    "nämnden",
];

/// A piece of news of ordinary length.
fn ordinary(number: usize) -> Entry {
    let word = |n: usize| WORDS[(number * 7 + n * (3 + number % 5)) % WORDS.len()];
    let words = |count: usize| (0..count).map(word).collect::<Vec<_>>().join(" ");
    let mut entry = entry(&format!("{} nr {number}", words(8)));
    entry.link = format!("https://kommunen.example/nyheter/2026/{number}-beslut")
        .parse()
        .unwrap();
    entry.summary = Some(format!("<p>Ärende {number}: {}.</p>", words(40)));
    entry
}

/// A feed reader that says `A-IM: feed` and counts every byte on the wire.
struct Poller {
    server: SocketAddr,
    tag: String,
    bytes: usize,
    seen: Vec<String>,
}

impl Poller {
    /// Polls once; the status.
    fn poll(&mut self) -> u16 {
        let mut connection = TcpStream::connect(self.server).unwrap();
        let condition = match self.tag.as_str() {
            "" => String::new(),
            tag => format!("A-IM: feed\r\nIf-None-Match: {tag}\r\n"),
        };
        let request = format!(
            "GET /feed.atom HTTP/1.1\r\nHost: news.example\r\nUser-Agent: Läsaren/3.1\r\nAccept-Encoding: gzip\r\n\
             {condition}Connection: close\r\n\r\n"
        );
        connection.write_all(request.as_bytes()).unwrap();
        let mut answer = Vec::new();
        connection.read_to_end(&mut answer).unwrap();
        self.bytes += request.len() + answer.len();
        let seam = answer
            .windows(4)
            .position(|four| four == b"\r\n\r\n")
            .unwrap();
        let head = String::from_utf8(answer[..seam].to_vec()).unwrap();
        let tag = head
            .lines()
            .find_map(|line| line.strip_prefix("etag: "))
            .unwrap();
        self.tag = tag.to_owned();
        if answer.len() > seam + 4 {
            self.take(&answer[seam + 4..]);
        }
        head.split(' ').nth(1).unwrap().parse().unwrap()
    }

    fn take(&mut self, gzip: &[u8]) {
        let mut text = Vec::new();
        flate2::read::GzDecoder::new(gzip)
            .read_to_end(&mut text)
            .unwrap();
        let document = Document::local(
            "https://news.example/feed.atom".parse().unwrap(),
            text,
            Utc::now(),
        );
        let feed = parse::feed(&document, &Context::default()).unwrap();
        self.seen
            .extend(feed.entries.into_iter().filter_map(|entry| entry.id));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_hourly_subscriber_of_twenty_entries_a_day_costs_less_than_40_kilobytes() {
    let mut room = Newsroom::with(|settings| settings.publish.feed_size = 100).await;
    room.tell_alone("kommunen", (0..150).map(ordinary).collect())
        .await;
    room.site.refresh(room.now).await.unwrap();
    let served = room.serve().await;
    let mut poller = Poller {
        server: served.address,
        tag: String::new(),
        bytes: 0,
        seen: Vec::new(),
    };
    assert_eq!(poller.poll(), 200);
    let whole = std::mem::take(&mut poller.bytes);
    poller.seen.clear();
    // The dearest way to spread twenty over a day: as many polls as can be find something.
    let mut statuses = Vec::new();
    for hour in 0..24 {
        if hour < 20 {
            room.tell("kommunen", ordinary(1000 + hour)).await;
        }
        statuses.push(poller.poll());
    }
    assert_eq!(statuses[..20], [226; 20]);
    assert_eq!(statuses[20..], [304; 4]);
    assert_eq!(poller.seen.len(), 20, "each once");
    assert!(
        poller.bytes < 40_000,
        "{} bytes a day, {whole} for the whole feed",
        poller.bytes
    );
}

/// The simulated year, in rounds of so much news that 10,000 are told.
const ROUNDS: usize = 20;
const A_ROUND: usize = 500;

#[tokio::test(flavor = "multi_thread")]
async fn a_year_of_archives_holds_every_entry_once_and_no_sealed_document_changes() {
    let mut room = Newsroom::with(|settings| settings.publish.archive_size = 100).await;
    let plain = |number: usize| {
        let mut entry = ordinary(number);
        entry.categories.clear();
        entry.language = None;
        entry
    };
    let (mut sealed, mut corrected, mut taken_back) = (Vec::new(), 0, Vec::new());
    for round in 0..ROUNDS {
        room.now += TimeDelta::days(18);
        let first = round * A_ROUND;
        room.tell_alone("bolaget", (first + 2..first + A_ROUND).map(plain).collect())
            .await;
        // One is corrected when it is sealed already, one is told by another body too, and now and then one is taken back.
        let mut own = entry(&format!("Upphandling av bussar, omgång {round}"));
        own.link = format!("https://kommunen.example/bussar/{round}")
            .parse()
            .unwrap();
        room.tell("bolaget", own.clone()).await;
        room.tell("etaten", own.clone()).await;
        let mut other = plain(first + 1);
        let second = room.tell("bolaget", other.clone()).await;
        if round % 4 == 3 {
            taken_back.push(other.title.clone());
            room.take_back("bolaget", second).await;
        } else {
            other.title = format!("{} (rättad)", other.title);
            room.correct("bolaget", second, other).await;
            corrected += 1;
        }
        if [4, 11, ROUNDS - 1].contains(&round) {
            let walked = walk(&room.site, &ViewKey::merged()).await;
            assert_eq!(
                walked.documents[..sealed.len()],
                sealed[..],
                "round {round}"
            );
            sealed = walked.documents;
        }
    }
    let walked = walk(&room.site, &ViewKey::merged()).await;
    assert_eq!(walked.twice, Vec::<String>::new());
    assert_eq!(walked.titles.len(), ROUNDS * A_ROUND - taken_back.len());
    assert!(walked.documents.len() >= 100, "{}", walked.documents.len());
    let with = |end: &str| {
        walked
            .titles
            .values()
            .filter(|title| title.ends_with(end))
            .count()
    };
    assert_eq!(with("(rättad)"), corrected);
    assert!(
        walked
            .titles
            .values()
            .all(|title| !taken_back.contains(title))
    );
    let altered = samflode::site::altered_documents(&room.store)
        .await
        .unwrap();
    assert_eq!(altered, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_at_one_service_reaches_the_service_that_subscribes_to_it_and_the_lease_is_renewed()
 {
    let socket = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}/", socket.local_addr().unwrap());
    let mut publisher = Newsroom::with(|settings| {
        settings.websub.own_hub = true;
        settings.site.base_url = base.parse().unwrap();
    })
    .await;
    publisher.tell("kommunen", entry("Det första")).await;
    let _publisher = Served::start(socket, publisher.site.clone());
    let socket = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let own = format!("http://{}/", socket.local_addr().unwrap());
    let mut reader = World::with(
        &format!("[websub]\nsubscribe = true\n[site]\nbase_url = \"{own}\"\n"),
        &format!("[[source]]\nid = \"a\"\naddress = \"{base}feed.atom\"\n"),
    )
    .await;
    reader.later(Utc::now() - reader.now);
    reader.refresh().await;
    assert_eq!(reader.titles().await, ["Det första"]);
    let _reader = Served::start(socket, reader.site().await);

    // The reader asks the hub that the feed names, and the hub asks back.
    let begun = Utc::now().trunc_subsecs(0);
    let lease = async |reader: &World, publisher: &Newsroom, now| {
        let (store, settings) = (&reader.bench.store, &reader.bench.settings);
        subscriber::tend(store, &reader.bench.fetcher, settings, now)
            .await
            .unwrap();
        tell(
            &publisher.site,
            &reader.bench.fetcher,
            false,
            now + Duration::seconds(5),
        )
        .await
        .unwrap();
        let kept = store.read(|reader| reader.subscriptions()).await.unwrap();
        (kept[0].asked, kept[0].expires.expect("the hub confirmed"))
    };
    let (_, until) = lease(&reader, &publisher, begun).await;
    assert!(until > begun + Duration::days(9));

    publisher.tell("kommunen", entry("Det andra")).await;
    for (told, titles) in [
        (false, &["Det första"][..]),
        (true, &["Det första", "Det andra"]),
    ] {
        tell(&publisher.site, &reader.bench.fetcher, told, begun)
            .await
            .unwrap();
        reader.daemon.tick(Utc::now()).await.unwrap();
        reader.daemon.settle().await;
        assert_eq!(reader.titles().await, titles, "the hub told: {told}");
    }

    let (asked, _) = lease(&reader, &publisher, begun + Duration::days(5)).await;
    assert_eq!(asked, begun, "half of it is left");
    let later = begun + Duration::days(9);
    let (asked, _) = lease(&reader, &publisher, later).await;
    assert_eq!(asked.timestamp(), later.timestamp());
    let held = publisher.store.read(move |reader| {
        reader.hub_subscriptions(&format!("{base}feed.atom"), later + Duration::days(9))
    });
    assert_eq!(held.await.unwrap().len(), 1, "the hub holds the lease on");
}
