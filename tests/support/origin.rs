//! A server on localhost that plays faults: each answer is a script of what goes over the bare socket.

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// One thing done on the socket. After the last one the connection is closed.
#[derive(Clone)]
pub enum Step {
    /// Sends these octets.
    Send(Vec<u8>),
    /// Sends these octets over and over, until the other side has had enough.
    Repeat(Vec<u8>),
    /// Sends one octet at a time, so long apart.
    Drip(Vec<u8>, Duration),
    /// Keeps the connection open and says nothing.
    Hold,
    /// Breaks the connection off.
    Reset,
    /// Reads the next request on the same connection.
    Next,
}

/// One request as it arrived.
#[derive(Clone, Debug)]
pub struct Asked {
    pub path: String,
    pub head: String,
    /// How often this path had been asked before.
    pub before: usize,
}

/// The first octet of a client that speaks TLS: it is answered at once, since no empty line will come.
const TLS_HANDSHAKE: u8 = 0x16;

type Script = dyn Fn(&Asked) -> Vec<Step> + Send + Sync;

/// The server. It ends with the test's runtime.
pub struct Origin {
    address: SocketAddr,
    seen: Arc<Mutex<Vec<Asked>>>,
    connections: Arc<Mutex<usize>>,
}

impl Origin {
    /// Starts a server that answers each request by a script.
    pub async fn playing(script: impl Fn(&Asked) -> Vec<Step> + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = Self {
            address: listener.local_addr().unwrap(),
            seen: Arc::default(),
            connections: Arc::default(),
        };
        let (seen, connections) = (Arc::clone(&origin.seen), Arc::clone(&origin.connections));
        let script: Arc<Script> = Arc::new(script);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                *connections.lock().unwrap() += 1;
                tokio::spawn(serve(stream, Arc::clone(&script), Arc::clone(&seen)));
            }
        });
        origin
    }

    /// The absolute address of a path.
    pub fn at(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// All requests for a path so far.
    pub fn seen(&self, path: &str) -> Vec<Asked> {
        let seen = self.seen.lock().unwrap();
        seen.iter()
            .filter(|asked| asked.path == path)
            .cloned()
            .collect()
    }

    /// How many connections there have been.
    pub fn connections(&self) -> usize {
        *self.connections.lock().unwrap()
    }
}

async fn serve(mut stream: TcpStream, script: Arc<Script>, seen: Arc<Mutex<Vec<Asked>>>) {
    let mut asked = match read_request(&mut stream, &seen).await {
        Some(asked) => asked,
        None => return,
    };
    'request: loop {
        for step in script(&asked) {
            match step {
                Step::Next => {
                    asked = match read_request(&mut stream, &seen).await {
                        Some(asked) => asked,
                        None => return,
                    };
                    continue 'request;
                }
                Step::Reset => {
                    let _ = stream.set_zero_linger();
                    return;
                }
                step => {
                    if play(&mut stream, step).await.is_err() {
                        return;
                    }
                }
            }
        }
        let _ = stream.shutdown().await;
        return;
    }
}

async fn play(stream: &mut TcpStream, step: Step) -> io::Result<()> {
    match step {
        Step::Send(octets) => stream.write_all(&octets).await,
        Step::Repeat(octets) => {
            let many = octets.repeat(16 * 1024 / octets.len() + 1);
            loop {
                stream.write_all(&many).await?;
            }
        }
        Step::Drip(octets, pause) => {
            for octet in octets {
                stream.write_all(&[octet]).await?;
                tokio::time::sleep(pause).await;
            }
            Ok(())
        }
        Step::Hold => {
            // Ends when the other side closes, whatever it still has to say.
            tokio::io::copy(stream, &mut tokio::io::sink())
                .await
                .map(drop)
        }
        Step::Reset | Step::Next => Ok(()),
    }
}

async fn read_request(stream: &mut TcpStream, seen: &Mutex<Vec<Asked>>) -> Option<Asked> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let octet = stream.read_u8().await.ok()?;
        head.push(octet);
        if head == [TLS_HANDSHAKE] {
            break;
        }
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
    let mut seen = seen.lock().unwrap();
    let before = seen.iter().filter(|asked| asked.path == path).count();
    let asked = Asked { path, head, before };
    seen.push(asked.clone());
    Some(asked)
}

/// A whole answer: status line, headers, body with its length.
pub fn answer(status: &str, headers: &str, body: &[u8]) -> Vec<Step> {
    let mut octets =
        format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\n", body.len()).into_bytes();
    octets.extend_from_slice(headers.as_bytes());
    octets.extend_from_slice(b"\r\n");
    octets.extend_from_slice(body);
    vec![Step::Send(octets)]
}

/// The same, and the connection stays open for more.
pub fn answer_and_stay(status: &str, headers: &str, body: &[u8]) -> Vec<Step> {
    let mut steps = answer(status, headers, body);
    steps.push(Step::Next);
    steps
}

/// A redirect.
pub fn redirect(status: u16, location: &str) -> Vec<Step> {
    answer(
        &format!("{status} Elsewhere"),
        &format!("location: {location}\r\n"),
        b"",
    )
}

/// Octets as they are.
pub fn raw(octets: impl Into<Vec<u8>>) -> Vec<Step> {
    vec![Step::Send(octets.into())]
}
