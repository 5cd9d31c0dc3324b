//! Lists over several pages, in each way that sites link to the next one.

use crate::support::world::new;
use crate::support::{Site, World};

/// How a site addresses the page with a number, and how it links to it.
struct Style {
    name: &'static str,
    page: fn(u32) -> String,
    link: fn(&str) -> String,
}

const STYLES: [Style; 7] = [
    Style {
        name: "start",
        page: |n| format!("?start={}", (n - 1) * 5),
        link: |to| {
            format!(
                "<ul class=\"pagination\"><li><a href=\"{to}\" aria-label=\"Nästa\">»</a></li></ul>"
            )
        },
    },
    Style {
        name: "page",
        page: |n| format!("?page={n}"),
        link: |to| format!("<nav><a href=\"{to}\">Nästa sida</a></nav>"),
    },
    Style {
        name: "folder",
        page: |n| format!("/page/{n}/"),
        link: |to| format!("<div class=\"nav-previous\"><a href=\"{to}\">Äldre inlägg</a></div>"),
    },
    Style {
        name: "ajax",
        page: |n| format!("?ajax=true&page={n}"),
        link: |to| {
            format!(
                "<a class=\"more\" href=\"{}\">Visa fler</a>",
                to.replace('&', "&amp;")
            )
        },
    },
    Style {
        name: "after",
        page: |n| format!("/latest_news?after=167411893024{n}_322849{n}--Pressrelease"),
        link: |to| format!("<a href=\"{to}\">Visa fler</a>"),
    },
    Style {
        name: "relation",
        page: |n| format!("?sida={n}"),
        link: |to| format!("<link rel=\"next\" href=\"{to}\">"),
    },
    Style {
        name: "numbers",
        page: |n| format!("?p={n}"),
        link: |to| {
            format!(
                "<a href=\"{to}\">{}</a>",
                to.rsplit('=').next().unwrap_or_default()
            )
        },
    },
];

/// Another list on every page, good enough to be taken for news where there are none.
const GUIDES: &str = "<section><div class=\"guide\"><h3><a href=\"/guide/hur-krav-skrivs\">Vägledning om hur krav skrivs</a></h3>\
     <p>2 maj 2025</p></div><div class=\"guide\"><h3><a href=\"/guide/hur-krav-foljs\">Vägledning om hur krav följs upp</a></h3>\
     <p>9 maj 2025</p></div><div class=\"guide\"><h3><a href=\"/guide/hur-krav-vags\">Vägledning om hur krav vägs</a></h3>\
     <p>21 maj 2025</p></div></section>";

impl Style {
    fn path(&self, page: u32) -> String {
        match page {
            1 => format!("/{}", self.name),
            _ => format!("/{}{}", self.name, (self.page)(page)),
        }
    }

    /// Publishes the newest so many pieces of news, five a page; the last page links to one without any.
    fn publish(&self, site: &Site, newest: u32) {
        let pages = newest.div_ceil(5) + 1;
        for page in 1..=pages {
            let first = newest.saturating_sub((page - 1) * 5);
            let rows: String = (first.saturating_sub(4).max(1)..=first)
                .rev()
                .map(|n| {
                    let name = self.name;
                    format!(
                        "<li class=\"news\"><a href=\"/{name}/nyhet-nummer-{n}\">Nyhet nummer {n} om regionens nya avtal</a> \
                         <time datetime=\"2026-10-{n:02}\">{n} oktober 2026</time></li>"
                    )
                })
                .collect();
            let next = match page < pages {
                true => (self.link)(&self.path(page + 1)),
                false => String::new(),
            };
            site.publish(
                &self.path(page),
                format!(
                    "<!doctype html><html lang=\"sv\"><title>Nyheter</title><main><h1>Nyheter</h1><ul>{rows}</ul>{next}{GUIDES}</main></html>"
                ),
            );
        }
    }

    fn asked(&self, site: &Site) -> Vec<usize> {
        (1..=4)
            .map(|page| site.seen(&self.path(page)).len())
            .collect()
    }
}

fn sources(site: &Site, more: &str) -> String {
    let one = |style: &Style| {
        format!(
            "[[source]]\nid = \"{0}\"\naddress = \"{1}\"\nkind = \"page\"\nentry_pages = 0\n\
             rules = {{ entry = \"li.news\", link = \"a\", title = \"a\", date = \"time\" }}\n{more}\n",
            style.name,
            site.at(&style.path(1))
        )
    };
    STYLES.iter().map(one).collect()
}

#[tokio::test]
async fn every_way_of_paging_is_followed_as_far_as_wanted_and_no_further() {
    let site = Site::start().await;
    STYLES.iter().for_each(|style| style.publish(&site, 16));
    let mut world = World::following(&sources(&site, "history = 3\n")).await;
    for outcome in world.refresh().await {
        assert_eq!(new(&outcome), 15, "{outcome:?}");
    }
    for style in &STYLES {
        assert_eq!(style.asked(&site), [1, 1, 1, 0], "{}", style.name);
    }
    // Two more: the first page still holds known ones.
    STYLES.iter().for_each(|style| style.publish(&site, 18));
    for outcome in world.refresh().await {
        assert_eq!(new(&outcome), 2, "{outcome:?}");
    }
    for style in &STYLES {
        assert_eq!(style.asked(&site), [2, 1, 1, 0], "{}", style.name);
    }
    // Eight more: the first page holds none that is known, the second does.
    STYLES.iter().for_each(|style| style.publish(&site, 26));
    for outcome in world.refresh().await {
        assert_eq!(new(&outcome), 8, "{outcome:?}");
    }
    for style in &STYLES {
        assert_eq!(style.asked(&site), [3, 2, 1, 0], "{}", style.name);
    }
}

#[tokio::test]
async fn an_empty_last_page_teaches_nothing() {
    let site = Site::start().await;
    STYLES.iter().for_each(|style| style.publish(&site, 5));
    let mut world = World::following(&sources(&site, "history = 3\nrelearn = \"auto\"\n")).await;
    for outcome in world.refresh().await {
        assert_eq!(new(&outcome), 5, "{outcome:?}");
    }
    for style in &STYLES {
        let state = world.source(style.name).await.state;
        assert_eq!(state.learned_rules, None, "{}", style.name);
        assert_eq!(state.proposed_rules, None, "{}", style.name);
    }
}
