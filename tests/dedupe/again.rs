//! The same entries of the same source again, whatever its system does to guids, addresses, dates and words: nothing is
//! new and no published id changes. Each row goes through two refreshes of a real store.

use std::collections::BTreeMap;

use chrono::Duration;
use samflode::model::{EntryId, Outcome};

use crate::support::feeds::{Item, rss};
use crate::support::{Site, World};

/// What a system does to its feed between two refreshes.
type Doing = fn(usize, &mut Item);

const NEWS: [(&str, &str, &str); 6] = [
    (
        "Regionen bygger ut vårdcentralen i Hallsnäs",
        "vardcentralen-i-hallsnas-byggs-ut",
        "Vårdcentralen i Hallsnäs får sju nya mottagningsrum och en egen röntgen. Bygget kostar 43 miljoner kronor.",
    ),
    (
        "Busslinje 17 får ny sträckning genom Mörtfors",
        "ny-strackning-for-busslinje-17",
        "Från den 9 januari kör linje 17 över Kvarnbron och stannar vid det nya gymnasiet i Mörtfors.",
    ),
    (
        "Skolmaten lagas med mer rotfrukter från trakten",
        "skolmaten-lagas-med-rotfrukter",
        "Kommunens nio skolkök köper hälften av rotfrukterna från odlare inom fem mil, enligt ett nytt avtal.",
    ),
    (
        "Biblioteket lånar ut symaskiner och verktyg",
        "biblioteket-lanar-ut-symaskiner",
        "Den som har lånekort kan ta hem en symaskin eller en skruvdragare i två veckor utan kostnad.",
    ),
    (
        "Vattenprover vid badplatserna visar god kvalitet",
        "vattenprover-vid-badplatserna",
        "Alla elva badplatser hade god kvalitet i årets sista provtagning. Nästa prov tas i maj.",
    ),
    (
        "Nämnden säger nej till vindkraft på Ripberget",
        "nej-till-vindkraft-pa-ripberget",
        "Miljönämnden avstyrker ansökan om fjorton vindkraftverk med hänvisning till rennäringen.",
    ),
];

const CASES: [(&str, Doing); 34] = [
    ("nothing", |_, _| {}),
    ("another guid", |n, item| {
        item.guid = format!("urn:nyhet:{n}:b81f-42")
    }),
    ("no guid any more", |_, item| item.guid.clear()),
    ("the address as guid", |_, item| {
        item.guid.clone_from(&item.link)
    }),
    ("http", |_, item| {
        item.link = item.link.replace("https:", "http:")
    }),
    ("guid and address over http", |_, item| {
        item.link = item.link.replace("https:", "http:");
        item.guid = item.guid.replace("https:", "http:");
    }),
    ("without www", |_, item| {
        item.link = item.link.replace("www.", "")
    }),
    ("a mobile host", |_, item| {
        item.link = item.link.replace("www.", "m.")
    }),
    ("another host", |_, item| {
        item.link = item.link.replace("www.exempel.se", "nyheter.exempel.org");
        item.guid = item.guid.replace("www.exempel.se", "nyheter.exempel.org");
    }),
    ("a last slash", |_, item| item.link.push('/')),
    ("index.html", |_, item| item.link.push_str("/index.html")),
    ("tracking", |n, item| {
        item.link.push_str(&format!(
            "?utm_source=rss&amp;utm_medium=feed&amp;fbclid=x{n}&amp;mc_cid=9"
        ));
    }),
    ("a fragment", |_, item| item.link.push_str("#innehall")),
    ("a port", |_, item| {
        item.link = item.link.replace("exempel.se/", "exempel.se:443/")
    }),
    ("percent-encoded", |_, item| {
        item.link = item.link.replace("å", "%C3%A5")
    }),
    ("percent-encoded in small letters", |_, item| {
        item.link = item.link.replace("å", "%c3%a5")
    }),
    ("an internationalized host in ASCII", |_, item| {
        item.link = item.link.replace("www.exempel.se", "xn--rdhus-lra.se");
    }),
    ("another path, Joomla's number kept", |n, item| {
        item.link = format!("https://www.exempel.se/nyheter/{}-{}", 310 + n, NEWS[n].1);
        item.guid.clone_from(&item.link);
    }),
    ("another path and alias, Joomla's number kept", |n, item| {
        item.link = format!("https://www.exempel.se/2026/{}-artikel", 310 + n);
        item.guid.clone_from(&item.link);
    }),
    ("another path, Mynewsdesk's number kept", |n, item| {
        item.link = format!(
            "https://www.exempel.se/se/press/news/{}-{}",
            NEWS[n].1,
            3_145_310 + n
        );
        item.guid.clone_from(&item.link);
    }),
    ("another path, Cision's number kept", |n, item| {
        item.link = format!("https://www.exempel.se/r/{},c{}", NEWS[n].1, 4_012_310 + n);
        item.guid.clone_from(&item.link);
    }),
    ("another path, the slug kept", |n, item| {
        item.link = format!("https://www.exempel.se/arkiv/2026/11/{}.html", NEWS[n].1);
        item.guid.clone_from(&item.link);
    }),
    ("today's date", |_, item| {
        item.date = "Tue, 17 Nov 2026 10:00:00 +0100".into()
    }),
    ("no date", |_, item| item.date.clear()),
    ("a date three years back", |n, item| {
        item.date = format!("Thu, {:02} Nov 2023 10:00:00 +0100", n + 1)
    }),
    ("a day's correction of the date", |n, item| {
        item.date = format!("Mon, {:02} Nov 2026 08:00:00 +0100", 3 + n)
    }),
    ("titles in capitals", |_, item| {
        item.title = item.title.to_uppercase()
    }),
    ("a slip mended in the title", |_, item| {
        item.title = item.title.replacen("nn", "n", 1)
    }),
    ("a label before the title", |_, item| {
        item.title = format!("Nyhet: {}", item.title)
    }),
    ("words added to the title", |_, item| {
        item.title.push_str(" efter beslut i går")
    }),
    ("another title", |n, item| {
        item.title = [
            "Ny röntgen",
            "Bussen byter väg",
            "Grönt på tallriken",
            "Låna en symaskin",
            "Rent vatten",
            "Nej till kraftverk",
        ][n]
            .into();
    }),
    ("an added lead", |n, item| {
        item.text = format!(
            "Beslutet fattades i onsdags och är ärende nummer {} i år. {}",
            n + 210,
            item.text
        );
    }),
    ("no text", |_, item| item.text.clear()),
    (
        "a new system: guids, host, path, dates and leads",
        |n, item| {
            item.guid = format!("{}", 9_000 + n);
            item.link = format!("https://nya.exempel.org/artiklar/{}", NEWS[n].1);
            item.date = "Tue, 17 Nov 2026 10:00:00 +0100".into();
            item.text.push_str(" Läs mer på vår nya webbplats.");
        },
    ),
];

/// The feed before: where a row speaks of a platform, addresses are that platform's.
fn before(case: &str) -> Vec<Item> {
    let numbered = |n: usize| {
        let (title, slug, text) = NEWS[n];
        let link = if case.contains("Joomla") {
            format!(
                "https://www.exempel.se/index.php/aktuellt/{}-{slug}",
                310 + n
            )
        } else if case.contains("Mynewsdesk") {
            format!(
                "https://www.exempel.se/se/exempel/pressreleases/{slug}-{}",
                3_145_310 + n
            )
        } else if case.contains("Cision") {
            format!(
                "https://www.exempel.se/sv/exempel/r/{slug},c{}",
                4_012_310 + n
            )
        } else if case.contains("internationalized") {
            format!("https://rådhus.se/nyheter/{slug}")
        } else if case.contains("encoded") {
            format!("https://www.exempel.se/nyheter/vård/{slug}")
        } else {
            format!("https://www.exempel.se/nyheter/{slug}")
        };
        Item {
            guid: format!("https://www.exempel.se/?p={}", 310 + n),
            link,
            title: title.into(),
            text: text.into(),
            date: format!("Mon, {:02} Nov 2026 08:00:00 +0100", 2 + n),
        }
    };
    (0..NEWS.len()).map(numbered).collect()
}

/// The published id of each entry.
async fn published(world: &World) -> BTreeMap<i64, Option<String>> {
    let ids: Vec<EntryId> = world
        .entries()
        .await
        .into_iter()
        .map(|entry| entry.id)
        .collect();
    world
        .bench
        .store
        .read(move |reader| {
            ids.into_iter()
                .map(|id| {
                    let cluster = reader.entry(id)?.and_then(|entry| entry.cluster);
                    let published = cluster
                        .map(|cluster| reader.carriers(cluster))
                        .transpose()?;
                    Ok((id.0, published.and_then(|(id, _)| id)))
                })
                .collect()
        })
        .await
        .unwrap()
}

fn is_nothing_new(outcome: &Outcome) -> bool {
    matches!(
        outcome,
        Outcome::Unchanged
            | Outcome::Updated {
                new: 0,
                held: 0,
                ..
            }
    )
}

#[tokio::test]
async fn whatever_a_system_does_nothing_is_new_and_no_published_id_changes() {
    let mut wrong = Vec::new();
    for (case, change) in CASES {
        let site = Site::start().await;
        let items = before(case);
        site.publish("/rss", rss(&items));
        let source = format!(
            "[[source]]\nid = \"a\"\naddress = \"{}\"\n",
            site.at("/rss")
        );
        let mut world = World::following(&source).await;
        world.refresh().await;
        let ids = published(&world).await;
        assert_eq!(ids.len(), NEWS.len());
        assert!(ids.values().all(Option::is_some));
        let mut after = items.clone();
        after
            .iter_mut()
            .enumerate()
            .for_each(|(n, item)| change(n, item));
        // There, back, and there again in the other order.
        for (hours, feed) in [
            (3, &after),
            (6, &items),
            (9, &after.iter().rev().cloned().collect()),
        ] {
            site.publish("/rss", rss(feed));
            world.later(Duration::hours(hours));
            let outcome = world.refresh().await.remove(0);
            let now = published(&world).await;
            if !is_nothing_new(&outcome) || now != ids {
                wrong.push(format!(
                    "{case}, after {hours} h: {outcome:?}, {} entries",
                    now.len()
                ));
                break;
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {}:\n{}",
        wrong.len(),
        CASES.len(),
        wrong.join("\n")
    );
}

#[tokio::test]
async fn a_guid_that_rotates_at_every_fetch_adds_nothing() {
    let site = Site::start().await;
    let source = format!(
        "[[source]]\nid = \"a\"\naddress = \"{}\"\n",
        site.at("/rss")
    );
    let mut world = World::following(&source).await;
    for round in 0..8 {
        let mut items = before("");
        for (n, item) in items.iter_mut().enumerate() {
            item.guid = format!("{:x}-{n}", 0x5eed_0000_u64 + round * 7919);
        }
        site.publish("/rss", rss(&items));
        let outcome = world.refresh().await.remove(0);
        assert!(round == 0 || is_nothing_new(&outcome), "{outcome:?}");
        world.later(Duration::hours(1));
    }
    assert_eq!(world.entries().await.len(), NEWS.len());
}

#[tokio::test]
async fn former_addresses_share_one_identity() {
    let (old, new) = (Site::start().await, Site::start().await);
    let items = before("");
    let at = |site: &Site, items: &[Item]| -> Vec<Item> {
        let moved = |item: &Item| Item {
            link: item.link.replace("https://www.exempel.se", &site.at("")),
            guid: item.guid.replace("https://www.exempel.se", &site.at("")),
            ..item.clone()
        };
        items.iter().map(moved).collect()
    };
    old.publish("/rss", rss(&at(&old, &items)));
    new.publish("/feed", rss(&at(&new, &items)));
    let source = format!("[[source]]\nid = \"a\"\naddress = \"{}\"\n", old.at("/rss"));
    let mut world = World::following(&source).await;
    world.refresh().await;
    let ids = published(&world).await;
    let moved = format!(
        "[[source]]\nid = \"a\"\naddress = [\"{}\", \"{}\"]\n",
        new.at("/feed"),
        old.at("/rss")
    );
    world.follow(&moved).await;
    let outcome = world.refresh().await.remove(0);
    assert!(is_nothing_new(&outcome), "{outcome:?}");
    assert_eq!(published(&world).await, ids);
}

/// What one feed does to one text, and whether subscribers should hear of it.
const EDITS: [(&str, bool, &str, &str); 14] = [
    (
        "white space",
        false,
        "Bron  öppnar\n den 4 maj.",
        "Bron öppnar den 4 maj.",
    ),
    (
        "tracking in links",
        false,
        "Bron öppnar den 4 maj. &lt;a href=\"https://x.example/?utm_source=a\"&gt;Karta&lt;/a&gt;",
        "Bron öppnar den 4 maj. &lt;a href=\"https://x.example/?utm_source=b\"&gt;Karta&lt;/a&gt;",
    ),
    (
        "a counter",
        false,
        "&lt;p&gt;Bron öppnar den 4 maj.&lt;/p&gt;&lt;p&gt;Läst 120 gånger&lt;/p&gt;",
        "&lt;p&gt;Bron öppnar den 4 maj.&lt;/p&gt;&lt;p&gt;Läst 121 gånger&lt;/p&gt;",
    ),
    (
        "a share bar",
        false,
        "&lt;p&gt;Bron öppnar den 4 maj.&lt;/p&gt;",
        "&lt;p&gt;Bron öppnar den 4 maj.&lt;/p&gt;&lt;p&gt;Dela på Facebook&lt;/p&gt;",
    ),
    (
        "the order of boilerplate",
        false,
        "&lt;p&gt;Bron öppnar den 4 maj.&lt;/p&gt;&lt;p&gt;Kommunen har växel och reception.&lt;/p&gt;&lt;p&gt;Kontakta oss vid frågor.&lt;/p&gt;",
        "&lt;p&gt;Bron öppnar den 4 maj.&lt;/p&gt;&lt;p&gt;Kontakta oss vid frågor.&lt;/p&gt;&lt;p&gt;Kommunen har växel och reception.&lt;/p&gt;",
    ),
    (
        "a time stamp",
        false,
        "&lt;p&gt;Bron öppnar den 4 maj.&lt;/p&gt;&lt;p&gt;Senast uppdaterad 16 november 2026&lt;/p&gt;",
        "&lt;p&gt;Bron öppnar den 4 maj.&lt;/p&gt;&lt;p&gt;Senast uppdaterad 17 november 2026&lt;/p&gt;",
    ),
    (
        "markup",
        false,
        "Bron öppnar den &lt;b&gt;4 maj&lt;/b&gt;.",
        "&lt;p&gt;Bron öppnar den &lt;strong&gt;4 maj&lt;/strong&gt;.&lt;/p&gt;",
    ),
    (
        "spelling of a word",
        false,
        "Bron öpnar den 4 maj efter ombyggnaden.",
        "Bron öppnar den 4 maj efter ombyggnaden.",
    ),
    (
        "a figure",
        true,
        "Bron kostar 54 miljoner kronor.",
        "Bron kostar 53 miljoner kronor.",
    ),
    (
        "a date",
        true,
        "Bron öppnar den 4 maj.",
        "Bron öppnar den 9 juni.",
    ),
    (
        "an added sentence",
        true,
        "Bron öppnar den 4 maj.",
        "Bron öppnar den 4 maj. Under ombyggnaden leds trafiken om över Kvarnbron.",
    ),
    (
        "a withdrawn sentence",
        true,
        "Bron öppnar den 4 maj. Under ombyggnaden leds trafiken om över Kvarnbron.",
        "Bron öppnar den 4 maj.",
    ),
    (
        "a denial",
        true,
        "Bron kommer att öppna den 4 maj som planerat.",
        "Bron kommer inte att öppna den 4 maj som planerat.",
    ),
    (
        "a text where there was none",
        true,
        "",
        "Bron öppnar den 4 maj. Under ombyggnaden leds trafiken om över Kvarnbron.",
    ),
];

#[tokio::test]
async fn only_a_material_change_is_a_revision_and_a_new_updated() {
    let mut wrong = Vec::new();
    for (case, is_news, old, new) in EDITS {
        let site = Site::start().await;
        let mut items = before("");
        items[0].text = old.into();
        site.publish("/rss", rss(&items));
        let source = format!(
            "[[source]]\nid = \"a\"\naddress = \"{}\"\n",
            site.at("/rss")
        );
        let mut world = World::following(&source).await;
        world.refresh().await;
        let changed = |world: &World| {
            let store = world.bench.store.clone();
            async move {
                let entry = store
                    .read(|reader| reader.newest_entries(100))
                    .await
                    .unwrap();
                let entry = entry
                    .into_iter()
                    .find(|entry| entry.entry.title == NEWS[0].0)
                    .unwrap();
                (entry.revisions, entry.changed)
            }
        };
        let before = changed(&world).await;
        items[0].text = new.into();
        site.publish("/rss", rss(&items));
        world.later(Duration::hours(2));
        world.refresh().await;
        let after = changed(&world).await;
        let expected = if is_news { (1, world.now) } else { before };
        if after != expected {
            wrong.push(format!(
                "{case}: {before:?} became {after:?}, expected {expected:?}"
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
