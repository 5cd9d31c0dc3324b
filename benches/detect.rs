//! Detection on an ordinary large page, on sizes that show it is linear, and on pages made to hurt.

use std::fmt::Write;
use std::hint::black_box;

use chrono::DateTime;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use samflode::date::Context;
use samflode::model::Document;
use samflode::scrape;
use url::Url;

/// A listing page of about `kib` KiB: a menu, a list with dates and leads, a footer.
fn listing(kib: usize) -> String {
    let mut page =
        String::from("<!doctype html><html lang=sv><title>Nyheter</title><body><nav><ul>");
    for number in 0..80 {
        let _ = write!(
            page,
            "<li><a href='/amne/{number}/'>Ämnesområde nummer {number}</a></li>"
        );
    }
    page.push_str("</ul></nav><main><h1>Nyheter</h1><ul class=lista>");
    let mut number = 0;
    while page.len() < kib * 1024 {
        let day = number % 28 + 1;
        let _ = write!(
            page,
            "<li class='nyhet nyhet-{number}'><div class=bild><img src='/b/{number}.jpg' alt=''></div><h2><a \
             href='/nyheter/2026/krav-nummer-{number}-pa-textilier/'>Krav nummer {number} på textilier träder i kraft</a></h2>\
             <p class=datum>Publicerad {day} oktober 2026</p><p>De nya kraven gäller handdukar, lakan och arbetskläder som köps \
             av regioner och kommuner från årsskiftet. <a href='/nyheter/2026/krav-nummer-{number}-pa-textilier/'>Läs mer</a></p></li>"
        );
        number += 1;
    }
    page.push_str("</ul></main><footer><p>Exempelverket</p></footer></body></html>");
    page
}

fn read(page: &str) {
    let address = Url::parse("https://a.example/nyheter/").expect("address");
    let now = DateTime::from_timestamp(1_794_000_000, 0).expect("moment");
    let document = Document::local(address, page.to_owned(), now);
    let _ = black_box(scrape::page(&document, None, &Context::default()));
}

/// Five megabytes of what hurts a reader: depth, endless attributes, unclosed tags, a million links.
fn hostile() -> Vec<(&'static str, String)> {
    let fill = |unit: &str| unit.repeat(5 * 1024 * 1024 / unit.len());
    let attributes: String = (0..600_000).map(|number| format!(" a{number}")).collect();
    vec![
        ("nested", fill("<div>")),
        ("links", fill("<li><a href=/x>y z w</a>")),
        ("formatting", fill("<b><p>x")),
        ("attributes", format!("<a{attributes}>")),
        ("open tags", fill("<a href='x")),
        ("angle brackets", fill("<")),
        ("ampersands", fill("&amp")),
        ("dates", fill("<p>12 nov 2026 ")),
        ("spans", fill("<span class=date>1")),
    ]
}

fn detect(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("detect");
    group.sample_size(10);
    for kib in [75, 300, 1_200] {
        let page = listing(kib);
        group.throughput(Throughput::Bytes(page.len() as u64));
        group.bench_function(format!("listing of {kib} KiB"), |bencher| {
            bencher.iter(|| read(&page))
        });
    }
    for (name, page) in hostile() {
        group.throughput(Throughput::Bytes(page.len() as u64));
        group.bench_function(format!("5 MiB of {name}"), |bencher| {
            bencher.iter(|| read(&page))
        });
    }
    group.finish();
}

criterion_group!(benches, detect);
criterion_main!(benches);
