//! Whole answers that are no document: statuses, and redirects that lead nowhere.

use crate::support::origin::{answer, redirect};

use super::FEED;
use super::catalog::{Fault, fault};

/// Statuses and what comes with them.
pub fn statuses() -> Vec<Fault> {
    let status = |line: &'static str| answer(line, "", FEED);
    vec![
        fault("401", status("401 No"), "status", "401 (not let in)"),
        fault("403", status("403 No"), "status", "403 (not let in)"),
        fault(
            "404 with a feed",
            status("404 Not Found"),
            "status",
            "404 (not found)",
        ),
        fault("410", status("410 Gone"), "status", "410 (gone for good)"),
        fault("418", status("418 Teapot"), "status", "418"),
        fault("451", status("451 Law"), "status", "legal"),
        fault(
            "500 with a feed",
            status("500 Oops"),
            "status",
            "an error of its own",
        ),
        fault("502", status("502 Bad Gateway"), "status", "502"),
        fault("503 without a word", status("503 Busy"), "status", "503"),
        fault("599", status("599 Odd"), "status", "599"),
        fault("999", status("999 Odd"), "status", "999"),
        fault("204", answer("204 Nothing", "", b""), "empty-body", ""),
        fault("206 unasked", status("206 Part"), "broken-response", "206"),
        fault(
            "226 unasked",
            status("226 IM Used"),
            "broken-response",
            "226",
        ),
        fault(
            "304 unasked",
            answer("304 Not Modified", "", b""),
            "unasked-not-modified",
            "nothing was stored",
        ),
        fault("an empty body", answer("200 OK", "", b""), "empty-body", ""),
        fault(
            "white space",
            answer("200 OK", "", b" \r\n\t "),
            "empty-body",
            "",
        ),
        fault(
            "a byte order mark alone",
            answer("200 OK", "", b"\xef\xbb\xbf"),
            "empty-body",
            "",
        ),
        fault(
            "429 with seconds",
            answer("429 Slow", "retry-after: 90\r\n", b""),
            "skipped",
            "2026-11-02 08:01",
        ),
        fault(
            "429 without a word",
            status("429 Slow"),
            "skipped",
            "2026-11-02 08:10",
        ),
        fault(
            "503 with a date",
            answer(
                "503 Busy",
                "retry-after: Mon, 02 Nov 2026 09:00:00 GMT\r\n",
                b"",
            ),
            "skipped",
            "2026-11-02 09:00",
        ),
        fault(
            "503 for a week",
            answer("503 Busy", "retry-after: 604800\r\n", b""),
            "skipped",
            "2026-11-03 08:00",
        ),
        fault(
            "503 with an absurd wait",
            answer("503 Busy", "retry-after: 99999999999999999999\r\n", b""),
            "status",
            "503",
        ),
        fault(
            "503 with a negative wait",
            answer("503 Busy", "retry-after: -1\r\n", b""),
            "status",
            "503",
        ),
        fault(
            "503 with a wait in the past",
            answer(
                "503 Busy",
                "retry-after: Mon, 02 Nov 2020 09:00:00 GMT\r\n",
                b"",
            ),
            "status",
            "503",
        ),
        fault(
            "503 with a wait of words",
            answer("503 Busy", "retry-after: soon\r\n", b""),
            "status",
            "503",
        ),
    ]
}

/// Redirects that must not be followed to the end.
pub fn redirects() -> Vec<Fault> {
    let refused =
        |name, location: &str| fault(name, redirect(302, location), "forbidden-address", "");
    vec![
        refused("to a private network", "http://10.0.0.1/feed"),
        refused(
            "to the metadata of a cloud",
            "http://169.254.169.254/latest/",
        ),
        refused("to a private number in decimal", "http://167772161/"),
        refused("to a mapped private number", "http://[::ffff:192.168.0.1]/"),
        refused("to a file", "file:///etc/passwd"),
        refused("to ftp", "ftp://example.org/feed"),
        refused("to data", "data:text/xml,<rss/>"),
        refused("to an endless address", &format!("/{}", "a".repeat(20_000))),
        refused("to a private number in octal", "http://012.0.0.1/"),
        refused("to a private number in hex", "http://0x0a.1/"),
        refused(
            "to a private number in wide digits",
            "http://\u{ff11}\u{ff10}.0.0.1/",
        ),
        refused(
            "to 6to4 with a private number inside",
            "http://[2002:a00:1::]/",
        ),
        refused(
            "to NAT64 with a private number inside",
            "http://[64:ff9b::a00:1]/",
        ),
        refused("to a local address of IPv6", "http://[fe80::1]/"),
        refused("to nowhere in particular", "http://0.0.0.0/"),
        fault(
            "to a local address with a zone",
            redirect(302, "http://[fe80::1%25eth0]/"),
            "redirects forbidden-address",
            "",
        ),
        fault("to itself", redirect(301, "?"), "redirects", "comes back"),
        fault(
            "to nowhere",
            answer("302 Found", "", b""),
            "redirects",
            "without a new address",
        ),
        fault(
            "to nonsense",
            redirect(302, "http://[::bad/"),
            "redirects",
            "not an address",
        ),
        fault(
            "without end",
            redirect(302, "x/"),
            "redirects",
            "more than 5",
        ),
    ]
}
