//! Eight bombs at once, through the real binary: memory stays within bounds, whatever they unpack to.

use std::io::{BufRead, BufReader};
use std::process::Child;

use crate::support::command::Command;
use crate::support::origin::{Origin, Step, answer, raw};

use super::FEED;
use super::coding::{brotli, gzip, sent, zlib, zstd};

/// What eight bombs may take beyond what a feed takes.
const MOST: u64 = 64 * 1024;

/// A feed whose only entry has half a million attributes.
fn giant_attributes() -> Vec<u8> {
    let attributes: String = (0..500_000)
        .map(|number| format!(" a{number}='x'"))
        .collect();
    format!("<rss version='2.0'><channel><title>Verket</title><item{attributes}><title>Ny</title></item></channel></rss>")
        .into_bytes()
}

/// The highest memory of a process so far, in KiB; nothing once it has ended.
fn peak(child: &Child) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

/// Fetches all that these origins have; the peak of it, and how each ended.
fn fetched(origins: &[(&str, Origin)]) -> (u64, Vec<String>) {
    let sources: String = origins
        .iter()
        .map(|(name, origin)| {
            format!(
                "[[source]]\nid = \"{name}\"\nkind = \"feed\"\naddress = \"{}\"\n",
                origin.at("/feed")
            )
        })
        .collect();
    let settings = "[fetch]\nallow_private = [\"127.0.0.0/8\"]\nspacing = \"0s\"\n";
    let command = Command::with(settings, &sources);
    let mut child = command.start(&["fetch"]);
    let lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let (mut highest, mut endings) = (0, Vec::new());
    // A line comes when a source has ended; the peak holds all that was before.
    for line in lines.map_while(Result::ok) {
        highest = peak(&child).unwrap_or(highest);
        endings.push(line);
    }
    child.wait().unwrap();
    (highest, endings)
}

async fn origin(script: Vec<Step>) -> Origin {
    Origin::playing(move |asked| match asked.path.as_str() {
        "/feed" => script.clone(),
        _ => answer("404 No", "", b""),
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn eight_bombs_at_once_stay_within_bounds() {
    let bomb = vec![b' '; 12 << 20];
    let endless = |head: &str, octets: &[u8]| {
        let head = raw(format!("HTTP/1.1 200 OK\r\n{head}\r\n"));
        [head, vec![Step::Repeat(octets.to_vec())]].concat()
    };
    let chunk = [b"1000\r\n", &[b'x'; 4096][..], b"\r\n"].concat();
    let bombs = [
        ("gzip", sent("gzip", &gzip(&bomb))),
        ("gzip-in-gzip", sent("gzip", &gzip(&gzip(&bomb)))),
        ("deflate", sent("deflate", &zlib(&bomb))),
        ("brotli", sent("br", &brotli(&bomb))),
        ("zstd", sent("zstd", &zstd(96))),
        ("endless", endless("", b"<a>x</a>")),
        (
            "endless-chunks",
            endless("transfer-encoding: chunked\r\n", &chunk),
        ),
    ];
    let mut origins = Vec::new();
    for (name, script) in bombs {
        origins.push((name, origin(script).await));
    }
    let giant = giant_attributes();
    origins.push(("attributes", origin(answer("200 OK", "", &giant)).await));
    let plain = [("plain", origin(answer("200 OK", "", FEED)).await)];
    let (idle, bombed) = tokio::task::spawn_blocking(move || (fetched(&plain), fetched(&origins)))
        .await
        .unwrap();
    let refused = bombed
        .1
        .iter()
        .filter(|line| line.contains("larger than the limit"))
        .count();
    assert_eq!(refused, 7, "{:?}", bombed.1);
    assert!(idle.0 > 0, "{:?}", idle.1);
    assert!(
        bombed.0 < idle.0 + MOST,
        "{} KiB, idle {} KiB",
        bombed.0,
        idle.0
    );
}
