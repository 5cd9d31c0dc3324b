//! Markup made safe and made plain.

use std::time::{Duration, Instant};

use proptest::prelude::*;
use samflode::html;
use samflode::model::{Text, TextKind};
use url::Url;

fn base() -> Url {
    Url::parse("https://example.org/nyheter/").expect("an address")
}

fn sanitize(markup: &str) -> String {
    html::sanitize(markup, Some(&base()))
}

#[test]
fn nothing_active_is_left() {
    let rows = [
        ("<p>Ett<script>alert(1)</script> ord</p>", "<p>Ett ord</p>"),
        (
            "<p onclick=\"x()\" style=\"color:red\" class=\"a\" id=\"b\">Ord</p>",
            "<p>Ord</p>",
        ),
        (
            "<a href=\"javascript:alert(1)\">Ord</a>",
            "<a rel=\"noopener noreferrer\">Ord</a>",
        ),
        (
            "<a href=\" jAvA\tscript:alert(1)\">Ord</a>",
            "<a rel=\"noopener noreferrer\">Ord</a>",
        ),
        (
            "<a href=\"&#106;avascript&colon;alert(1)\">Ord</a>",
            "<a rel=\"noopener noreferrer\">Ord</a>",
        ),
        (
            "<a href=\"data:text/html,x\">Ord</a>",
            "<a rel=\"noopener noreferrer\">Ord</a>",
        ),
        (
            "<a href=\"vbscript:x\">Ord</a>",
            "<a rel=\"noopener noreferrer\">Ord</a>",
        ),
        (
            "<img src=\"data:image/png;base64,AAAA\" alt=\"Bild\">",
            "<img alt=\"Bild\">",
        ),
        (
            "<iframe src=\"https://example.net\">reserv</iframe>Ord",
            "reservOrd",
        ),
        (
            "<svg><script>alert(1)</script><text>Ord</text></svg>",
            "Ord",
        ),
        ("<math><mi>x</mi></math>", "x"),
        (
            "<form action=\"/x\"><label>Namn</label><input name=\"a\"></form>",
            "Namn",
        ),
        ("<style>p{}</style><p>Ord</p>", "<p>Ord</p>"),
        (
            "<!-- anm --><p>Ord<!--[if IE]>x<![endif]--></p>",
            "<p>Ord</p>",
        ),
        (
            "<base href=\"https://evil.example/\"><a href=\"a\">Ord</a>",
            "<a href=\"https://example.org/nyheter/a\" rel=\"noopener noreferrer\">Ord</a>",
        ),
        ("<scr<script>ipt>alert(1)</script>", "ipt&gt;alert(1)"),
        ("<svg/onload=alert(1)>Ord", "Ord"),
        ("<object data=\"x\"><embed src=\"y\">Ord</object>", "Ord"),
    ];
    for (markup, expected) in rows {
        assert_eq!(sanitize(markup).trim(), expected, "{markup}");
    }
}

#[test]
fn addresses_become_absolute() {
    let rows = [
        (
            "<a href=\"a?b=1&amp;c=2\">Ord</a>",
            "<a href=\"https://example.org/nyheter/a?b=1&amp;c=2\" rel=\"noopener noreferrer\">Ord</a>",
        ),
        (
            "<a href=\"/a\">Ord</a>",
            "<a href=\"https://example.org/a\" rel=\"noopener noreferrer\">Ord</a>",
        ),
        (
            "<a href=\"//example.net/a\">Ord</a>",
            "<a href=\"https://example.net/a\" rel=\"noopener noreferrer\">Ord</a>",
        ),
        (
            "<a href=\"mailto:a@example.org\">Ord</a>",
            "<a href=\"mailto:a@example.org\" rel=\"noopener noreferrer\">Ord</a>",
        ),
        (
            "<img src=\"../b.jpg\" width=\"300\" height=\"200\">",
            "<img src=\"https://example.org/b.jpg\" width=\"300\" height=\"200\">",
        ),
    ];
    for (markup, expected) in rows {
        assert_eq!(sanitize(markup), expected, "{markup}");
    }
    assert_eq!(
        html::sanitize("<a href=\"a\">Ord</a>", None),
        "<a href=\"a\" rel=\"noopener noreferrer\">Ord</a>"
    );
}

#[test]
fn tracking_pixels_are_gone_and_pictures_stay() {
    for pixel in [
        "<img src=\"https://example.net/a.gif\" width=\"1\" height=\"1\">",
        "<img src='https://example.net/a.gif' width=1px height='1px' />",
        "<img src=\"https://example.net/a.gif\" style=\"width:1px; height: 1px\">",
        "<img src=\"https://example.net/a.gif\" style=\"DISPLAY : none\">",
        "<img src=\"http://feeds.feedburner.com/~r/nyheter/~4/abc\" alt=\"\">",
        "<img src=\"http://feeds.feedburner.com&#47;~r/nyheter/~4/abc\">",
        "<image src=\"https://pixel.wp.com/b.gif?x\">",
    ] {
        assert_eq!(
            sanitize(&format!("<p>Ord{pixel}</p>")),
            "<p>Ord</p>",
            "{pixel}"
        );
    }
    let picture = "<img src=\"https://example.org/a.jpg\" width=\"1\" height=\"200\">";
    assert_eq!(sanitize(picture), picture);
}

#[test]
fn text_and_structure_are_kept() {
    let rows = [
        ("a < b & c", "a &lt; b &amp; c"),
        ("<p>Ett<p>Två", "<p>Ett</p><p>Två</p>"),
        (
            "<ul><li>Ett<li>Två</ul>",
            "<ul><li>Ett</li><li>Två</li></ul>",
        ),
        ("<b><p>Ett</b>två</p>", "<b><p>Ett</p></b>två"),
        ("<div><p>Ett</div>två", "<div><p>Ett</p></div>två"),
        (
            "<font color=\"red\">Ett</font> <blink>två</blink>",
            "Ett två",
        ),
        (
            "<table><tr><td>1<td>2</table>",
            "<table><tbody><tr><td>1</td><td>2</td></tr></tbody></table>",
        ),
        ("<h2>Ett</h2>två<br/>tre<hr>", "<h2>Ett</h2>två<br>tre<hr>"),
        ("Ord <a href=\"https://example.org/brut", "Ord "),
        ("<div/>Ett", "<div></div>Ett"),
        ("&lt;p&gt;Ord&lt;/p&gt;", "&lt;p&gt;Ord&lt;/p&gt;"),
        ("<![CDATA[Ord]]>", "Ord]]&gt;"),
    ];
    for (markup, expected) in rows {
        assert_eq!(sanitize(markup), expected, "{markup}");
    }
}

#[test]
fn titles_are_one_line_of_plain_text() {
    let rows = [
        (
            TextKind::Plain,
            "a < b &amp; &lt;b&gt;",
            "a < b &amp; &lt;b&gt;",
        ),
        (
            TextKind::Html,
            "AT&amp;T &lt;b&gt; <b>ny</b>tt",
            "AT&T <b> nytt",
        ),
        (TextKind::Html, "Sant: a &lt; b", "Sant: a < b"),
        (TextKind::Xhtml, "<div><em>Ny</em> v&#228;g</div>", "Ny väg"),
        (TextKind::Unknown, "a < b", "a < b"),
        (TextKind::Unknown, "1 <2 och 3> 2", "1 <2 och 3> 2"),
        (TextKind::Unknown, "AT&T", "AT&T"),
        (TextKind::Unknown, "AT&amp;T", "AT&T"),
        (TextKind::Unknown, "<b>Ny</b> väg", "Ny väg"),
        (
            TextKind::Unknown,
            "&lt;b&gt;Ny&lt;/b&gt; väg",
            "<b>Ny</b> väg",
        ),
        (
            TextKind::Unknown,
            "Listan List<String> växer",
            "Listan List<String> växer",
        ),
        (TextKind::Unknown, "om x<y och y<z", "om x<y och y<z"),
        (
            TextKind::Unknown,
            "Det &amp;#8211; och mer",
            "Det – och mer",
        ),
        (
            TextKind::Unknown,
            "Det &#8211; och&nbsp;mer",
            "Det – och mer",
        ),
        (TextKind::Unknown, " Ny\n  väg\u{a0} \u{ad}", "Ny väg"),
        (TextKind::Unknown, "Ny<br>väg", "Ny väg"),
        (TextKind::Unknown, "Ny<script>alert(1)</script>", "Ny"),
        (
            TextKind::Unknown,
            "God Jul &amp; Gott Nytt År",
            "God Jul & Gott Nytt År",
        ),
        (
            TextKind::Unknown,
            "<p>Ny väg</p><p>öppnas</p>",
            "Ny väg öppnas",
        ),
    ];
    for (kind, value, expected) in rows {
        assert_eq!(
            html::title(&Text::new(kind, value)),
            expected,
            "{kind:?} {value}"
        );
    }
}

#[test]
fn markup_becomes_plain_text() {
    let rows = [
        ("<p>Ett</p><p>två <b>tr</b>e</p>", "Ett två tre"),
        ("Ett<br>två<img alt=\"x\">", "Ett två"),
        ("<style>p{}</style>Ett &amp; tv&aring;", "Ett & två"),
        ("<ul><li>Ett</li><li>Två</li></ul>", "Ett Två"),
        ("", ""),
    ];
    for (markup, expected) in rows {
        assert_eq!(html::to_text(markup), expected, "{markup}");
    }
}

#[test]
fn constructs_without_markup_are_escaped() {
    let clean = |kind, value: &str| html::clean(&Text::new(kind, value), None);
    assert_eq!(clean(TextKind::Plain, "<b> & c"), "&lt;b&gt; &amp; c");
    assert_eq!(
        clean(TextKind::Unknown, "List<String> & c"),
        "List&lt;String&gt; &amp; c"
    );
    assert_eq!(clean(TextKind::Unknown, "AT&amp;T"), "AT&amp;T");
    assert_eq!(clean(TextKind::Unknown, "<p>AT&amp;T"), "<p>AT&amp;T</p>");
}

/// Runs on a stack of 2 MiB, as the threads of a server have.
fn on_a_small_stack(markup: String) -> Duration {
    let run = move || {
        let started = Instant::now();
        let clean = html::sanitize(&markup, Some(&base()));
        let _ = (
            html::to_text(&clean),
            html::title(&Text::new(TextKind::Unknown, markup)),
        );
        started.elapsed()
    };
    let thread = std::thread::Builder::new()
        .stack_size(2 * 1024 * 1024)
        .spawn(run);
    thread.expect("a thread").join().expect("no overflow")
}

/// Quadratic work on any of these would take hours; the bound allows for a slow machine and a build without optimizing.
#[test]
fn hostile_markup_takes_bounded_time_and_stack() {
    let repeat = |piece: &str| piece.repeat(20_000);
    let fonts: String = (0..20_000).map(|n| format!("<p><b title={n}>")).collect();
    let attributes: String = (0..100_000).map(|n| format!(" a{n}=\"{n}\"")).collect();
    let hostile = [
        repeat("<div>"),
        repeat("<b>"),
        repeat("<a href=x>"),
        repeat("<p>a"),
        repeat("<table><tr><td>"),
        repeat("<table>"),
        repeat("</p>"),
        repeat("<ruby><rt>"),
        repeat("<li><ul>"),
        repeat("<dl><dd>"),
        repeat("<"),
        repeat("<!--"),
        repeat("<a "),
        repeat("&"),
        repeat("&amp"),
        "a & b ".repeat(200_000),
        "<font>©".repeat(200_000),
        repeat("<svg><math>"),
        repeat("<b></i>"),
        repeat("<script>"),
        fonts,
        format!("<p{attributes}>Ord</p>"),
        format!("<a href=\"{}\">Ord</a>", "x".repeat(20 * 1024 * 1024)),
    ];
    for markup in hostile {
        let start = markup[..20.min(markup.len())].to_owned();
        let taken = on_a_small_stack(markup);
        assert!(taken < Duration::from_secs(30), "{start}: {taken:?}");
    }
}

/// Markup of the pieces that parsers disagree about.
fn markup_like() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "<p>",
        "</p>",
        "<b>",
        "</b>",
        "<i>",
        "</i>",
        "<a href=\"x\">",
        "</a>",
        "<div>",
        "</div>",
        "<table>",
        "</table>",
        "<tr>",
        "<td>",
        "</td>",
        "<caption>",
        "<col>",
        "<tbody>",
        "<thead>",
        "<ul>",
        "<li>",
        "</ul>",
        "<dl>",
        "<dt>",
        "<dd>",
        "<pre>\n",
        "<pre>",
        "</pre>",
        "<br>",
        "</br>",
        "<h1>",
        "</h1>",
        "<h2>",
        "<img src=a>",
        "<script>",
        "</script>",
        "<style>",
        "<svg>",
        "<math>",
        "<select>",
        "<option>",
        "<form>",
        "<title>",
        "<textarea>",
        "<!--",
        "-->",
        "<",
        ">",
        "&",
        "&amp;",
        "&lt;",
        "&#0;",
        "&#11;",
        "\n",
        "\r",
        " ",
        "text",
        "\u{a0}",
        "å",
        "<details>",
        "<summary>",
        "<template>",
        "<body>",
        "<html>",
        "<head>",
        "<blockquote cite=x>",
        "<q>",
        "<center>",
        "<big>",
        "<image>",
        "<hr/>",
        "<a/>",
        "<p ",
        "\"",
        "'",
        "=",
        "</",
        "]]>",
        "<![CDATA[",
        "\0",
    ]);
    prop::collection::vec(pieces, 0..16).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn cleaning_twice_changes_nothing(markup in markup_like(), any in ".{0,80}") {
        for markup in [markup, any] {
            let once = sanitize(&markup);
            prop_assert_eq!(&sanitize(&once), &once);
            prop_assert!(!once.contains("<script") && !once.contains("<svg"));
            let _ = html::title(&Text::new(TextKind::Unknown, markup.clone()));
            let text = html::to_text(&markup);
            let seen = html::visible(&text);
            prop_assert_eq!(&seen, &text);
            prop_assert!(html::excerpt(&text, 10).chars().count() <= 11);
        }
    }
}
