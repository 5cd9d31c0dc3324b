//! The catalog: what goes over the socket, and how it must end.

use std::time::Duration;

use crate::support::origin::{Origin, Step, raw};

use super::answers::{redirects, statuses};
use super::coding::coded;
use super::{FEED, ending, fetcher, request};

/// A fault: its name, what the server does, the ending, and words that the sentence must have.
pub struct Fault {
    pub name: &'static str,
    pub script: Vec<Step>,
    /// One name, or several that are as good.
    pub ending: &'static str,
    pub says: &'static str,
}

pub fn fault(
    name: &'static str,
    script: Vec<Step>,
    ending: &'static str,
    says: &'static str,
) -> Fault {
    Fault {
        name,
        script,
        ending,
        says,
    }
}

fn then(mut steps: Vec<Step>, more: impl IntoIterator<Item = Step>) -> Vec<Step> {
    steps.extend(more);
    steps
}

fn head(headers: &str) -> Vec<Step> {
    raw(format!("HTTP/1.1 200 OK\r\n{headers}\r\n"))
}

fn body(headers: &str, body: &[u8]) -> Vec<Step> {
    then(head(headers), raw(body))
}

/// Connections that end, hang or drip.
fn connections() -> Vec<Fault> {
    let slow = Duration::from_millis(30);
    vec![
        fault("closes without a word", vec![], "broken-response", "closed"),
        fault(
            "breaks off at once",
            vec![Step::Reset],
            "no-connection",
            "broke it off",
        ),
        fault(
            "never answers",
            vec![Step::Hold],
            "timeout",
            "waiting for the answer",
        ),
        fault("half a status line", raw("HTTP/1."), "broken-response", ""),
        fault(
            "half the headers",
            raw("HTTP/1.1 200 OK\r\ncontent-ty"),
            "broken-response",
            "",
        ),
        fault(
            "headers, then silence",
            then(head("content-length: 10\r\n"), [Step::Hold]),
            "timeout",
            "silence",
        ),
        fault(
            "one octet at a time in the body",
            then(
                head("content-length: 9000\r\n"),
                [Step::Drip(vec![b'x'; 9000], slow)],
            ),
            "timeout",
            "whole transfer",
        ),
        fault(
            "one octet at a time in the headers",
            vec![Step::Drip(b"HTTP/1.1 200 OK\r\nx: ".repeat(99), slow)],
            "timeout",
            "",
        ),
        fault(
            "breaks off in the body",
            then(body("content-length: 1000\r\n", b"<rss"), [Step::Reset]),
            "broken-response",
            "middle",
        ),
        fault(
            "closes in the body",
            body("content-length: 1000\r\n", b"<rss"),
            "broken-response",
            "",
        ),
        fault(
            "closes in a chunk",
            body("transfer-encoding: chunked\r\n", b"ff\r\n<rss"),
            "broken-response",
            "",
        ),
        fault(
            "closes before the last chunk",
            body("transfer-encoding: chunked\r\n", b"4\r\n<rss\r\n"),
            "broken-response",
            "",
        ),
        fault(
            "an endless body",
            then(head(""), [Step::Repeat(vec![b'x'; 4096])]),
            "too-large",
            "256 KiB",
        ),
        fault(
            "endless chunks",
            then(
                head("transfer-encoding: chunked\r\n"),
                [Step::Repeat(b"8\r\nxxxxxxxx\r\n".to_vec())],
            ),
            "too-large",
            "",
        ),
        fault(
            "endless headers",
            then(
                raw("HTTP/1.1 200 OK\r\n"),
                [Step::Repeat(b"x-more: and more\r\n".to_vec())],
            ),
            "broken-response",
            "too large",
        ),
        fault(
            "one endless header",
            then(
                raw("HTTP/1.1 200 OK\r\nx: "),
                [Step::Repeat(vec![b'x'; 4096])],
            ),
            "broken-response",
            "",
        ),
        fault(
            "five hundred headers",
            body(&"x: y\r\n".repeat(500), FEED),
            "broken-response",
            "",
        ),
    ]
}

/// Lengths and chunks that do not fit.
fn framing() -> Vec<Fault> {
    let chunked = "transfer-encoding: chunked\r\n";
    vec![
        fault(
            "a length too short",
            body(
                "content-length: 12\r\n",
                b"<rss></rss> and more that nobody asked for",
            ),
            "document",
            "",
        ),
        fault(
            "a length too long",
            body("content-length: 999\r\n", FEED),
            "broken-response",
            "",
        ),
        fault(
            "two lengths that differ",
            body("content-length: 5\r\ncontent-length: 6\r\n", b"<rss/>"),
            "broken-response",
            "",
        ),
        fault(
            "two lengths that agree",
            body("content-length: 6\r\ncontent-length: 6\r\n", b"<rss/>"),
            "document",
            "",
        ),
        fault(
            "a negative length",
            body("content-length: -5\r\n", FEED),
            "broken-response",
            "",
        ),
        fault(
            "a length in words",
            body("content-length: many\r\n", FEED),
            "broken-response",
            "",
        ),
        fault(
            "a length that overflows",
            body("content-length: 99999999999999999999999\r\n", FEED),
            "broken-response",
            "",
        ),
        fault(
            "a length of a tebibyte that ends early",
            body("content-length: 1099511627776\r\n", FEED),
            "broken-response",
            "",
        ),
        fault(
            "a length of a tebibyte that goes on",
            then(
                head("content-length: 1099511627776\r\n"),
                [Step::Repeat(vec![b'x'; 4096])],
            ),
            "too-large",
            "",
        ),
        fault(
            "a chunk size that is none",
            body(chunked, b"zz\r\n<rss/>\r\n0\r\n\r\n"),
            "broken-response",
            "",
        ),
        fault(
            "a chunk size that overflows",
            body(chunked, b"ffffffffffffffffff\r\n<rss/>\r\n0\r\n\r\n"),
            "broken-response",
            "",
        ),
        fault(
            "a chunk longer than said",
            body(chunked, b"3\r\n<rss/>\r\n0\r\n\r\n"),
            "broken-response",
            "",
        ),
        fault(
            "length and chunks together",
            body(
                "content-length: 3\r\ntransfer-encoding: chunked\r\n",
                b"6\r\n<rss/>\r\n0\r\n\r\n",
            ),
            "document",
            "",
        ),
        fault(
            "extensions of a mebibyte on a chunk",
            body(
                chunked,
                format!("6;x={}\r\n<rss/>\r\n0\r\n\r\n", "y".repeat(1 << 20)).as_bytes(),
            ),
            "broken-response",
            "",
        ),
        fault(
            "endless trailers",
            then(
                body(chunked, b"6\r\n<rss/>\r\n0\r\n"),
                [Step::Repeat(b"x: y\r\n".to_vec())],
            ),
            "broken-response",
            "",
        ),
        fault(
            "trailers",
            body(
                &format!("trailer: x\r\n{chunked}"),
                b"6\r\n<rss/>\r\n0\r\nx: y\r\n\r\n",
            ),
            "document",
            "",
        ),
        fault(
            "a chunk without its end of line",
            body(chunked, b"6\r\n<rss/>0\r\n\r\n"),
            "broken-response",
            "",
        ),
        fault(
            "one octet a chunk",
            body(chunked, &octet_by_octet(FEED)),
            "document",
            "",
        ),
        fault("no length at all", body("", FEED), "document", ""),
        fault(
            "old HTTP",
            raw([b"HTTP/1.0 200 OK\r\n\r\n", FEED].concat()),
            "document",
            "",
        ),
    ]
}

fn octet_by_octet(octets: &[u8]) -> Vec<u8> {
    let mut chunks: Vec<u8> = octets
        .iter()
        .flat_map(|octet| [b'1', b'\r', b'\n', *octet, b'\r', b'\n'])
        .collect();
    chunks.extend(b"0\r\n\r\n");
    chunks
}

/// Things that are not HTTP, or hardly.
fn strangers() -> Vec<Fault> {
    vec![
        fault("SSH", raw("SSH-2.0-OpenSSH_9.6\r\n"), "broken-response", "not HTTP"),
        fault("mail", raw("220 mail.example ESMTP\r\n"), "broken-response", "not HTTP"),
        fault("a TLS alert", raw([0x15, 3, 1, 0, 2, 2, 0x46]), "broken-response", "not HTTP"),
        fault("radio", raw("ICY 200 OK\r\n\r\nnoise"), "broken-response", "not HTTP"),
        fault("zeros", raw(vec![0; 4096]), "broken-response", "not HTTP"),
        fault("the feed without a head", raw(FEED), "broken-response", "not HTTP"),
        fault("HTTP of the future", raw("HTTP/9.9 200 OK\r\n\r\n"), "broken-response", ""),
        fault("a status in words", raw("HTTP/1.1 fine\r\n\r\n"), "broken-response", ""),
        fault("a status of four digits", raw("HTTP/1.1 2000 OK\r\n\r\n"), "broken-response", ""),
        fault("a status with nothing behind", raw([b"HTTP/1.1 200\r\ncontent-length: 6\r\n\r\n", &b"<rss/>"[..]].concat()), "document", ""),
        fault("a header without a colon", body("nonsense\r\n", FEED), "document", ""),
        fault("a header with a control character", body("x: \x01\r\n", FEED), "document", ""),
        fault("a folded header", body("x: one\r\n two\r\n", FEED), "document", ""),
        fault("a space before the colon", body("x : y\r\n", FEED), "document", ""),
        fault("hints before the answer", raw([b"HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\n", &b"<rss/>"[..]].concat()), "document", ""),
        fault("a thousand hints before the answer", then(raw(b"HTTP/1.1 103 Early Hints\r\n\r\n".repeat(1000)), body("", FEED)), "document", ""),
        fault("hints without end", vec![Step::Drip(b"HTTP/1.1 103 Early Hints\r\n\r\n".repeat(200), Duration::from_millis(1))], "timeout", "waiting"),
        fault("another protocol", raw("HTTP/1.1 101 Switching\r\nupgrade: chat\r\n\r\n"), "status broken-response", ""),
    ]
}

impl Fault {
    fn is_met(&self, ending: &(&'static str, String)) -> bool {
        self.ending.split(' ').any(|expected| expected == ending.0) && ending.1.contains(self.says)
    }
}

fn catalog() -> Vec<Fault> {
    let parts = [
        connections(),
        framing(),
        strangers(),
        statuses(),
        redirects(),
        coded(),
    ];
    parts.into_iter().flatten().collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_fault_ends_as_it_should() {
    let faults = catalog();
    assert!(faults.len() >= 80, "{}", faults.len());
    let mut running = Vec::new();
    for fault in faults {
        running.push(tokio::spawn(async move {
            let script = fault.script.clone();
            let origin = Origin::playing(move |_| script.clone()).await;
            // A fetcher of its own for each, since a host that asks for rest would keep the others from asking.
            let ended = fetcher().fetch(&request(&origin.at("/feed"))).await;
            let ended = ending(&ended);
            (!fault.is_met(&ended)).then(|| format!("{}: {ended:?}", fault.name))
        }));
    }
    let mut wrong = Vec::new();
    for task in running {
        wrong.extend(task.await.unwrap());
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
