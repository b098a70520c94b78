//! What feeds, sitemaps and lists give: the address of a page, and what is said of it.

use jiff::Timestamp;
use url::Url;

/// A page that something points to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    pub url: Url,
    /// When it was published or changed, as told there.
    pub date: Option<Timestamp>,
    pub text: Option<String>,
}
