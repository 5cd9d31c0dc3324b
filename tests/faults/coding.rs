//! Content codings: truncated, corrupt, mislabeled, and bombs that stop at the limit.

use std::io::Write;

use crate::support::origin::{Step, answer, raw};

use super::FEED;
use super::catalog::{Fault, fault};

pub fn gzip(octets: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(octets).unwrap();
    encoder.finish().unwrap()
}

pub fn zlib(octets: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(octets).unwrap();
    encoder.finish().unwrap()
}

fn deflate(octets: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(octets).unwrap();
    encoder.finish().unwrap()
}

pub fn brotli(octets: &[u8]) -> Vec<u8> {
    let mut packed = Vec::new();
    let mut encoder = brotli::CompressorWriter::new(&mut packed, 4096, 5, 22);
    encoder.write_all(octets).unwrap();
    drop(encoder);
    packed
}

/// A Zstandard frame (RFC 8878) of blocks that repeat one octet 128 KiB each.
pub fn zstd(blocks: usize) -> Vec<u8> {
    let mut frame = vec![0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x50];
    for block in 1..=blocks {
        let last = u32::from(block == blocks);
        let header = ((128_u32 * 1024) << 3) | (1 << 1) | last;
        frame.extend_from_slice(&header.to_le_bytes()[..3]);
        frame.push(b'x');
    }
    frame
}

pub fn sent(coding: &str, octets: &[u8]) -> Vec<Step> {
    answer("200 OK", &format!("content-encoding: {coding}\r\n"), octets)
}

fn half(octets: Vec<u8>) -> Vec<u8> {
    octets[..octets.len() / 2].to_vec()
}

fn corrupt(mut octets: Vec<u8>) -> Vec<u8> {
    let middle = octets.len() / 2;
    for octet in &mut octets[middle..middle + 8] {
        *octet ^= 0xa5;
    }
    octets
}

pub fn coded() -> Vec<Fault> {
    let long: Vec<u8> = (0..20_000_u32)
        .flat_map(|n| (n.wrapping_mul(2_654_435_761)).to_le_bytes())
        .collect();
    let bomb = vec![b'x'; 2 * 1024 * 1024];
    vec![
        fault("gzip", sent("gzip", &gzip(FEED)), "document", ""),
        fault("deflate", sent("deflate", &zlib(FEED)), "document", ""),
        fault("brotli", sent("br", &brotli(FEED)), "document", ""),
        fault("zstd", sent("zstd", &zstd(1)), "document", ""),
        fault(
            "half a gzip",
            sent("gzip", &half(gzip(&long))),
            "broken-response",
            "coding",
        ),
        fault(
            "half a deflate",
            sent("deflate", &half(zlib(&long))),
            "broken-response",
            "coding",
        ),
        fault(
            "half a brotli",
            sent("br", &half(brotli(&long))),
            "broken-response",
            "coding",
        ),
        fault(
            "half a zstd",
            sent("zstd", &zstd(2)[..12]),
            "broken-response",
            "coding",
        ),
        fault(
            "a gzip without its end",
            sent("gzip", &gzip(FEED)[..gzip(FEED).len() - 4]),
            "broken-response",
            "coding",
        ),
        fault(
            "a corrupt gzip",
            sent("gzip", &corrupt(gzip(&long))),
            "broken-response",
            "coding",
        ),
        fault(
            "a corrupt deflate",
            sent("deflate", &corrupt(zlib(&long))),
            "broken-response",
            "coding",
        ),
        fault("a gzip bomb", sent("gzip", &gzip(&bomb)), "too-large", ""),
        fault(
            "a deflate bomb",
            sent("deflate", &zlib(&bomb)),
            "too-large",
            "",
        ),
        fault("a brotli bomb", sent("br", &brotli(&bomb)), "too-large", ""),
        fault("a zstd bomb", sent("zstd", &zstd(16)), "too-large", ""),
        fault(
            "an unlabeled gzip",
            answer("200 OK", "", &gzip(FEED)),
            "document",
            "",
        ),
        fault(
            "an unlabeled bomb",
            answer("200 OK", "", &gzip(&bomb)),
            "too-large",
            "",
        ),
        fault(
            "a gzip by its old name",
            sent("x-gzip", &gzip(FEED)),
            "document",
            "",
        ),
        fault(
            "two layers",
            sent("gzip, gzip", &gzip(&gzip(&bomb))),
            "too-large broken-response",
            "",
        ),
        fault("text labeled gzip", sent("gzip", FEED), "document", ""),
        fault("text labeled brotli", sent("br", FEED), "document", ""),
        fault(
            "gzip labeled brotli",
            sent("br", &gzip(FEED)),
            "document",
            "",
        ),
        fault(
            "noise labeled gzip",
            sent("gzip", &long),
            "broken-response",
            "coding",
        ),
        fault(
            "deflate without its wrapper",
            sent("deflate", &deflate(FEED)),
            "document",
            "",
        ),
        fault(
            "a gzip of two members",
            sent("gzip", &[gzip(&FEED[..40]), gzip(&FEED[40..])].concat()),
            "document",
            "",
        ),
        fault(
            "gzip within gzip, said so",
            sent("gzip, gzip", &gzip(&gzip(FEED))),
            "document",
            "",
        ),
        fault(
            "gzip within gzip, said half",
            sent("gzip", &gzip(&gzip(FEED))),
            "document",
            "",
        ),
        fault(
            "ten layers that are one",
            sent(&["gzip"; 10].join(", "), &gzip(FEED)),
            "document",
            "",
        ),
        fault("a coding of none", sent("none", FEED), "document", ""),
        fault(
            "a zstd that wants a window of 2 GiB",
            sent("zstd", &[0x28, 0xb5, 0x2f, 0xfd, 0, 21 << 3, 1, 0, 0]),
            "broken-response",
            "coding",
        ),
        fault(
            "endless nothing in gzip",
            [
                raw("HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\n\r\n"),
                vec![Step::Repeat(gzip(b""))],
            ]
            .concat(),
            "too-large",
            "",
        ),
        fault("text labeled utf-8", sent("utf-8", FEED), "document", ""),
        fault(
            "something labeled snappy",
            sent("snappy", &[0xff, 6, 0, 0, 0x73]),
            "broken-response",
            "snappy",
        ),
        fault("nothing labeled gzip", sent("gzip", b""), "empty-body", ""),
    ]
}
