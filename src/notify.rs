//! Tells the operator of incidents: a JSON POST to a webhook, mail by the system's `sendmail`.
//!
//! What is told comes from the outbox, so an incident is told once, also over a restart, and a webhook that is down for an
//! hour misses nothing. Incidents never appear among the news.

use std::io;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;
use tokio::io::AsyncWriteExt;
use tokio::process::Command;
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::fetch::{Fetcher, Post, Trouble};
use crate::model::{Incident, NotifySettings, Settings};
use crate::store::{BY_MAIL, BY_WEBHOOK, Error, Store};

/// Messages sent in one go.
const AT_ONCE: usize = 20;
/// After so many tries, spread over two days, a message is given up.
const MAX_TRIES: u32 = 12;
const FIRST_WAIT: TimeDelta = TimeDelta::minutes(2);
const LONGEST_WAIT: TimeDelta = TimeDelta::hours(6);
/// A webhook or `sendmail` may take so long; what else is to be told waits for it.
const PATIENCE: Duration = Duration::from_secs(20);
/// Where `sendmail` is by custom, when it is not on the path.
const SENDMAIL: &str = "/usr/sbin/sendmail";

/// Tells what is in the outbox and due, by webhook and by mail, until it is stopped. One that fails does not keep the other back.
pub async fn deliver(
    store: &Store,
    fetcher: &Fetcher,
    settings: &Settings,
    now: DateTime<Utc>,
    stop: &CancellationToken,
) -> Result<(), Error> {
    let NotifySettings { webhook, mail } = &settings.notify;
    let posted = tell_all(
        store,
        BY_WEBHOOK,
        (now, stop),
        |incident: Incident| async move {
            match webhook {
                Some(webhook) => post(fetcher, webhook, &incident, &settings.site.base_url).await,
                None => Ok(()),
            }
        },
    );
    let posted = posted.await;
    let mailed = tell_all(
        store,
        BY_MAIL,
        (now, stop),
        |incident: Incident| async move {
            match mail {
                Some(address) => write_to(address, &incident, &settings.site.title).await,
                None => Ok(()),
            }
        },
    );
    let mailed = mailed.await;
    posted.and(mailed)
}

/// Tells what is due in one way. After one that fails, the others of this turn are not tried: they would wait as long in vain.
async fn tell_all<F, W>(
    store: &Store,
    way: &'static str,
    (now, stop): (DateTime<Utc>, &CancellationToken),
    tell: F,
) -> Result<(), Error>
where
    F: Fn(Incident) -> W,
    W: Future<Output = Result<(), String>>,
{
    let messages = store
        .read(move |reader| reader.messages_due(way, now, AT_ONCE))
        .await?;
    let mut is_broken = false;
    for message in messages {
        if stop.is_cancelled() {
            break;
        }
        let told = match serde_json::from_str(&message.payload) {
            // Written by another version; trying again will not make it readable.
            Err(_) => Ok(()),
            Ok(_) if is_broken => Err("the one before could not be told".to_owned()),
            Ok(incident) => tell(incident).await,
        };
        if let Err(reason) = &told {
            if !is_broken {
                tracing::warn!(%reason, tries = message.tries + 1, "an incident could not be told");
            }
            is_broken = true;
        }
        let id = message.id;
        let next = told
            .as_ref()
            .err()
            .and_then(|_| next_try(message.tries, now));
        if let (Err(reason), None) = (&told, next) {
            tracing::error!(%reason, incident = %message.payload, "an incident could not be told and is given up");
        }
        store
            .write(move |writer| match next {
                Some(due) => writer.postpone_message(id, due),
                None => writer.end_message(id),
            })
            .await?;
    }
    Ok(())
}

/// When a message is tried again after so many tries before this one, if ever.
fn next_try(tries: u32, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let wait = FIRST_WAIT * 2_i32.pow(tries.min(10));
    (tries + 1 < MAX_TRIES).then(|| now + wait.min(LONGEST_WAIT))
}

async fn write_to(address: &str, incident: &Incident, title: &str) -> Result<(), String> {
    let letter = letter_text(incident, address, title);
    match send(sendmail("sendmail"), &letter, PATIENCE).await {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            send(sendmail(SENDMAIL), &letter, PATIENCE).await
        }
        sent => sent,
    }
    .map_err(|error| format!("sendmail: {error}"))
}

async fn post(
    fetcher: &Fetcher,
    webhook: &Url,
    incident: &Incident,
    base: &Url,
) -> Result<(), String> {
    let post = Post {
        address: webhook.clone(),
        content_type: "application/json".to_owned(),
        body: Bytes::from(webhook_body(incident, base).to_string()),
        links: Vec::new(),
        signature: None,
        timeout: PATIENCE,
    };
    match fetcher.post(&post).await {
        Ok(reply) if (200..300).contains(&reply.status) => Ok(()),
        Ok(reply) => Err(format!("the webhook answered {}", reply.status)),
        Err(Trouble::Failed(failure)) => Err(failure.to_string()),
        Err(Trouble::Skipped(skip)) => Err(skip.to_string()),
    }
}

/// What a webhook gets; `text` alone is what chat services show.
fn webhook_body(incident: &Incident, base: &Url) -> serde_json::Value {
    json!({
        "event": event(incident),
        "text": sentence(incident),
        "incident": incident,
        "status": base.join("status").map(String::from).ok(),
    })
}

fn event(incident: &Incident) -> &'static str {
    match incident.ended {
        None => "began",
        Some(_) => "ended",
    }
}

/// The incident on one line.
fn sentence(incident: &Incident) -> String {
    let whose = incident
        .source
        .as_ref()
        .map_or("samflode itself", |source| source.as_str());
    let sentence = match incident.ended {
        None => format!("{whose}: {}", incident.detail),
        Some(_) => format!("{whose}: over: {}", incident.detail),
    };
    sentence
        .chars()
        .map(|character| {
            if character.is_control() {
                ' '
            } else {
                character
            }
        })
        .collect()
}

/// A mail of one sentence (RFC 5322). Nothing of a stranger's reaches the head but as one encoded line.
fn letter_text(incident: &Incident, to: &str, title: &str) -> String {
    let sentence = sentence(incident);
    let whose = incident
        .source
        .as_ref()
        .map_or("samflode", |source| source.as_str());
    let to: String = to
        .chars()
        .filter(|character| !character.is_control())
        .collect();
    format!(
        "To: {to}\nSubject: [samflode] {whose}: {} {}\nAuto-Submitted: auto-generated\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{sentence}\n\nSince {}.\n\n-- \n{title}\n",
        kind(incident),
        event(incident),
        incident.began.format("%Y-%m-%d %H:%M UTC"),
    )
}

fn kind(incident: &Incident) -> String {
    let name = serde_json::to_value(incident.kind).unwrap_or_default();
    name.as_str().unwrap_or("incident").to_owned()
}

fn sendmail(program: &str) -> Command {
    let mut command = Command::new(program);
    command.args(["-t", "-oi"]);
    command
}

/// Hands a letter to a program; one that does not end in time is ended.
async fn send(program: Command, letter: &str, patience: Duration) -> io::Result<()> {
    let status = tokio::time::timeout(patience, hand_over(program, letter))
        .await
        .map_err(|_| io::Error::new(io::ErrorKind::TimedOut, "it did not end in time"))??;
    match status.success() {
        true => Ok(()),
        false => Err(io::Error::other(status.to_string())),
    }
}

async fn hand_over(mut program: Command, letter: &str) -> io::Result<ExitStatus> {
    let mut child = program
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()?;
    let written = match child.stdin.take() {
        Some(mut stdin) => stdin.write_all(letter.as_bytes()).await,
        None => Ok(()),
    };
    let status = child.wait().await?;
    match status.success() {
        true => written.map(|()| status),
        false => Ok(status), // it says more of what went wrong than the closed pipe does
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{IncidentKind, SourceId};

    fn incident(detail: &str, ended: bool) -> Incident {
        let began: DateTime<Utc> = "2026-11-02T08:00:00Z".parse().expect("a moment");
        Incident {
            id: 7,
            source: Some(SourceId::new("kungsor")),
            kind: IncidentKind::LayoutChanged,
            detail: detail.into(),
            began,
            ended: ended.then(|| began + TimeDelta::hours(3)),
        }
    }

    #[test]
    fn a_webhook_is_told_what_began_and_what_ended() {
        let base = Url::parse("https://nyheter.example/").expect("an address");
        let body = webhook_body(&incident("layout changed: no list", false), &base);
        assert_eq!(body["event"], "began");
        assert_eq!(body["text"], "kungsor: layout changed: no list");
        assert_eq!(body["incident"]["kind"], "layout-changed");
        assert_eq!(body["status"], "https://nyheter.example/status");
        let body = webhook_body(&incident("layout changed: no list", true), &base);
        assert_eq!(body["event"], "ended");
        assert_eq!(body["text"], "kungsor: over: layout changed: no list");
    }

    #[test]
    fn nothing_of_a_strangers_reaches_the_head_of_a_mail() {
        let text = letter_text(
            &incident("bad\nBcc: all@example.org", false),
            "ops@example.org\nCc: x",
            "Nyheter",
        );
        let head = text.split("\n\n").next().expect("a head");
        assert!(
            !head.contains("Bcc") && !head.lines().any(|line| line.starts_with("Cc")),
            "{head}"
        );
        assert!(
            head.contains("Subject: [samflode] kungsor: layout-changed began"),
            "{head}"
        );
    }

    #[test]
    fn tries_grow_apart_and_end() {
        let now = DateTime::UNIX_EPOCH;
        assert_eq!(next_try(0, now), Some(now + FIRST_WAIT));
        assert_eq!(next_try(10, now), Some(now + LONGEST_WAIT));
        assert_eq!(next_try(11, now), None);
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn a_sendmail_that_never_ends_is_ended() {
        let folder = tempfile::tempdir().expect("a folder");
        let pipe = folder.path().join("open");
        let made = Command::new("mkfifo").arg(&pipe).status().await;
        assert!(made.expect("a pipe").success());
        // The pipe is open for as long as the program lives, and its reader comes to the end when it is gone.
        let read = tokio::task::spawn_blocking(move || std::fs::read(pipe));
        let mut endless = Command::new("sh");
        endless.args(["-c", "exec > open; exec tail -f /dev/null"]);
        endless.current_dir(folder.path());
        let hung = send(endless, "To: ops\n\n", Duration::from_secs(3)).await;
        let kind = hung.expect_err("it goes on").kind();
        assert_eq!(kind, io::ErrorKind::TimedOut);
        let ended = tokio::time::timeout(Duration::from_secs(60), read).await;
        ended
            .expect("it lives on")
            .expect("a reader")
            .expect("an end");
    }
}
