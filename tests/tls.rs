//! TLS: a CA of our own is believed where the configuration names it; every other flaw of a certificate or a handshake is a
//! failure in its own words, and nothing turns verification off.

use std::path::PathBuf;
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, date_time_ymd};
use samflode::fetch::{Fetcher, Trouble};
use samflode::model::{Answer, FetchSettings, Request, RequestKind, Validators};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs::default_provider;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

use crate::faults::{FEED, ending, settings};
use crate::support::command::Command;
use crate::support::origin::{Origin, Step, raw};

/// A certificate authority, with its certificate in a file as the configuration wants it.
struct Authority {
    issuer: Issuer<'static, KeyPair>,
    folder: tempfile::TempDir,
}

/// What is wrong with a server's certificate.
#[derive(Clone, Copy, Default)]
struct Flaw {
    name: Option<&'static str>,
    valid: Option<(i32, i32)>,
}

impl Authority {
    fn named(name: &str) -> Self {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let folder = tempfile::tempdir().unwrap();
        let certificate = params.self_signed(&key).unwrap();
        std::fs::write(folder.path().join("ca.pem"), certificate.pem()).unwrap();
        Self {
            issuer: Issuer::new(params, key),
            folder,
        }
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("ca.pem")
    }

    /// A server at `localhost` with a certificate of this authority; its port.
    async fn serve(&self, flaw: Flaw) -> u16 {
        let key = KeyPair::generate().unwrap();
        let name = flaw.name.unwrap_or("localhost").to_owned();
        let mut params = CertificateParams::new(vec![name]).unwrap();
        if let Some((from, until)) = flaw.valid {
            params.not_before = date_time_ymd(from, 1, 1);
            params.not_after = date_time_ymd(until, 1, 1);
        }
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key)
            .unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(answer(acceptor.clone(), stream));
            }
        });
        port
    }
}

/// Answers one request with the feed; a client that does not like the certificate has gone by then.
async fn answer(acceptor: TlsAcceptor, stream: TcpStream) -> Option<()> {
    let mut stream = acceptor.accept(stream).await.ok()?;
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.ok()?);
    }
    let (status, body) = match head.starts_with(b"GET /robots.txt") {
        true => ("404 Not Found", &b""[..]),
        false => ("200 OK", FEED),
    };
    let told = format!(
        "HTTP/1.1 {status}\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(told.as_bytes()).await.ok()?;
    stream.write_all(body).await.ok()?;
    stream.shutdown().await.ok()
}

async fn fetch(ca_file: Option<PathBuf>, port: u16) -> Result<Answer, Trouble> {
    let fetcher = Fetcher::live(&FetchSettings {
        ca_file,
        ..settings()
    })
    .unwrap();
    fetcher.tick("2026-11-02T08:00:00Z".parse().unwrap());
    let request = Request {
        address: format!("https://localhost:{port}/feed").parse().unwrap(),
        kind: RequestKind::Feed,
        validators: Validators::default(),
        max_body: 64 * 1024,
        timeout: settings().timeout,
        obey_robots: false,
    };
    fetcher.fetch(&request).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_authority_of_our_own_is_believed_where_it_is_named_and_only_there() {
    let (ours, other) = (Authority::named("ours"), Authority::named("another"));
    let port = ours.serve(Flaw::default()).await;
    assert_eq!(ending(&fetch(Some(ours.file()), port).await).0, "document");
    for ca_file in [None, Some(other.file())] {
        let ended = ending(&fetch(ca_file, port).await);
        assert!(
            ended.0 == "tls" && ended.1.contains("unknown issuer"),
            "{ended:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_flaw_of_a_certificate_has_its_own_words() {
    let authority = Authority::named("ours");
    let flaws = [
        (
            Flaw {
                name: Some("other.example"),
                ..Flaw::default()
            },
            "another name",
        ),
        (
            Flaw {
                valid: Some((2020, 2021)),
                ..Flaw::default()
            },
            "expired",
        ),
        (
            Flaw {
                valid: Some((2090, 2091)),
                ..Flaw::default()
            },
            "not valid yet",
        ),
    ];
    for (flaw, words) in flaws {
        let port = authority.serve(flaw).await;
        let ended = ending(&fetch(Some(authority.file()), port).await);
        assert!(
            ended.0 == "tls" && ended.1.contains(words),
            "{words}: {ended:?}"
        );
    }
}

/// A ServerHello of TLS 1.0 (RFC 2246 section 7.4.1.3), and nothing after it.
fn hello_of_1999() -> Vec<u8> {
    let mut hello = vec![2, 0, 0, 38, 3, 1];
    hello.extend([7; 32]);
    hello.extend([0, 0, 0x2f, 0]);
    let mut record = vec![22, 3, 1, 0, hello.len() as u8];
    record.extend(hello);
    record
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn broken_handshakes_are_told_apart() {
    let cases = [
        ("TLS 1.0", raw(hello_of_1999()), "tls", "no common version"),
        (
            "an alert: protocol version",
            raw([21, 3, 1, 0, 2, 2, 70]),
            "tls",
            "no common version",
        ),
        (
            "an alert: handshake failure",
            raw([21, 3, 1, 0, 2, 2, 40]),
            "tls",
            "no common version",
        ),
        (
            "plain HTTP",
            raw("HTTP/1.1 400 Bad Request\r\n\r\n"),
            "tls",
            "does not speak TLS",
        ),
        (
            "SSH",
            raw("SSH-2.0-OpenSSH_9.6\r\n"),
            "tls",
            "does not speak TLS",
        ),
        ("nothing", vec![], "no-connection broken-response tls", ""),
        (
            "a reset",
            vec![Step::Reset],
            "no-connection",
            "broke it off",
        ),
        ("silence", vec![Step::Hold], "timeout", ""),
    ];
    for (name, script, expected, words) in cases {
        let origin = Origin::playing(move |_| script.clone()).await;
        let port = origin.at("").rsplit(':').next().unwrap().parse().unwrap();
        let ended = ending(&fetch(None, port).await);
        let is_expected = expected.split(' ').any(|name| name == ended.0);
        assert!(is_expected && ended.1.contains(words), "{name}: {ended:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_operator_names_an_authority_and_finds_no_switch_to_do_without() {
    let authority = Authority::named("ours");
    let port = authority.serve(Flaw::default()).await;
    let fetch = |more: &str| {
        let settings =
            format!("[fetch]\nallow_private = [\"127.0.0.0/8\"]\nspacing = \"0s\"\n{more}\n");
        let source = format!(
            "[[source]]\nid = \"a\"\nkind = \"feed\"\naddress = \"https://localhost:{port}/feed\"\n"
        );
        Command::with(&settings, &source).run(&["fetch"])
    };
    let trusted = fetch(&format!("ca_file = \"{}\"", authority.file().display()));
    assert_eq!(trusted.code, 0, "{trusted:?}");
    let distrusted = fetch("");
    assert_eq!(distrusted.code, 3, "{distrusted:?}");
    assert!(distrusted.out.contains("unknown issuer"), "{distrusted:?}");
    for switch in [
        "verify = false",
        "insecure = true",
        "danger_accept_invalid_certs = true",
    ] {
        let refused = fetch(switch);
        assert_eq!(refused.code, 2, "{switch}: {refused:?}");
    }
}
