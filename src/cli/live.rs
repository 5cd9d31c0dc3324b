//! `samflode check --live`: what a refresh would publish now, with merges and their reasons, failures and proposed rules.
//!
//! All of it happens on a copy of the database that is removed in the end. How it is shown is in `preview`.

use std::path::PathBuf;

use chrono::{DateTime, Utc};

use super::findings::Findings;
use super::global::{Access, Opened};
use super::preview::{News, Preview, Proposed, Reason};
use super::report::{Exit, Report};
use super::{Global, fetch, preview, proposal, seek};
use crate::date;
use crate::dedupe::explain;
use crate::model::{
    Answer, ParsedEntry, Request, RequestKind, Rules, Source, StoredEntry, Validators,
};
use crate::scrape::{self, relearn};
use crate::store::{Error, Mark, Merge, Reader};

/// Refreshes the sources of these names, or all that are polled, and shows what came of it.
pub(super) async fn run(
    names: &[String],
    replay: Option<PathBuf>,
    found: &Findings,
    global: &Global,
) -> Result<Exit, Report> {
    let access = Access {
        replay,
        record: None,
        on_a_copy: true,
    };
    let opened = global.open(&access).await?;
    let sources = fetch::chosen(&opened, names)?;
    let store = &opened.bench.store;
    let mark = store.read(|reader| reader.mark()).await?;
    let mut ended = fetch::round(&opened, sources.clone(), global).await?;
    fetch::whole(&ended, sources.len())?;
    ended.sort_by(|a, b| a.source.cmp(&b.source));
    let news = store.read(move |reader| news(reader, mark)).await?;
    let mut proposed = Vec::new();
    for source in &sources {
        proposed.extend(self::proposed(&opened, source, global).await?);
    }
    let exit = fetch::exit(&ended);
    preview::show(
        &Preview {
            news,
            ended,
            proposed,
        },
        found,
        global,
    );
    Ok(exit)
}

/// What came since the mark, newest first.
fn news(reader: &Reader<'_>, mark: Mark) -> Result<Vec<News>, Error> {
    let mut news = reader
        .since(mark)?
        .into_iter()
        .map(|(stored, novelty)| {
            Ok(News {
                reasons: reasons(reader, &stored)?,
                stored,
                novelty,
            })
        })
        .collect::<Result<Vec<_>, Error>>()?;
    news.sort_by_key(|one| std::cmp::Reverse(one.stored.entry.published.utc()));
    Ok(news)
}

/// Why an entry joined the ones that it is told with.
fn reasons(reader: &Reader<'_>, stored: &StoredEntry) -> Result<Vec<Reason>, Error> {
    if stored.cluster.is_none() {
        return Ok(Vec::new());
    }
    let why = reader.why(stored.id)?;
    let own = why
        .merges
        .iter()
        .filter(|merge| merge.entry == stored.id && merge.undone.is_none());
    let reason = |merge: &Merge| {
        let with = why
            .members
            .iter()
            .find(|member| member.id == merge.edge.with)?;
        Some(Reason {
            text: explain::merged(&merge.edge, &preview::name(with)),
            with: with.clone(),
        })
    };
    Ok(own.filter_map(reason).collect())
}

/// The rules that wait for approval, with what they would give.
async fn proposed(
    opened: &Opened,
    source: &Source,
    global: &Global,
) -> Result<Option<Proposed>, Report> {
    let id = source.id.clone();
    let row = opened
        .bench
        .store
        .read(move |reader| reader.source(&id))
        .await?;
    let Some(state) = row.map(|row| row.state) else {
        return Ok(None);
    };
    let old = proposal::before(&state, Some(&source.kind));
    let Some(rules) = state.proposed_rules else {
        return Ok(None);
    };
    Ok(Some(Proposed {
        source: source.id.clone(),
        diff: relearn::diff(old.as_ref(), &rules),
        entries: entries_by(opened, source, &rules, global).await,
        rules,
    }))
}

/// What rules find on the page now; nothing where the page cannot be had.
async fn entries_by(
    opened: &Opened,
    source: &Source,
    rules: &Rules,
    global: &Global,
) -> Vec<ParsedEntry> {
    let fetcher = &opened.bench.fetcher;
    let request = Request {
        address: source.address.clone(),
        kind: RequestKind::Page,
        validators: Validators::default(),
        max_body: source.limits.max_body,
        timeout: source.limits.timeout,
        obey_robots: true,
    };
    let answer = seek::with_ticks(fetcher, global, fetcher.fetch(&request)).await;
    let Ok(Answer::Document(document)) = answer else {
        return Vec::new();
    };
    scrape::page(&document, Some(rules), &context(source, document.received))
        .map(|reading| reading.feed.entries)
        .unwrap_or_default()
}

fn context(source: &Source, received: DateTime<Utc>) -> date::Context {
    date::Context {
        time_zone: source.time_zone,
        language: source.language.clone(),
        now: Some(received),
    }
}
