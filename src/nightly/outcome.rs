//! What came of a request, in the words of reports and of the store.

use serde::{Deserialize, Serialize};

/// What came of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// An article that was not there before.
    New,
    /// One whose text is another than before.
    Changed,
    Unchanged,
    /// An article whose very text is stored under another address.
    Duplicate,
    /// A page that is no article.
    NoArticle,
    /// A list, feed or sitemap that was read.
    Listed,
    /// A redirect within the portal; its target is asked for.
    Moved,
    /// A redirect out of the portal.
    Elsewhere,
    Gone,
    Blocked,
    NeedsJs,
    TlsError,
    NoHost,
    NoConnection,
    Slow,
    TooLarge,
    Bomb,
    Broken,
    /// At an address that must not be asked.
    Refused,
    /// Closed by robots.txt.
    Robots,
    ServerError,
    /// 429 or 503: the server asks for less.
    Busy,
    /// No page and no text: a picture, a PDF file.
    Unsupported,
    /// A page, feed or sitemap that cannot be read.
    Unreadable,
}

impl Outcome {
    /// The word in store and reports.
    pub fn word(self) -> String {
        serde_json::to_value(self).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
    }

    pub fn of_word(word: &str) -> Option<Self> {
        serde_json::from_value(serde_json::Value::String(word.to_owned())).ok()
    }

    /// Is there an answer that was understood?
    pub fn is_good(self) -> bool {
        use Outcome::{Changed, Duplicate, Gone, Listed, Moved, New, NoArticle, Unchanged, Unsupported};
        matches!(self, New | Changed | Unchanged | Duplicate | NoArticle | Listed | Moved | Gone | Unsupported)
    }

    /// May another try in the same night be better?
    pub fn passes(self) -> bool {
        matches!(self, Outcome::NoConnection | Outcome::Slow | Outcome::Broken | Outcome::ServerError | Outcome::Busy)
    }
}

impl From<&super::fetch::Failure> for Outcome {
    fn from(failure: &super::fetch::Failure) -> Self {
        use super::fetch::Failure;
        match failure {
            Failure::Refused(_) => Outcome::Refused,
            Failure::Name => Outcome::NoHost,
            Failure::Connection(_) => Outcome::NoConnection,
            Failure::Tls(_) => Outcome::TlsError,
            Failure::Slow(_) => Outcome::Slow,
            Failure::TooLarge(_) => Outcome::TooLarge,
            Failure::Bomb => Outcome::Bomb,
            Failure::Broken(_) => Outcome::Broken,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_lead_back() {
        for outcome in [Outcome::New, Outcome::NeedsJs, Outcome::TooLarge, Outcome::ServerError] {
            assert_eq!(Outcome::of_word(&outcome.word()), Some(outcome));
        }
        assert_eq!(Outcome::NeedsJs.word(), "needs_js");
    }
}
