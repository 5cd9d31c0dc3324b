//! What all pages share: language, title, menu, addresses within the site.

use axum::http::HeaderMap;

use super::Asking;
use crate::server::App;
use crate::server::language::Tongue;
use crate::server::words::Words;
use crate::site::Scope;

/// What all pages share.
pub(crate) struct Shell {
    pub(crate) tongue: Tongue,
    pub(crate) words: &'static Words,
    /// What this page is, before the site's name.
    pub(crate) title: String,
    pub(crate) site_title: String,
    pub(crate) subtitle: String,
    pub(crate) contact: Option<String>,
    /// The path of this page below the root, with its query but for the language.
    here: String,
    root: String,
    is_chosen: bool,
}

impl Shell {
    /// The shell of a page at `here`, in the language that the reader asks for.
    pub(crate) fn new(app: &App, headers: &HeaderMap, asking: &Asking, here: &str) -> Self {
        let scope = app.site().scope();
        let site = &scope.settings.site;
        let tongue = Tongue::choose(asking.tongue.as_deref(), headers, &site.language);
        Self::in_tongue(&scope, tongue, here).chosen(asking.tongue.is_some())
    }

    /// The shell of a page in a given language.
    pub(crate) fn in_tongue(scope: &Scope, tongue: Tongue, here: &str) -> Self {
        let site = &scope.settings.site;
        Self {
            tongue,
            words: Words::of(tongue),
            title: String::new(),
            site_title: crate::publish::plain(&site.title),
            subtitle: site
                .subtitle
                .as_deref()
                .map(crate::publish::plain)
                .unwrap_or_default(),
            contact: site.contact.clone(),
            here: here.to_owned(),
            root: site.base_url.path().to_owned(),
            is_chosen: false,
        }
    }

    fn chosen(mut self, is_chosen: bool) -> Self {
        self.is_chosen = is_chosen;
        self
    }

    /// The same with a title.
    pub(crate) fn titled(mut self, title: impl Into<String>) -> Self {
        self.title = title.into();
        self
    }

    /// A page within the site, in the language that was chosen, if one was.
    pub(crate) fn to(&self, path: &str) -> String {
        let address = format!("{}{path}", self.root);
        if self.is_chosen {
            return with_language(&address, self.tongue);
        }
        address
    }

    /// A document within the site.
    pub(crate) fn file(&self, path: &str) -> String {
        format!("{}{path}", self.root)
    }

    /// This page in the other language.
    pub(crate) fn other(&self) -> String {
        let other = match self.tongue {
            Tongue::Swedish => Tongue::English,
            Tongue::English => Tongue::Swedish,
        };
        with_language(&format!("{}{}", self.root, self.here), other)
    }

    /// The tag of the other language.
    pub(crate) fn other_tag(&self) -> &'static str {
        match self.tongue {
            Tongue::Swedish => "en",
            Tongue::English => "sv",
        }
    }

    /// Whether the language is to be kept by forms.
    pub(crate) fn kept_language(&self) -> Option<&'static str> {
        self.is_chosen.then(|| self.tongue.tag())
    }
}

fn with_language(address: &str, tongue: Tongue) -> String {
    let mark = if address.contains('?') { '&' } else { '?' };
    format!("{address}{mark}lang={}", tongue.tag())
}
