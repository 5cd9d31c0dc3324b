//! What parsing costs: beside feed-rs alone on the same bytes, and as documents grow.
//!
//! `kept` are feeds that feed-rs reads without loss, `tolerant` the same with one construct that it would lose, so that
//! the reader of our own takes them. The figures to hold: `kept` at most 1.3 times `feed-rs`, `tolerant` at most once,
//! and the time of `growth` proportional to the size.

use std::hint::black_box;
use std::time::Duration;

use chrono::{DateTime, Utc};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use samflode::date::Context;
use samflode::model::Document;
use samflode::parse;
use url::Url;

const PARAGRAPH: &str = "<p>Nämnden har beslutat om ett nytt ramavtal för <a href=\"/avtal/17\">möbler och inredning</a>, \
    som gäller i två år med möjlighet till förlängning. Leverantörerna är fyra till antalet &amp; valda efter kvalitet.</p>\n";

fn rss(entries: usize, extra: &str) -> String {
    let mut out = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" \
         xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:atom=\"http://www.w3.org/2005/Atom\">\n<channel>\n\t<title>Nyheter</title>\n\
         \t<atom:link href=\"https://kommun.example/feed/\" rel=\"self\" type=\"application/rss+xml\" />\n\t<link>https://kommun.example</link>\n",
    );
    for n in 0..entries {
        let body = PARAGRAPH.repeat(1 + n % 5);
        out.push_str(&format!(
            "\t<item>\n\t\t<title>Nytt ramavtal nummer {n} &#8211; läs om villkoren</title>\n\t\t<link>https://kommun.example/nyheter/{n}</link>\n\
             \t\t<dc:creator><![CDATA[Inköpsenheten]]></dc:creator>\n\t\t<pubDate>Tue, 17 Nov 2026 08:{:02}:00 +0000</pubDate>\n\
             \t\t<category><![CDATA[Avtal]]></category>\n\t\t<guid isPermaLink=\"false\">https://kommun.example/?p={n}</guid>\n{extra}\
             \t\t<description><![CDATA[<p>Kort om avtal {n}.</p>]]></description>\n\
             \t\t<content:encoded><![CDATA[{body}]]></content:encoded>\n\t</item>\n",
            n % 60
        ));
    }
    out.push_str("</channel>\n</rss>\n");
    out
}

fn atom(entries: usize, extra: &str) -> String {
    let mut out = String::from(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"sv\">\n<title>Nyheter</title>\n\
         <id>https://kommun.example/</id>\n<updated>2026-11-17T08:00:00Z</updated>\n",
    );
    for n in 0..entries {
        let body = PARAGRAPH
            .repeat(1 + n % 5)
            .replace('&', "&amp;")
            .replace('<', "&lt;");
        out.push_str(&format!(
            "<entry>\n<title type=\"html\">Nytt ramavtal nummer {n}</title>\n<link rel=\"alternate\" href=\"https://kommun.example/nyheter/{n}\"/>\n\
             <id>https://kommun.example/?p={n}</id>\n<updated>2026-11-17T08:{:02}:00Z</updated>\n<author><name>Inköpsenheten</name></author>\n\
             <category term=\"avtal\"/>\n{extra}<content type=\"html\">{body}</content>\n</entry>\n",
            n % 60
        ));
    }
    out.push_str("</feed>\n");
    out
}

fn document(text: &str) -> Document {
    let address = Url::parse("https://kommun.example/feed/").expect("a constant address");
    Document::local(address, text.to_owned(), DateTime::<Utc>::UNIX_EPOCH)
}

fn beside_feed_rs(criterion: &mut Criterion) {
    let source = "<source url=\"https://kalla.example/\">Källan</source>\n";
    let lost = "<source><title>Källan</title></source>\n";
    let cases = [
        ("rss-10KB", rss(10, ""), rss(10, source)),
        ("rss-100KB", rss(90, ""), rss(90, source)),
        ("atom-10KB", atom(10, ""), atom(10, lost)),
        ("atom-100KB", atom(90, ""), atom(90, lost)),
    ];
    for (name, kept, lost) in cases {
        let mut group = criterion.benchmark_group(name);
        group.throughput(Throughput::Bytes(kept.len() as u64));
        group.bench_function("feed-rs", |b| {
            b.iter(|| feed_rs::parser::parse(black_box(kept.as_bytes())))
        });
        for (way, text) in [("kept", &kept), ("tolerant", &lost)] {
            let document = document(text);
            group.bench_function(way, |b| {
                b.iter(|| parse::feed(black_box(&document), &Context::default()))
            });
        }
        group.finish();
    }
}

fn growth(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("growth");
    for (size, entries) in [("10KB", 10), ("1MB", 950), ("20MB", 19_000)] {
        for (way, extra) in [
            ("kept", ""),
            (
                "tolerant",
                "<source url=\"https://kalla.example/\">Källan</source>\n",
            ),
        ] {
            let text = rss(entries, extra);
            group.throughput(Throughput::Bytes(text.len() as u64));
            let document = document(&text);
            let id = BenchmarkId::new(way, size);
            group.bench_with_input(id, &document, |b, document| {
                b.iter(|| parse::feed(black_box(document), &Context::default()));
            });
        }
    }
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(10).measurement_time(Duration::from_secs(3)).warm_up_time(Duration::from_secs(1));
    targets = beside_feed_rs, growth
}
criterion_main!(benches);
