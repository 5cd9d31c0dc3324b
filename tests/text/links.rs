//! Addresses in one form.

use proptest::prelude::*;
use samflode::link;
use url::Url;

fn url(text: &str) -> Url {
    Url::parse(text).expect("an address")
}

#[test]
fn addresses_are_made_absolute_or_refused() {
    let base = url("https://example.org/nyheter/lista?sida=2");
    let rows = [
        ("a", Some("https://example.org/nyheter/a")),
        (" /a b ", Some("https://example.org/a%20b")),
        ("\u{a0}/a\n", Some("https://example.org/a")),
        ("//example.net/a", Some("https://example.net/a")),
        ("?sida=3", Some("https://example.org/nyheter/lista?sida=3")),
        (
            "https://example.net/a?b=1&amp;c=2",
            Some("https://example.net/a?b=1&c=2"),
        ),
        ("www.example.net/a", Some("https://www.example.net/a")),
        ("feed://example.net/a", Some("http://example.net/a")),
        (
            "https://hållbar.example/å",
            Some("https://xn--hllbar-iua.example/%C3%A5"),
        ),
        ("", Some("https://example.org/nyheter/lista?sida=2")),
        ("javascript:alert(1)", None),
        ("mailto:a@example.org", None),
        ("data:text/plain,a", None),
        ("http://", None),
        ("tel:+4612345", None),
    ];
    for (href, expected) in rows {
        assert_eq!(
            link::resolve(&base, href).as_ref().map(Url::as_str),
            expected,
            "{href}"
        );
    }
}

#[test]
fn canonical_addresses_lose_what_only_counts_readers() {
    let rows = [
        (
            "https://example.org/a?utm_source=rss&utm_medium=x&id=3#top",
            "https://example.org/a?id=3",
        ),
        ("https://example.org/a?fbclid=abc", "https://example.org/a"),
        (
            "https://example.org/a?MC_CID=1&mc_eid=2&b",
            "https://example.org/a?b",
        ),
        ("https://example.org:443/a", "https://example.org/a"),
        ("http://example.org:80/a?", "http://example.org/a"),
        (
            "https://EXAMPLE.org./%7Ea/%c3%a5/%41",
            "https://example.org/~a/%C3%A5/A",
        ),
        ("https://user:secret@example.org/a", "https://example.org/a"),
        (
            "https://example.org/a;jsessionid=0A1B?x=1",
            "https://example.org/a?x=1",
        ),
        (
            "https://example.org/a?ref=12&source=7&p=3&n=1&cid=5",
            "https://example.org/a?ref=12&source=7&p=3&n=1&cid=5",
        ),
        ("https://example.org/a?ref=rss", "https://example.org/a"),
        (
            "https://example.org/#!/nyhet/3",
            "https://example.org/#!/nyhet/3",
        ),
        (
            "https://example.org/4.7a38/12.1f37.portlet?state=rss&sv.contenttype=text/xml;charset=UTF-8",
            "https://example.org/4.7a38/12.1f37.portlet?state=rss&sv.contenttype=text/xml;charset=UTF-8",
        ),
        (
            "https://example.org/nyheter?format=feed&type=rss",
            "https://example.org/nyheter?format=feed&type=rss",
        ),
        (
            "https://www.google.com/url?rct=j&url=https%3A%2F%2Fexample.org%2Fa%3Fb%3D1&ct=ga",
            "https://example.org/a?b=1",
        ),
    ];
    for (given, expected) in rows {
        assert_eq!(
            link::canonicalize(&url(given)).as_str(),
            expected,
            "{given}"
        );
    }
}

#[test]
fn one_page_has_one_key() {
    let same = [
        vec![
            "http://www.example.org/nyheter/a/",
            "https://example.org/nyheter/a",
            "https://m.example.org/nyheter/a?utm_source=x",
            "https://example.org/nyheter/a/index.html",
            "https://amp.example.org/nyheter/a/amp/",
            "https://example.org:8443/nyheter/a#x",
            "https://example.org/nyheter/a?amp=1",
            "https://example.org/nyheter/%61",
        ],
        vec![
            "https://example.org/a?b=1&c=2",
            "https://example.org/a?c=2&b=1&fbclid=3",
        ],
        vec![
            "https://hållbar.example/å",
            "http://www.xn--hllbar-iua.example/%c3%a5/",
        ],
    ];
    for group in &same {
        let keys: std::collections::BTreeSet<String> =
            group.iter().map(|given| link::key(&url(given))).collect();
        assert_eq!(keys.len(), 1, "{keys:?}");
    }
    let different = [
        "https://example.org/a?id=1",
        "https://example.org/a?id=2",
        "https://example.org/a",
        "https://example.org/A",
        "https://b.example.org/a",
    ];
    let keys: std::collections::BTreeSet<String> = different
        .iter()
        .map(|given| link::key(&url(given)))
        .collect();
    assert_eq!(keys.len(), different.len());
}

#[test]
fn platforms_number_their_entries() {
    let rows = [
        (
            "https://example.org/nyheter/414-hallbar-upphandling",
            Some("joomla:414"),
        ),
        (
            "https://example.org/nyheter/290-120-miljarder",
            Some("joomla:290"),
        ),
        (
            "https://example.org/index.php?option=com_content&view=article&id=12:alias",
            Some("joomla:12"),
        ),
        (
            "https://www.mynewsdesk.com/se/rum/pressreleases/en-nyhet-3214935",
            Some("mynewsdesk:3214935"),
        ),
        (
            "https://rum.mynewsdesk.com/pressreleases/en-nyhet-3214935",
            Some("mynewsdesk:3214935"),
        ),
        (
            "https://news.cision.com/se/rum/r/en-nyhet,c3456789",
            Some("cision:3456789"),
        ),
        (
            "https://via.tt.se/pressmeddelande/3248392/en-nyhet?publisherId=1",
            Some("via-tt:3248392"),
        ),
        (
            "https://electronicswatch.org/en/a-piece-of-news_2584475",
            Some("electronics-watch:2584475"),
        ),
        ("https://example.org/node/547", Some("drupal:547")),
        ("https://example.org/?p=123", Some("wordpress:123")),
        (
            "https://example.org/tjanster/upphandling.25187.html",
            Some("sitevision:25187"),
        ),
        ("https://example.org/2019-09-21-en-nyhet.html", None),
        ("https://example.org/nyheter/2019-09-21-en-nyhet", None),
        ("https://example.org/nyheter/10-rad-om-inkop/", None),
        ("https://example.org/handelser/9-18-46-brand", None),
        ("https://example.org/10-rad-om-inkop", None),
        ("https://example.org/nyheter/en-nyhet", None),
    ];
    for (given, expected) in rows {
        assert_eq!(
            link::platform_number(&url(given)).as_deref(),
            expected,
            "{given}"
        );
    }
}

#[test]
fn slugs_are_folded_to_one_spelling() {
    for group in [
        [
            "Hållbar upphandling för miljön",
            "hallbar-upphandling-foer-miljoen",
            "haallbar_upphandling-for-miljon",
        ],
        [
            "Bærekraft på Østlandet",
            "baerekraft-paa-oestlandet",
            "barekraft-pa-ostlandet",
        ],
        ["h%C3%A4vst%C3%A5ng", "haevstaang", "havstang"],
    ] {
        let folded: std::collections::BTreeSet<String> =
            group.iter().map(|slug| link::fold_slug(slug)).collect();
        assert_eq!(folded.len(), 1, "{folded:?}");
    }
}

#[test]
fn an_origin_names_its_port() {
    assert_eq!(
        link::origin(&url("https://Example.org/a")),
        "https://example.org:443"
    );
    assert_eq!(
        link::origin(&url("http://example.org:8080/a")),
        "http://example.org:8080"
    );
}

proptest! {
    #[test]
    fn canonicalizing_twice_changes_nothing(
        host in "(www\\.|m\\.)?[a-z]{1,5}\\.(se|example)\\.?",
        path in "[a-zA-Z0-9/;=%.~_å -]{0,30}",
        query in "(utm_a|id|ref|source|jsessionid|amp|[a-z%&;]{0,5})(=[a-z0-9%;/&]{0,9})?(&[a-z_=%&]{0,12})?",
        fragment in "[!/a-z]{0,5}",
    ) {
        let Ok(given) = Url::parse(&format!("https://{host}/{path}?{query}#{fragment}")) else { return Ok(()); };
        let once = link::canonicalize(&given);
        prop_assert_eq!(&link::canonicalize(&once), &once);
        prop_assert_eq!(link::key(&once), link::key(&given));
        prop_assert_eq!(Url::parse(once.as_str()).ok(), Some(once.clone()));
        let slug = link::fold_slug(&path);
        prop_assert_eq!(link::fold_slug(&slug), slug);
    }

    #[test]
    fn any_reference_is_resolved_or_refused(href in ".{0,60}") {
        let base = url("https://example.org/a/");
        if let Some(resolved) = link::resolve(&base, &href) {
            prop_assert!(resolved.has_host());
            let _ = (link::key(&resolved), link::platform_number(&resolved), link::origin(&resolved));
        }
    }
}
