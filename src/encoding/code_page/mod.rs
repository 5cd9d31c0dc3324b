//! Single-byte code pages that the Encoding standard does not know but that XML declarations have named: those of DOS and
//! of old Macintoshes in `personal`, EBCDIC (IBM's mainframes) in `mainframe`.
//!
//! Labels are those of the IANA registry of character sets and their usual spellings. The tables are the vendors'.

mod mainframe;
mod personal;

/// A code page.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct CodePage {
    /// What it is called in repairs.
    pub name: &'static str,
    /// Its labels, letters and figures only, with a space between them.
    labels: &'static str,
    /// The characters of its last bytes, up to 0xFF; U+FFFD where there is none.
    characters: &'static str,
}

/// Whether bytes begin with `<?xm` in EBCDIC (XML 1.0 appendix F), in which nothing else can be read but its label.
pub(super) fn is_ebcdic(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\x4c\x6f\xa7\x94")
}

/// The code page that a label names, among those that ASCII can be read in or among the others.
pub(super) fn by_label(label: &str, is_ebcdic: bool) -> Option<&'static CodePage> {
    let pages: &[CodePage] = if is_ebcdic {
        &mainframe::PAGES
    } else {
        &personal::PAGES
    };
    let label: String = label
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect();
    pages
        .iter()
        .find(|page| page.labels.split(' ').any(|known| known == label))
}

/// The page in which the declaration of any EBCDIC document can be read.
pub(super) fn of_declarations() -> &'static CodePage {
    &mainframe::PAGES[0]
}

impl CodePage {
    /// Bytes to characters.
    pub fn decode(&self, bytes: &[u8]) -> String {
        let characters: Vec<char> = self.characters.chars().collect();
        let first = 0x100 - characters.len();
        let character = |byte: u8| match usize::from(byte).checked_sub(first) {
            Some(at) => characters[at],
            None if first == 0x80 => char::from(byte),
            None => mainframe::control(byte),
        };
        bytes.iter().map(|byte| character(*byte)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{by_label, is_ebcdic, mainframe, personal};

    #[test]
    fn every_page_has_its_characters_and_its_own_labels() {
        let mut labels = Vec::new();
        for (page, length) in personal::PAGES
            .iter()
            .map(|page| (page, 0x80))
            .chain(mainframe::PAGES.iter().map(|page| (page, 0xc0)))
        {
            assert_eq!(page.characters.chars().count(), length, "{}", page.name);
            labels.extend(page.labels.split(' '));
        }
        let all = labels.len();
        labels.sort_unstable();
        labels.dedup();
        assert_eq!(labels.len(), all);
    }

    #[test]
    fn labels_are_found_in_any_spelling_and_bytes_become_what_they_stand_for() {
        let page = by_label("IBM-850", false).expect("a page");
        assert_eq!(page.decode(b"F\x99rskola p\x86 \x94n"), "FÖrskola på ön");
        assert_eq!(by_label("cp850", true), None);
        let bytes = b"\x4c\x6f\xa7\x94\x93\x25";
        let page = by_label("ebcdic-cp-us", true).expect("a page");
        assert!(is_ebcdic(bytes));
        assert_eq!(page.decode(bytes), "<?xml\n");
    }
}
