//! Single values that both files hold: addresses, zones, languages, networks, names, patterns. Each reader takes what
//! was written and gives the checked value, or what is wrong with it and how to mend it.

use std::net::{IpAddr, SocketAddr};

use chrono_tz::{TZ_VARIANTS, Tz};
use croner::parser::{CronParser, Seconds, Year};
use ipnet::IpNet;
use url::Url;

use super::problem::{Complaint, nearest};
use crate::model::Language;

/// Longest name of a source or a named feed.
const LONGEST_NAME: usize = 64;

/// An address that can be polled.
pub(super) fn address(text: &str) -> Result<Url, Complaint> {
    let refuse =
        |hint: String| Err(Complaint::new(format!("`{text}` is not a web address")).hint(hint));
    if text.contains(char::is_whitespace) {
        return refuse("an address holds no spaces; several addresses are a list".into());
    }
    let url = match Url::parse(text) {
        Ok(url) => url,
        Err(url::ParseError::RelativeUrlWithoutBase) => {
            return refuse(format!("write the whole address: `https://{text}`"));
        }
        Err(error) => return refuse(error.to_string()),
    };
    match url.scheme() {
        "http" | "https" => Ok(url),
        "feed" | "webcal" | "itpc" => {
            let rest = text.split_once(':').map_or(text, |(_, rest)| rest);
            refuse(format!("write `https:{rest}`"))
        }
        // `localhost:8080/feed` parses as the scheme `localhost`.
        _ if !text.contains("://") => refuse(format!("write the whole address: `https://{text}`")),
        _ => refuse("addresses begin with `https://` or `http://`".into()),
    }
}

/// The public address of this service: what published links start with.
pub(super) fn base(text: &str) -> Result<Url, Complaint> {
    let mut url = address(text)?;
    if url.query().is_some() || url.fragment().is_some() {
        return Err(Complaint::new(format!("`{text}` has more than a path"))
            .hint("leave out what begins with `?` or `#`"));
    }
    if !url.path().ends_with('/') {
        url.set_path(&format!("{}/", url.path()));
    }
    Ok(url)
}

/// An outgoing proxy.
pub(super) fn proxy(text: &str) -> Result<Url, Complaint> {
    let url = Url::parse(text).ok().filter(Url::has_host);
    url.filter(|url| matches!(url.scheme(), "http" | "https" | "socks5" | "socks5h"))
        .ok_or_else(|| {
            Complaint::new(format!("`{text}` is not the address of a proxy"))
                .hint("write `http://HOST:PORT` or `socks5h://HOST:PORT`")
        })
}

/// A language tag.
pub(super) fn language(text: &str) -> Result<Language, Complaint> {
    let named = [
        ("swedish", "sv"),
        ("svenska", "sv"),
        ("norwegian", "nb"),
        ("norsk", "nb"),
        ("bokmål", "nb"),
        ("nynorsk", "nn"),
        ("danish", "da"),
        ("dansk", "da"),
        ("english", "en"),
        ("engelska", "en"),
    ];
    let word = text.to_lowercase();
    let meant = named
        .iter()
        .find(|(name, _)| *name == word)
        .map(|(_, tag)| *tag);
    let refuse = || Complaint::new(format!("`{text}` is not a language tag"));
    match (meant, Language::new(text)) {
        (Some(tag), _) => Err(refuse().hint(format!("did you mean `{tag}`?"))),
        (None, Some(language)) if (2..=3).contains(&language.primary().len()) => Ok(language),
        _ => Err(refuse().hint("write a tag such as `sv`, `nb`, `nn`, `da`, `en` or `en-GB`")),
    }
}

/// A time zone of the IANA database.
pub(super) fn time_zone(text: &str) -> Result<Tz, Complaint> {
    text.parse().map_err(|_| {
        let city = |name: &'static str| name.rsplit('/').next().unwrap_or(name);
        let names = || TZ_VARIANTS.iter().map(|zone| zone.name());
        let by_city = names().find(|name| city(name).eq_ignore_ascii_case(text));
        let meant = by_city.or_else(|| nearest(text, names()));
        Complaint::new(format!("unknown time zone `{text}`")).hint(match meant {
            Some(name) => format!("did you mean `{name}`?"),
            None => "write a name such as `Europe/Stockholm`".to_owned(),
        })
    })
}

/// A cron expression of five fields.
pub(super) fn cron(text: &str) -> Result<String, Complaint> {
    let parser = CronParser::builder()
        .seconds(Seconds::Disallowed)
        .year(Year::Disallowed)
        .build();
    match parser.parse(text) {
        Ok(_) => Ok(text.to_owned()),
        Err(error) => {
            let reason = error.to_string().to_lowercase();
            let reason = reason.trim_end_matches('.');
            let message = format!("`{text}` is not a cron expression: {reason}");
            Err(Complaint::new(message).hint(CRON_FIELDS))
        }
    }
}

const CRON_FIELDS: &str = "five fields: minute, hour, day of the month, month, weekday; \
                           `0 6 * * mon-fri` is 06:00 on weekdays";

/// A network, or a single address as a network of one.
pub(super) fn network(text: &str) -> Result<IpNet, Complaint> {
    let single = || text.parse::<IpAddr>().map(IpNet::from).ok();
    text.parse::<IpNet>().ok().or_else(single).ok_or_else(|| {
        Complaint::new(format!("`{text}` is not a network"))
            .hint("write `10.0.0.0/8`, `fd00::/8` or a single address")
    })
}

/// An address and port to listen on.
pub(super) fn listen(text: &str) -> Result<SocketAddr, Complaint> {
    text.parse().map_err(|_| {
        let hint = match text.rsplit_once(':') {
            Some(("localhost", port)) => format!("write `127.0.0.1:{port}`"),
            Some(("" | "*", port)) => {
                format!("write `0.0.0.0:{port}` for every IPv4 address, `[::]:{port}` for IPv6")
            }
            _ => "write `127.0.0.1:8080` or `[::1]:8080`".to_owned(),
        };
        Complaint::new(format!("`{text}` is not an address with a port")).hint(hint)
    })
}

/// Where people write to: a `mailto:` or `https:` address; a bare mail address becomes the former.
pub(super) fn contact(text: &str) -> Result<String, Complaint> {
    let is_address = ["mailto:", "https://", "http://"]
        .iter()
        .any(|start| text.len() > start.len() && text.starts_with(start));
    if is_address && !text.contains(char::is_whitespace) {
        return Ok(text.to_owned());
    }
    mail(text)
        .map(|mail| format!("mailto:{mail}"))
        .map_err(|_| {
            Complaint::new(format!("`{text}` is no way to reach anyone"))
                .hint("write a mail address, or the address of a page with one")
        })
}

/// A mail address.
pub(super) fn mail(text: &str) -> Result<String, Complaint> {
    let bare = text.strip_prefix("mailto:").unwrap_or(text);
    let fits = bare.split_once('@').is_some_and(|(name, host)| {
        !name.is_empty() && !host.is_empty() && !host.contains('@') && !host.starts_with('.')
    });
    match fits
        && !bare.contains(|c: char| c.is_whitespace() || c.is_control() || "<>,;\"".contains(c))
    {
        true => Ok(bare.to_owned()),
        false => Err(Complaint::new(format!("`{text}` is not a mail address"))
            .hint("write it bare: `name@example.org`")),
    }
}

/// The authority of `tag:` URIs (RFC 4151 section 2.1): a domain or mail address, a comma, a date.
pub(super) fn tag_authority(text: &str) -> Result<String, Complaint> {
    let fits = text.split_once(',').is_some_and(|(name, date)| {
        let is_name = name.split('@').count() <= 2
            && name.split(['@', '.']).all(|label| !label.is_empty())
            && name
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "-._@".contains(c));
        is_name && is_tag_date(date)
    });
    match fits {
        true => Ok(text.to_owned()),
        false => Err(Complaint::new(format!("`{text}` is not a tag authority"))
            .hint("a domain that was yours on a day, and that day: `example.org,2026-11-22`")),
    }
}

/// A date of RFC 4151: year, or year and month, or the whole day.
fn is_tag_date(date: &str) -> bool {
    let full = match date.len() {
        4 => format!("{date}-01-01"),
        7 => format!("{date}-01"),
        _ => date.to_owned(),
    };
    full.len() == 10 && full.parse::<chrono::NaiveDate>().is_ok()
}

/// A name that stands in addresses: of a source, of a named feed.
pub(super) fn name(text: &str) -> Result<String, Complaint> {
    let is_fit = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if text.chars().all(is_fit) && (1..=LONGEST_NAME).contains(&text.len()) {
        return Ok(text.to_owned());
    }
    let refuse = Complaint::new(format!("`{text}` is not a name"));
    let proposed = plain_name(text);
    Err(match proposed.is_empty() || text.len() > LONGEST_NAME {
        true => refuse.hint("a name is 1 to 64 of the letters a to z, digits and `-`"),
        false => refuse.hint(format!("write `{proposed}`")),
    })
}

/// The nearest name that would be allowed: `Dagens Samhälle` becomes `dagens-samhalle`.
pub fn plain_name(text: &str) -> String {
    let mut name = String::new();
    for c in text.to_lowercase().chars() {
        let folded = match c {
            'å' | 'ä' | 'à' | 'á' | 'æ' => 'a',
            'ö' | 'ø' | 'ó' => 'o',
            'é' | 'è' => 'e',
            'ü' => 'u',
            c if c.is_ascii_alphanumeric() => c,
            _ => '-',
        };
        if folded != '-' || !(name.is_empty() || name.ends_with('-')) {
            name.push(folded);
        }
    }
    name.truncate(LONGEST_NAME);
    name.trim_end_matches('-').to_owned()
}

/// A pattern of `only`, `not` and `any`: words with `*`.
pub(super) fn pattern(text: &str) -> Result<String, Complaint> {
    match text.chars().all(|c| c == '*' || c.is_whitespace()) {
        true => Err(
            Complaint::new(format!("the pattern `{text}` matches everything"))
                .hint("write a word, with `*` where it may go on: `upphandl*`"),
        ),
        false => Ok(text.to_owned()),
    }
}

/// Text taken as it is.
pub(super) fn any(text: &str) -> Result<String, Complaint> {
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{address, base, contact, cron, language, listen, name, tag_authority, time_zone};
    use crate::config::problem::Complaint;

    fn hint<T: std::fmt::Debug>(result: Result<T, Complaint>) -> String {
        result
            .expect_err("should be refused")
            .hint
            .unwrap_or_default()
    }

    #[test]
    fn an_address_is_of_the_web() {
        assert!(address("https://example.org/feed").is_ok());
        assert_eq!(
            address("https://hållbarupphandling.se/")
                .expect("valid")
                .host_str(),
            Some("xn--hllbarupphandling-8qb.se")
        );
        assert_eq!(
            hint(address("www.example.org")),
            "write the whole address: `https://www.example.org`"
        );
        assert_eq!(
            hint(address("localhost:8080/a")),
            "write the whole address: `https://localhost:8080/a`"
        );
        assert_eq!(
            hint(address("feed://example.org/x")),
            "write `https://example.org/x`"
        );
        assert!(hint(address("ftp://example.org/")).starts_with("addresses begin with"));
        assert!(hint(address("https://a.example, https://b.example")).contains("list"));
    }

    #[test]
    fn the_base_ends_with_a_slash() {
        assert_eq!(
            base("https://example.org/nytt").expect("valid").as_str(),
            "https://example.org/nytt/"
        );
        assert!(base("https://example.org/?a").is_err());
    }

    #[test]
    fn zones_and_languages_know_what_was_meant() {
        assert_eq!(
            hint(time_zone("Europe/Stokholm")),
            "did you mean `Europe/Stockholm`?"
        );
        assert_eq!(hint(time_zone("oslo")), "did you mean `Europe/Oslo`?");
        assert_eq!(hint(language("svenska")), "did you mean `sv`?");
        assert!(language("nn-NO").is_ok());
        assert!(language("sv SE").is_err());
    }

    #[test]
    fn cron_has_five_fields() {
        assert!(cron("*/30 6-18 * * mon-fri").is_ok());
        for wrong in ["", "* * * *", "0 0 6 * * *", "61 * * * *", "daily"] {
            assert!(cron(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn names_authorities_and_contacts_are_checked() {
        assert_eq!(hint(name("Dagens Samhälle")), "write `dagens-samhalle`");
        assert!(tag_authority("example.org,2026-11-22").is_ok());
        assert!(tag_authority("news@example.org,2026").is_ok());
        for wrong in [
            "example.org",
            "example.org,2026-13",
            "exa mple.org,2026",
            ",2026",
        ] {
            assert!(tag_authority(wrong).is_err(), "{wrong}");
        }
        assert_eq!(
            contact("a@example.org").expect("valid"),
            "mailto:a@example.org"
        );
        assert!(contact("the office").is_err());
        assert_eq!(hint(listen("localhost:80")), "write `127.0.0.1:80`");
    }
}
