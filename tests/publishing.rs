//! What is published: valid whatever the news holds, complete over archives, the same entry in every view.

use samflode::model::{Enclosure, Extent, Moment, ParsedFeed, Person};
use samflode::publish::view::{ViewKey, ViewKind};
use samflode::site::{Format, Ready, check};

use crate::support::Newsroom;
use crate::support::newsroom::entry;
use crate::support::walk::{read, walk};

fn text(ready: &Ready) -> &str {
    std::str::from_utf8(&ready.identity).unwrap()
}

#[tokio::test]
async fn every_nasty_entry_leaves_every_format_valid() {
    let mut room = Newsroom::open().await;
    let long = "ö".repeat(1 << 20);
    for title in [
        "\u{0}\u{1f}control\u{b}",
        "]]> & <b>bold</b> \"quoted\"",
        "\u{202e}backwards\u{202c} \u{200b}zero",
        "\u{fffe}\u{ffff} noncharacter",
        "📢 emoji",
        long.as_str(),
    ] {
        let mut nasty = entry("x");
        nasty.title = title.to_owned();
        nasty
            .link
            .set_query(Some(&title.chars().take(40).collect::<String>()));
        nasty.summary = Some("<p>]]&gt; &lt;script&gt;\u{8} text</p>".into());
        nasty.authors = vec![Person {
            name: Some("\u{3}".into()),
            email: Some("not mail".into()),
            url: Some("x".into()),
        }];
        nasty.enclosures = vec![Enclosure {
            url: "javascript:alert(1)".into(),
            media_type: Some("bad".into()),
            length: None,
        }];
        nasty.categories[0].term = "\u{7}".into();
        nasty.image = Some("/relative.png".into());
        room.tell("kommunen", nasty).await;
    }
    let standing = room.site.standing();
    assert_eq!(standing.faults, []);
    for format in Format::ALL {
        let ready = standing.feed(format);
        assert_eq!(check(format, &ready.identity, &standing.document), Ok(()));
        assert!(!text(ready).contains("javascript:"), "{format:?}");
        assert!(ready.identity.len() < 40_000, "{format:?}");
    }
}

#[tokio::test]
async fn an_entry_names_its_source_and_never_a_secret() {
    let mut room = Newsroom::open().await;
    room.tell("etaten", entry("Nye krav")).await;
    let standing = room.site.standing();
    let atom = text(&standing.atom);
    for expected in [
        "<source><title>Etaten</title><id>https://etaten.example/feed</id><updated>",
        "<title xml:lang=\"sv\">Nye krav</title>",
        "<summary xml:lang=\"sv\">Om Nye krav &amp; mer.</summary>",
        "<samflode:carrier source=\"etaten\"",
        "<link href=\"https://news.example/feed.atom\" rel=\"self\"",
    ] {
        assert!(atom.contains(expected), "{expected} is missing in {atom}");
    }
    let opml = room.site.opml().unwrap();
    for document in [&*standing.atom, &standing.rss, &standing.json, &opml] {
        assert!(!text(document).contains("hemligt") && !text(document).contains("abc"));
    }
}

#[tokio::test]
async fn old_news_keeps_its_date_until_it_changes_and_the_feed_says_when_it_came() {
    let mut room = Newsroom::open().await;
    let mut old = entry("Gammal nyhet");
    old.published = Moment::exact("2025-05-05T10:00:00Z".parse().unwrap());
    let id = room.tell("kommunen", old.clone()).await;
    let mut early = entry("För tidigt");
    early.updated = Some(Moment::exact("2099-01-01T00:00:00Z".parse().unwrap()));
    room.tell("kommunen", early).await;
    let told = read(&room.site.standing().atom);
    let updated = |feed: &ParsedFeed, at: usize| feed.entries[at].updated.unwrap().utc();
    assert_eq!(updated(&told, 0), room.now, "the future is now");
    assert_eq!(updated(&told, 1), old.published.utc());
    assert_eq!(told.updated.unwrap().utc(), room.now);

    old.title = "Gammal nyhet, rättad".into();
    room.correct("kommunen", id, old).await;
    let corrected = read(&room.site.standing().atom);
    assert_eq!(corrected.entries[0].id, told.entries[1].id);
    assert_eq!(updated(&corrected, 0), room.now);
}

#[tokio::test]
async fn the_extent_of_a_source_holds_in_every_format() {
    let mut room = Newsroom::open().await;
    let mut full = entry("Allt");
    full.content = Some("<p>Hela texten</p>".into());
    room.tell("kommunen", full).await;
    let mut told = async |extent: Extent| {
        room.set_extent(extent).await;
        let standing = room.site.standing();
        Format::ALL.map(|format| {
            let all = text(standing.feed(format)).to_owned();
            (all.contains("Om Allt"), all.contains("Hela texten"))
        })
    };
    assert_eq!(told(Extent::Title).await, [(false, false); 3]);
    assert_eq!(told(Extent::Summary).await, [(true, false); 3]);
    assert_eq!(told(Extent::Full).await, [(true, true); 3]);
}

#[tokio::test]
async fn full_texts_never_make_a_document_too_large_to_read() {
    let mut room = Newsroom::with(|settings| settings.publish.feed_size = 40).await;
    let long = |number: usize| {
        let mut full = entry(&format!("Nyhet {number}"));
        full.content = Some(format!("<p>{}</p>", "Hela &amp; allt. ".repeat(3_000)));
        full
    };
    room.tell_alone("kommunen", (0..40).map(long).collect())
        .await;
    room.set_extent(Extent::Full).await;
    let standing = room.site.standing();
    for format in Format::ALL {
        let ready = standing.feed(format);
        assert!(ready.identity.len() < 2_000_000, "{format:?}");
        assert!(ready.identity.len() > 1_100_000, "{format:?}");
        assert_eq!(check(format, &ready.identity, &standing.document), Ok(()));
    }
    let entries = &standing.document.entries;
    assert_eq!(entries.len(), 40);
    let whole = entries.iter().take_while(|e| e.content.is_some()).count();
    assert_eq!(
        entries.iter().filter(|e| e.content.is_some()).count(),
        whole
    );
    assert!(entries.iter().all(|e| e.summary.is_some()));
}

#[tokio::test]
async fn walking_the_archive_finds_every_entry_once_and_sealed_documents_never_change() {
    let mut room = Newsroom::open().await;
    let mut first = None;
    for number in 0..37 {
        let id = room
            .tell("kommunen", entry(&format!("Nyhet {number}")))
            .await;
        first.get_or_insert(id);
    }
    let before = walk(&room.site, &ViewKey::merged()).await;
    assert_eq!(before.titles.len(), 37);
    assert_eq!(before.documents.len(), 3);
    room.correct("kommunen", first.unwrap(), entry("Nyhet 0, rättad"))
        .await;
    for number in 37..45 {
        room.tell("kommunen", entry(&format!("Nyhet {number}")))
            .await;
    }
    let after = walk(&room.site, &ViewKey::merged()).await;
    assert_eq!(after.titles.len(), 45);
    assert!(
        after
            .titles
            .values()
            .any(|title| title == "Nyhet 0, rättad")
    );
    assert!(!after.titles.values().any(|title| title == "Nyhet 0"));
    assert_eq!(before.documents[..], after.documents[..3]);
}

#[tokio::test]
async fn the_same_entry_has_the_same_id_in_every_view() {
    let mut room = Newsroom::open().await;
    room.tell("kommunen", entry("En nyhet")).await;
    room.tell("etaten", entry("En annan")).await;
    let id = room.site.standing().document.entries[1].id.clone();
    for (kind, name) in [
        (ViewKind::Source, "kommunen"),
        (ViewKind::Category, "Hållbar upphandling"),
        (ViewKind::Category, "klimat"),
        (ViewKind::Language, "sv"),
    ] {
        for format in Format::ALL {
            let view = room
                .site
                .view(&ViewKey::new(kind, name), format)
                .await
                .unwrap()
                .unwrap();
            assert!(text(&view).contains(&id), "{kind:?} {name} {format:?}");
        }
    }
    let found = room
        .site
        .search("nyheter nyhet", Format::Atom)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(read(&found).entries.len(), 0);
    let found = room
        .site
        .search("nyhet", Format::Atom)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(read(&found).entries.len(), 1);
    let nowhere = ViewKey::new(ViewKind::Category, "finns inte");
    assert!(
        room.site
            .view(&nowhere, Format::Atom)
            .await
            .unwrap()
            .is_none()
    );
}

#[tokio::test]
async fn a_named_feed_is_filled_from_the_archive_and_refilled_when_it_changes() {
    let mut room = Newsroom::open().await;
    room.tell("kommunen", entry("Textil i vården")).await;
    room.tell("kommunen", entry("Möbler i skolan")).await;
    let named = |any: &str| samflode::model::NamedFeed {
        name: "urval".into(),
        any: vec![any.into()],
        ..Default::default()
    };
    for (pattern, expected) in [
        ("textil*", "Textil i vården"),
        ("möbler", "Möbler i skolan"),
    ] {
        room.reopened(|settings| settings.feeds = vec![named(pattern)])
            .await;
        let key = ViewKey::new(ViewKind::Named, "urval");
        let feed = read(&room.site.view(&key, Format::Atom).await.unwrap().unwrap());
        let titles: Vec<_> = feed
            .entries
            .iter()
            .map(|e| e.title.as_ref().unwrap().value.clone())
            .collect();
        assert_eq!(titles, [expected]);
    }
}

#[tokio::test]
async fn what_its_source_takes_back_is_withdrawn_and_the_rest_stays() {
    let mut room = Newsroom::open().await;
    room.tell("kommunen", entry("Blir kvar")).await;
    let id = room.tell("kommunen", entry("Tas tillbaka")).await;
    room.take_back("kommunen", id).await;
    let standing = room.site.standing();
    let atom = text(&standing.atom);
    assert!(atom.contains("<at:deleted-entry ref="), "{atom}");
    assert!(!atom.contains("Tas tillbaka") && atom.contains("Blir kvar"));
    assert!(text(&standing.json).contains("\"withdrawn\":\"2026-"));
    assert_eq!(standing.faults, []);
}

#[tokio::test]
async fn a_takedown_removes_the_text_everywhere_for_good() {
    let mut room = Newsroom::open().await;
    let id = room.tell("kommunen", entry("Hemlig uppgift")).await;
    for number in 0..12 {
        room.tell("kommunen", entry(&format!("Nyhet {number}")))
            .await;
    }
    room.site
        .take_down("1", "wrong person named", room.now)
        .await
        .unwrap();
    room.correct("kommunen", id, entry("Hemlig uppgift igen"))
        .await;
    let sealed = room
        .site
        .sealed(&ViewKey::merged(), 1)
        .await
        .unwrap()
        .unwrap();
    let standing = room.site.standing();
    for document in [&*sealed, &standing.atom, &standing.rss, &standing.json] {
        assert!(!text(document).contains("Hemlig"));
    }
    let found = room
        .site
        .search("hemlig", Format::Atom)
        .await
        .unwrap()
        .unwrap();
    assert!(!text(&found).contains("Hemlig"));
    assert_eq!(
        samflode::site::altered_documents(&room.store)
            .await
            .unwrap(),
        Vec::<String>::new()
    );
    assert!(room.site.take_down("999", "", room.now).await.is_err());
}

#[tokio::test]
async fn a_delta_holds_what_is_new_and_nothing_where_too_much_is() {
    let mut room = Newsroom::open().await;
    for number in 0..10 {
        room.tell("kommunen", entry(&format!("Nyhet {number}")))
            .await;
    }
    let known = room.site.standing().atom.sequence.unwrap();
    room.tell("kommunen", entry("Nyast")).await;
    let standing = room.site.standing();
    let delta = standing.delta(known).expect("there is something new");
    assert_eq!(read(&delta).entries.len(), 1);
    assert!(standing.delta(0).is_none());
    assert!(standing.delta(standing.atom.sequence.unwrap()).is_none());
}

#[tokio::test]
async fn a_restart_serves_the_same_bytes() {
    let mut room = Newsroom::open().await;
    room.tell("kommunen", entry("En nyhet")).await;
    let before = room.site.standing().atom.digest.clone();
    room.reopened(|_| {}).await;
    assert_eq!(room.site.standing().atom.digest, before);
}

#[tokio::test]
async fn a_copy_made_while_running_is_whole() {
    let mut room = Newsroom::open().await;
    room.tell("kommunen", entry("En nyhet")).await;
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("copy.db");
    room.store.back_up(copy.clone()).await.unwrap();
    let copied = samflode::store::Store::open(&copy).unwrap();
    copied.quick_check().await.unwrap();
    assert_eq!(
        copied
            .read(|reader| reader.newest_entries(10))
            .await
            .unwrap()
            .len(),
        1
    );
}

#[tokio::test]
async fn the_password_of_a_source_is_in_no_link_of_what_it_told() {
    let site = crate::support::Site::start().await;
    let body = "&lt;a href=\"/sida\"&gt;sidan&lt;/a&gt; &lt;img src=\"bild.png\"&gt;";
    let told = format!(
        "<rss version=\"2.0\"><channel><title>Kommunens nyheter</title><link>/</link><description/><item>\
         <title>Nytt</title><guid>1</guid><link>/nyheter/1</link><description>{body}</description></item></channel></rss>"
    );
    site.publish("/rss", told);
    let address = site.at("/rss").replace("http://", "http://kim:hemligt@");
    let source = format!("[[source]]\nid = \"a\"\naddress = \"{address}\"\npublish = \"full\"\n");
    let mut world = crate::support::World::following(&source).await;
    world.refresh().await;
    let published = world.site().await;
    let atom = text(&published.standing().atom).to_owned();
    assert!(
        atom.contains("/sida") && !atom.contains("hemligt"),
        "{atom}"
    );
    assert!(
        atom.contains("<source><title>Kommunens nyheter</title>"),
        "a source without a title of ours goes by its own: {atom}"
    );
}
