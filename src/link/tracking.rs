//! Parts of addresses that tell where a reader came from, not what is read.

/// Beginnings of parameters that only count readers.
const PREFIXES: [&str; 14] = [
    "utm_",
    "mtm_",
    "pk_",
    "piwik_",
    "matomo_",
    "hsa_",
    "_hs",
    "ns_",
    "at_",
    "oly_",
    "vero_",
    "wt_",
    "aspsessionid",
    "stm_",
];

/// Parameters that only count readers or name their session.
const NAMES: [&str; 48] = [
    "fbclid",
    "gclid",
    "gclsrc",
    "dclid",
    "gbraid",
    "wbraid",
    "msclkid",
    "yclid",
    "twclid",
    "ttclid",
    "igshid",
    "igsh",
    "li_fat_id",
    "epik",
    "mc_cid",
    "mc_eid",
    "mkt_tok",
    "_ga",
    "_gl",
    "_openstat",
    "xtor",
    "cmpid",
    "s_cid",
    "icid",
    "spm",
    "trk",
    "trkcampaign",
    "wickedid",
    "guccounter",
    "guce_referrer",
    "guce_referrer_sig",
    "ref_src",
    "ref_url",
    "cndid",
    "hctatracking",
    "hsctatracking",
    "ss_email_id",
    "sc_cid",
    "phpsessid",
    "jsessionid",
    "cfid",
    "cftoken",
    "sessionid",
    "session_id",
    "zanpid",
    "ml_subscriber",
    "ml_subscriber_hash",
    "rb_clickid",
];

/// Parameters that count readers only with certain values: with a number they may name the page.
const DOUBTFUL: [&str; 8] = [
    "ref", "source", "src", "from", "via", "medium", "campaign", "cmp",
];

/// Those values.
const CHANNELS: [&str; 18] = [
    "rss",
    "feed",
    "atom",
    "rssfeed",
    "rss-feed",
    "twitter",
    "facebook",
    "linkedin",
    "newsletter",
    "nyhetsbrev",
    "email",
    "mail",
    "share",
    "social",
    "homepage",
    "instagram",
    "nyhetsbrevet",
    "nyhedsbrev",
];

/// A query without such parameters. Only `&` parts them: a semicolon belongs to the value (SiteVision's portlets).
pub(super) fn without_tracking(query: &str) -> String {
    let kept: Vec<&str> = query
        .split('&')
        .filter(|parameter| !parameter.is_empty() && !is_tracking(parameter))
        .collect();
    kept.join("&")
}

fn is_tracking(parameter: &str) -> bool {
    let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
    let name = super::percent::normalize(name).to_ascii_lowercase();
    let name = name.strip_prefix("amp;").unwrap_or(&name);
    // `at_` alone is too short to be sure of.
    let has_prefix = PREFIXES
        .iter()
        .any(|prefix| name.starts_with(prefix) && name.len() > prefix.len());
    let is_channel =
        DOUBTFUL.contains(&name) && CHANNELS.contains(&value.to_ascii_lowercase().as_str());
    has_prefix || NAMES.contains(&name) || is_channel
}

/// Whether a parameter only asks for another form of the same page.
pub(super) fn is_variant(parameter: &str) -> bool {
    matches!(
        parameter.to_ascii_lowercase().as_str(),
        "amp"
            | "amp=1"
            | "amp=true"
            | "outputtype=amp"
            | "print"
            | "print=1"
            | "format=feed"
            | "type=rss"
            | "type=atom"
    )
}

/// A path without the session that Java servers write into its segments.
pub(super) fn without_session(path: &str) -> String {
    const MARK: &str = ";jsessionid=";
    if !path.contains(';') {
        return path.to_owned();
    }
    let before_mark = |segment: &'_ str| {
        segment
            .to_ascii_lowercase()
            .find(MARK)
            .unwrap_or(segment.len())
    };
    let segments: Vec<&str> = path
        .split('/')
        .map(|segment| &segment[..before_mark(segment)])
        .collect();
    segments.join("/")
}
