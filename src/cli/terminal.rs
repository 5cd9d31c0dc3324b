//! Writing to the terminal so that a closed pipe ends quietly, and words for counts and tables.

use std::io::{self, Write};

use comfy_table::{ContentArrangement, Table, TableStyle};

/// Writes data to standard output. A reader that went away (`| head`) is no error.
pub(super) fn print(text: &str) {
    let mut out = io::stdout().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

/// Writes a line of data.
pub(super) fn print_line(text: &str) {
    print(&format!("{text}\n"));
}

/// Writes a JSON document.
pub(super) fn print_json(value: &impl serde::Serialize) {
    let mut out = io::BufWriter::new(io::stdout().lock());
    let _ = serde_json::to_writer_pretty(&mut out, value);
    let _ = out.write_all(b"\n").and_then(|()| out.flush());
}

/// Writes what is not data to standard error, in the colours it has where the terminal wants them.
pub(super) fn complain(text: &str) {
    let mut out = anstream::stderr().lock();
    let _ = out.write_all(text.as_bytes());
}

/// A plain table that fits the terminal.
pub(super) fn table(head: &[&str]) -> Table {
    let mut table = Table::new();
    table
        .load_style(TableStyle::new())
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_header(head);
    table
}

/// `1 entry`, `2 entries`.
pub(super) fn counted(count: usize, one: &str, many: &str) -> String {
    match count {
        1 => format!("1 {one}"),
        _ => format!("{count} {many}"),
    }
}

/// A short duration: `850 ms`, `3.2 s`, `4 min`, `2 h`, `3 d`.
pub(super) fn short(ms: u64) -> String {
    match ms {
        0..1_000 => format!("{ms} ms"),
        1_000..60_000 => format!("{}.{} s", ms / 1_000, ms % 1_000 / 100),
        60_000..3_600_000 => format!("{} min", ms / 60_000),
        3_600_000..172_800_000 => format!("{} h", ms / 3_600_000),
        _ => format!("{} d", ms / 86_400_000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_and_durations_are_said_as_people_say_them() {
        assert_eq!(counted(1, "entry", "entries"), "1 entry");
        assert_eq!(counted(0, "entry", "entries"), "0 entries");
        let said: Vec<String> = [999, 1_250, 61_000, 3_600_000, 200_000_000]
            .map(short)
            .into();
        assert_eq!(said, ["999 ms", "1.2 s", "1 min", "1 h", "2 d"]);
    }
}
