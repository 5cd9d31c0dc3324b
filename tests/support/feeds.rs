//! Feeds written by the test that needs them.

/// One entry of an RSS feed.
#[derive(Clone, Debug)]
pub struct Item {
    pub guid: String,
    pub link: String,
    pub title: String,
    pub text: String,
    pub date: String,
}

/// An entry whose guid and link follow from its number.
pub fn item(number: u32, title: &str) -> Item {
    Item {
        guid: format!("https://www.exempel.se/?p={number}"),
        link: format!("https://www.exempel.se/nyheter/{number}"),
        title: title.to_owned(),
        text: format!("Lead till {title}, skriven för provet."),
        date: format!("Mon, {:02} Nov 2026 08:00:00 +0100", 1 + number % 16),
    }
}

/// An RSS document of these entries.
pub fn rss(items: &[Item]) -> String {
    let items: String = items
        .iter()
        .map(|item| {
            format!(
                "<item><title>{}</title><link>{}</link><guid>{}</guid><pubDate>{}</pubDate><description>{}</description></item>",
                item.title, item.link, item.guid, item.date, item.text
            )
        })
        .collect();
    format!(
        "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>Provkällan</title><link>https://www.exempel.se/</link>\
         <description>Ett prov</description>{items}</channel></rss>"
    )
}
