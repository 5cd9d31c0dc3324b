//! Rules that wait for approval after a redesign, as `status` and `check` tell them: the change line by line, what the
//! rules gave, how to take them. Asks no page anything: `check --live` does.

use crate::model::{Kind, Rules, SourceId, SourceState};
use crate::scrape::relearn;

/// The rules of a source before, as far as they are written or learned.
pub(super) fn before(state: &SourceState, kind: Option<&Kind>) -> Option<Rules> {
    let configured = kind.and_then(|kind| match kind {
        Kind::Page(rules) => rules.clone(),
        Kind::Feed => None,
    });
    state.learned_rules.clone().or(configured)
}

/// What is proposed for a source, where something is.
pub(super) fn told(source: &SourceId, state: &SourceState, kind: Option<&Kind>) -> Option<String> {
    let proposed = state.proposed_rules.as_ref()?;
    let mut lines = vec![format!(
        "{source}: the layout has changed, and these rules are proposed:"
    )];
    let diff = relearn::diff(before(state, kind).as_ref(), proposed);
    lines.extend(diff.lines().map(|line| format!("  {line}")));
    if !state.proposed_titles.is_empty() {
        lines.push("  they found, among others:".into());
        let titles = state.proposed_titles.iter();
        lines.extend(titles.map(|title| format!("    {title}")));
    }
    lines.push(format!(
        "  `samflode add --accept {source}` takes them; `samflode check --live {source}` shows all that they find now"
    ));
    Some(lines.join("\n"))
}
