//! Profiles of portals, ready to be laid on pages.
//!
//! In: the rules. Out: [`Profiles`], and of them those that fit a page: by its host first, then by what the page is made with, at last
//! those for every page. Never: a selector that is written in code.

use super::guard::Dom;
use super::query::Query;
use super::render::Marks;
use crate::rules::{Portal, RuleSet, portals};
use crate::text::fold;
use scraper::ElementRef;

/// The id of the profile for every page.
const ANY: &str = "*";

/// All profiles, compiled; share them between threads.
#[derive(Debug, Default)]
pub struct Profiles(Vec<Profile>);

/// One profile.
#[derive(Debug)]
pub struct Profile {
    pub id: String,
    hosts: Vec<String>,
    marks: Query,
    /// One by one, as the others in lists: the first that finds something wins.
    pub title: Vec<Query>,
    /// All titles at once.
    pub titles: Query,
    pub lead: Vec<Query>,
    pub body: Vec<Query>,
    pub date: Vec<Query>,
    drop: Query,
    apart: Query,
    caption: Query,
    stop: Vec<String>,
    skip: Vec<String>,
}

impl Profiles {
    pub fn new(rules: &RuleSet) -> Self {
        Self(portals(rules).into_iter().map(Profile::new).collect())
    }

    /// Those for every page alone.
    pub fn general(self) -> Self {
        Self(self.0.into_iter().filter(Profile::is_any).collect())
    }

    /// Those that fit a page, the most special first.
    pub fn of(&self, dom: &Dom, host: Option<&str>) -> Fitting<'_> {
        let by_host: Vec<&Profile> = self.0.iter().filter(|p| host.is_some_and(|h| p.is_of(h))).collect();
        let hosts = by_host.len();
        let by_mark = self.0.iter().filter(|p| !host.is_some_and(|h| p.is_of(h)) && !p.is_any() && p.marks(dom));
        let any = self.0.iter().filter(|p| p.is_any());
        Fitting { profiles: by_host.into_iter().chain(by_mark).chain(any).collect(), hosts }
    }
}

impl Profile {
    fn new(portal: Portal) -> Self {
        let parse = |list: &[String]| list.iter().map(|s| Query::new(std::slice::from_ref(s))).collect::<Vec<_>>();
        let folded = |list: &[String]| list.iter().map(|s| fold(s)).collect();
        Self {
            hosts: portal.hosts.iter().map(|h| h.to_lowercase()).collect(),
            marks: Query::new(&portal.marks),
            title: parse(&portal.title),
            titles: Query::new(&portal.title),
            lead: parse(&portal.lead),
            body: parse(&portal.body),
            date: parse(&portal.date),
            drop: Query::new(&portal.drop),
            apart: Query::new(&portal.apart),
            caption: Query::new(&portal.caption),
            stop: folded(&portal.stop),
            skip: folded(&portal.skip),
            id: portal.id,
        }
    }

    pub fn is_any(&self) -> bool {
        self.hosts.iter().any(|h| h == ANY)
    }

    fn is_of(&self, host: &str) -> bool {
        self.hosts.iter().any(|h| host == h || host.strip_suffix(h.as_str()).is_some_and(|sub| sub.ends_with('.')))
    }

    fn marks(&self, dom: &Dom) -> bool {
        self.marks.finds(dom)
    }
}

/// The profiles that fit one page.
pub struct Fitting<'p> {
    profiles: Vec<&'p Profile>,
    /// How many of the first are of the page's host.
    hosts: usize,
}

impl Fitting<'_> {
    /// The profiles of this portal or its system, without those for every page.
    pub fn special(&self) -> impl Iterator<Item = &Profile> {
        self.profiles.iter().copied().filter(|p| !p.is_any())
    }

    /// Is the profile one of the page's host?
    pub fn is_hosts(&self, profile: &Profile) -> bool {
        self.profiles[..self.hosts].iter().any(|p| p.id == profile.id)
    }

    pub fn any(&self) -> impl Iterator<Item = &Profile> {
        self.profiles.iter().copied().filter(|p| p.is_any())
    }

    /// What they leave out of a page.
    pub fn marks(&self, dom: &Dom) -> Marks {
        let mut marks = Marks::default();
        for p in &self.profiles {
            marks.dropped.extend(p.drop.all(dom).iter().map(|e| e.id()));
            marks.apart.extend(p.apart.all(dom).iter().map(|e| e.id()));
            marks.captions.extend(p.caption.all(dom).iter().map(|e| e.id()));
        }
        marks
    }

    /// Is the article over before this line?
    pub fn stops(&self, folded: &str) -> bool {
        self.profiles.iter().any(|p| p.stop.iter().any(|s| begins(folded, s)))
    }

    /// Is this line none of the article?
    pub fn skips(&self, folded: &str) -> bool {
        self.profiles.iter().any(|p| p.skip.iter().any(|s| begins(folded, s)))
    }
}

/// Begins with these words, marks in front aside.
fn begins(folded: &str, words: &str) -> bool {
    let text = folded.trim_start_matches(|c: char| !c.is_alphanumeric());
    text.strip_prefix(words).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
}

/// The first element that a selector of the list finds and that is good.
pub fn first<'d>(dom: &'d Dom, queries: &[Query], good: impl Fn(&ElementRef<'d>) -> bool) -> Option<ElementRef<'d>> {
    queries.iter().find_map(|q| q.all(dom).into_iter().find(|e| good(e)))
}
