//! What goes out beside the fetching: incidents to a webhook and by mail, all through a proxy, subscriptions at hubs.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use chrono::TimeDelta;
use hmac::{Hmac, Mac};
use samflode::websub::subscriber::{self, Question};
use sha2::Sha256;
use tokio::sync::mpsc;

use crate::faults::FEED;
use crate::support::command::Command;
use crate::support::feeds::{item, rss};
use crate::support::origin::{Origin, answer};
use crate::support::site::Page;
use crate::support::{Service, Site, World};

/// Takes POSTs and tells the test of each.
#[derive(Clone)]
struct Hook {
    address: String,
    heard: mpsc::UnboundedSender<String>,
    answer: Arc<Mutex<StatusCode>>,
}

impl Hook {
    async fn start() -> (Self, mpsc::UnboundedReceiver<String>) {
        let socket = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (heard, hearing) = mpsc::unbounded_channel();
        let hook = Self {
            address: format!("http://{}/hook", socket.local_addr().unwrap()),
            heard,
            answer: Arc::new(Mutex::new(StatusCode::NO_CONTENT)),
        };
        let routes = axum::Router::new()
            .route("/hook", axum::routing::post(hear))
            .with_state(hook.clone());
        tokio::spawn(async move { axum::serve(socket, routes).await });
        (hook, hearing)
    }
}

async fn hear(State(hook): State<Hook>, body: String) -> StatusCode {
    hook.heard.send(body).unwrap();
    *hook.answer.lock().unwrap()
}

async fn next(hearing: &mut mpsc::UnboundedReceiver<String>) -> String {
    let heard = tokio::time::timeout(Duration::from_secs(60), hearing.recv()).await;
    heard.expect("nothing was told").unwrap()
}

/// Ends a service as the system does, so that what was told is kept as told.
fn end(mut service: Service) {
    let pid = service.child.id().to_string();
    std::process::Command::new("kill")
        .arg(pid)
        .status()
        .unwrap();
    service.child.wait().unwrap();
}

fn program(path: &Path, text: &str) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_incident_is_told_once_by_webhook_and_once_by_mail_and_so_is_its_end() {
    let (site, (hook, mut hearing)) = (Site::start().await, Hook::start().await);
    site.publish(
        "/rss",
        "<!doctype html><title>Ny webbplats</title><h1>Välkommen</h1>",
    );
    let settings = format!(
        "[fetch]\nallow_private = [\"127.0.0.0/8\"]\nspacing = \"0s\"\n[notify]\nwebhook = \"{}\"\non_incident = \"drift@example.org\"\n",
        hook.address
    );
    let source = format!(
        "[[source]]\nid = \"kommunen\"\nkind = \"feed\"\naddress = \"{}\"\n",
        site.at("/rss")
    );
    let command = Command::with(&settings, &source);
    // What is written into the pipe is read here, so the test waits for the mail and not for a moment.
    let pipe = command.folder().join("mail");
    assert!(
        std::process::Command::new("mkfifo")
            .arg(&pipe)
            .status()
            .unwrap()
            .success()
    );
    program(
        &command.folder().join("bin/sendmail"),
        "#!/bin/sh\nexec cat > mail\n",
    );
    let mail = |pipe: &Path| {
        let pipe = pipe.to_owned();
        tokio::task::spawn_blocking(move || std::fs::read_to_string(pipe).unwrap())
    };
    assert_eq!(command.run(&["fetch"]).code, 3);
    assert_eq!(command.run(&["fetch"]).code, 3);
    {
        let letter = mail(&pipe);
        let service = command.serve(&[]);
        let told: serde_json::Value = serde_json::from_str(&next(&mut hearing).await).unwrap();
        assert_eq!(
            (&told["event"], &told["incident"]["kind"]),
            (&"began".into(), &"failing".into())
        );
        assert!(
            told["text"]
                .as_str()
                .unwrap()
                .contains("kommunen: not a feed"),
            "{told}"
        );
        let letter = letter.await.unwrap();
        assert!(letter.starts_with("To: drift@example.org\n"), "{letter}");
        assert!(letter.contains("kommunen: failing began"), "{letter}");
        end(service);
    }
    site.publish("/rss", rss(&[item(1, "Tillbaka")]));
    assert_eq!(command.run(&["fetch"]).code, 0);
    let letter = mail(&pipe);
    let service = command.serve(&[]);
    let told: serde_json::Value = serde_json::from_str(&next(&mut hearing).await).unwrap();
    assert_eq!(told["event"], "ended", "{told}");
    let letter = letter.await.unwrap();
    assert!(letter.contains("kommunen: failing ended"), "{letter}");
    end(service);
    assert!(hearing.try_recv().is_err(), "each is told once");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_proxy_is_used_where_it_is_set_and_private_addresses_stay_closed() {
    let proxy = Origin::playing(|asked| match asked.head.starts_with("CONNECT") {
        true => answer("502 No", "", b""),
        false if asked.path.ends_with("/robots.txt") => answer("404 No", "", b""),
        false => answer("200 OK", "", FEED),
    })
    .await;
    let settings = format!("[fetch]\nspacing = \"0s\"\nproxy = \"{}\"\n", proxy.at(""));
    let source = |id: &str, address: &str| {
        format!("[[source]]\nid = \"{id}\"\nkind = \"feed\"\naddress = \"{address}\"\n")
    };
    let sources = [
        source("a", "http://nyheter.invalid/feed"),
        source("b", "http://localhost:9/feed"),
        source("c", "http://10.0.0.1/feed"),
        source("d", "https://nyheter.invalid/feed"),
    ];
    let command = Command::with(&settings, &sources.concat());
    let fetched = command.run(&["fetch", "--json"]);
    let told: serde_json::Value = serde_json::from_str(&fetched.out).unwrap();
    let result = |id: &str| {
        let all = told["sources"].as_array().unwrap();
        all.iter().find(|one| one["source"] == id).unwrap()["result"].clone()
    };
    assert_eq!(result("a")["outcome"], "updated", "{told}");
    for refused in ["b", "c"] {
        assert_eq!(result(refused)["failure"], "forbidden-address", "{told}");
    }
    assert_eq!(result("d")["outcome"], "failed", "{told}");
    assert_eq!(proxy.seen("http://nyheter.invalid/feed").len(), 1);
    assert!(
        !proxy.seen("nyheter.invalid:443").is_empty(),
        "https goes through a tunnel"
    );
    assert!(
        proxy.seen("http://10.0.0.1/feed").is_empty()
            && proxy.seen("http://localhost:9/feed").is_empty()
    );
}

fn signature(secret: &str, body: &[u8]) -> String {
    let mut code = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    code.update(body);
    let hex: String = code
        .finalize()
        .into_bytes()
        .iter()
        .map(|octet| format!("{octet:02x}"))
        .collect();
    format!("sha256={hex}")
}

fn field(form: &str, name: &str) -> String {
    let fields = url::form_urlencoded::parse(form.as_bytes());
    fields
        .into_iter()
        .find(|(key, _)| key == name)
        .unwrap()
        .1
        .into_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hub_that_a_feed_names_is_subscribed_to_confirmed_heard_and_renewed() {
    let (site, (hub, mut hearing)) = (Site::start().await, Hook::start().await);
    let feed = Page::new(rss(&[item(1, "Ett")]))
        .header("link", &format!("<{}>; rel=\"hub\"", hub.address));
    site.serve("/rss", feed);
    let settings = "[site]\nbase_url = \"https://nyheter.example/\"\n[websub]\nsubscribe = true\n";
    let source = format!(
        "[[source]]\nid = \"a\"\nkind = \"feed\"\ninterval = \"1h\"\naddress = \"{}\"\n",
        site.at("/rss")
    );
    let mut world = World::with(settings, &source).await;
    world.refresh().await;
    let (store, fetcher) = (&world.bench.store, &world.bench.fetcher);
    let tend = async |now| {
        subscriber::tend(store, fetcher, &world.bench.settings, now)
            .await
            .unwrap()
    };
    tend(world.now).await;
    let form = next(&mut hearing).await;
    let (callback, topic, secret) = (
        field(&form, "hub.callback"),
        field(&form, "hub.topic"),
        field(&form, "hub.secret"),
    );
    assert_eq!(
        (field(&form, "hub.mode").as_str(), topic),
        ("subscribe", site.at("/rss"))
    );
    let key = callback
        .strip_prefix("https://nyheter.example/websub/")
        .unwrap();
    let question = Question {
        mode: "subscribe".into(),
        topic: site.at("/rss"),
        challenge: "visa".into(),
        lease_seconds: Some(5 * 24 * 3600),
    };
    let foreign = subscriber::confirm(store, "another-key", &question, world.now)
        .await
        .unwrap();
    assert_eq!(foreign, None);
    let echoed = subscriber::confirm(store, key, &question, world.now)
        .await
        .unwrap();
    assert_eq!(echoed.as_deref(), Some("visa"));
    let later = world.now + TimeDelta::minutes(10);
    let ping = async |signature: &str| {
        subscriber::receive(store, key, Some(signature), b"nytt", later)
            .await
            .unwrap()
    };
    ping(&signature("gissad", b"nytt")).await;
    assert!(
        world.source("a").await.state.due > Some(later),
        "a forged delivery does nothing"
    );
    ping(&signature(&secret, b"nytt")).await;
    assert!(world.source("a").await.state.due <= Some(later));
    for (days, is_renewed) in [(2, false), (4, true)] {
        tend(world.now + TimeDelta::days(days)).await;
        assert_eq!(hearing.try_recv().is_ok(), is_renewed, "after {days} days");
    }
}
