//! The number by which the platform that serves an entry knows it, where the address carries it.
//!
//! Such a number stays when the title, and with it the rest of the address, is edited. It is only unique to its
//! platform's site: the same number on another host is another entry, except on the wires, which have one series.

use url::Url;

/// The number of the entry at an address, as in `joomla:123`, `mynewsdesk:3214935`, `via-tt:3248392`.
pub fn platform_number(url: &Url) -> Option<String> {
    let host = url.host_str()?;
    let host = host.strip_prefix("www.").unwrap_or(host);
    let segments: Vec<&str> = url
        .path_segments()?
        .filter(|segment| !segment.is_empty())
        .collect();
    wire(host, &segments)
        .or_else(|| in_query(url))
        .or_else(|| in_path(url, &segments))
}

/// Wire services, by their host.
fn wire(host: &str, segments: &[&str]) -> Option<String> {
    let last = segments.last()?;
    if host == "mynewsdesk.com" || host.ends_with(".mynewsdesk.com") {
        let number = last
            .rsplit('-')
            .next()
            .filter(|number| is_number(number, 3))?;
        return Some(format!("mynewsdesk:{number}"));
    }
    if host == "news.cision.com" {
        let number = last.rsplit_once(",c")?.1;
        return is_number(number, 3).then(|| format!("cision:{number}"));
    }
    if host == "electronicswatch.org" {
        let number = last.rsplit_once('_')?.1;
        return is_number(number, 3).then(|| format!("electronics-watch:{number}"));
    }
    let (service, folder) = match host {
        "via.tt.se" => ("via-tt", "pressmeddelande"),
        "via.ritzau.dk" => ("via-ritzau", "pressemeddelelse"),
        "kommunikasjon.ntb.no" => ("ntb", "pressemelding"),
        "sttinfo.fi" => ("sttinfo", "tiedote"),
        _ => return None,
    };
    let place = segments
        .iter()
        .position(|segment| *segment == folder || *segment == "release")?;
    let number = segments
        .get(place + 1)
        .filter(|number| is_number(number, 3))?;
    Some(format!("{service}:{number}"))
}

/// WordPress and Joomla without readable addresses.
fn in_query(url: &Url) -> Option<String> {
    let value = |wanted: &str| {
        let (_, value) = url.query_pairs().find(|(name, _)| name == wanted)?;
        Some(value.into_owned())
    };
    if let Some(option) = value("option") {
        let id = value("id")?;
        let number = id.split(':').next().unwrap_or("").to_owned();
        return (option == "com_content" && is_number(&number, 1))
            .then(|| format!("joomla:{number}"));
    }
    let is_front = matches!(url.path(), "/" | "/index.php");
    let number = value("p").filter(|number| is_front && is_number(number, 1))?;
    Some(format!("wordpress:{number}"))
}

/// Drupal, Joomla and SiteVision, by the form of the path.
fn in_path(url: &Url, segments: &[&str]) -> Option<String> {
    let last = segments.last()?;
    if let [.., "node", number] = segments
        && is_number(number, 1)
    {
        return Some(format!("drupal:{number}"));
    }
    if let Some(page) = last.strip_suffix(".html")
        && let Some((_, number)) = page.rsplit_once('.')
        && (is_number(number, 3) || is_long_hexadecimal(number))
    {
        return Some(format!("sitevision:{number}"));
    }
    // `/nyheter/414-alias`: a title may begin with a number as well, but then most platforms end in a slash.
    let (number, alias) = last.split_once('-')?;
    let is_date = number.len() == 4
        && alias.len() > 2
        && alias.as_bytes()[..2].iter().all(u8::is_ascii_digit);
    // `/handelser/9-18-46-brand`: a day and a time.
    let is_day = number.len() <= 2 && alias.starts_with(|first: char| first.is_ascii_digit());
    let is_joomla = segments.len() > 1
        && is_number(number, 1)
        && number.len() <= 6
        && !is_date
        && !is_day
        && !url.path().ends_with('/')
        && alias.contains(|character: char| character.is_ascii_alphabetic());
    is_joomla.then(|| format!("joomla:{number}"))
}

fn is_number(text: &str, least: usize) -> bool {
    (least..=12).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_long_hexadecimal(text: &str) -> bool {
    (12..=32).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}
