//! Selectors, answered without a walk over the page.
//!
//! In: CSS selectors, a page. Out: the elements that they find, in the order of the page. Never: another answer than the selector's own:
//! the index only tells which elements are worth asking.
//!
//! Profiles ask some hundred selectors of each page, and nearly all find nothing. An element is entered under its name, its id, its classes
//! and its attributes; a selector looks under what its last part asks for.

use super::dom;
use super::guard::Dom;
use ego_tree::{NodeId, Tree};
use rustc_hash::{FxHashMap, FxHasher};
use scraper::{ElementRef, Node, Selector};
use std::hash::{Hash, Hasher};

/// Where elements stand that have something in common.
#[derive(Debug, Default)]
pub struct Index {
    /// By the hash of a [`Key`]: what two keys share costs a look, no more.
    places: FxHashMap<u64, Vec<NodeId>>,
}

/// What elements are entered under.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Key<'a> {
    All,
    Name(&'a str),
    Id(&'a str),
    Class(&'a str),
    Attribute(&'a str),
}

impl Key<'_> {
    fn hash(self) -> u64 {
        let mut hasher = FxHasher::default();
        std::mem::discriminant(&self).hash(&mut hasher);
        match self {
            Key::All => {}
            Key::Id(name) | Key::Class(name) => name.hash(&mut hasher),
            // Names have no case in HTML.
            Key::Name(name) | Key::Attribute(name) => name.bytes().for_each(|b| hasher.write_u8(b.to_ascii_lowercase())),
        }
        hasher.finish()
    }
}

impl Index {
    pub fn new(tree: &Tree<Node>) -> Self {
        let mut out = Self::default();
        for node in tree.root().descendants() {
            let Some(e) = dom::element(node) else { continue };
            out.put(Key::All, node.id());
            out.put(Key::Name(e.name()), node.id());
            e.id().into_iter().for_each(|id| out.put(Key::Id(id), node.id()));
            e.classes().for_each(|class| out.put(Key::Class(class), node.id()));
            e.attrs().for_each(|(name, _)| out.put(Key::Attribute(name), node.id()));
        }
        out
    }

    fn put(&mut self, key: Key<'_>, id: NodeId) {
        let list = self.places.entry(key.hash()).or_default();
        // `class="a a"`
        if list.last() != Some(&id) {
            list.push(id);
        }
    }
}

/// Selectors that are asked together.
#[derive(Debug, Default)]
pub struct Query(Vec<(u64, Selector)>);

impl Query {
    /// Of those that can be read.
    pub fn new<S: AsRef<str>>(selectors: &[S]) -> Self {
        Self(selectors.iter().filter_map(|s| Some((key(s.as_ref()).hash(), Selector::parse(s.as_ref()).ok()?))).collect())
    }

    /// The elements that one of the selectors finds, each once.
    pub fn all<'d>(&self, dom: &'d Dom) -> Vec<ElementRef<'d>> {
        let mut found: Vec<ElementRef<'d>> = self.0.iter().flat_map(|part| asked(part, dom)).collect();
        if self.0.len() > 1 {
            found.sort_by_key(|e| e.id());
            found.dedup_by_key(|e| e.id());
        }
        found
    }

    /// Does one of the selectors find something?
    pub fn finds(&self, dom: &Dom) -> bool {
        self.0.iter().any(|part| asked(part, dom).next().is_some())
    }
}

fn asked<'d>((key, selector): &(u64, Selector), dom: &'d Dom) -> impl Iterator<Item = ElementRef<'d>> {
    let places = dom.index.places.get(key).map_or(&[][..], Vec::as_slice);
    let elements = places.iter().filter_map(|id| ElementRef::wrap(dom.html.tree.get(*id)?));
    elements.filter(move |e| selector.matches(e))
}

/// What the last part of a selector asks of an element.
fn key(selector: &str) -> Key<'_> {
    if selector.contains([',', '\\', '|']) {
        return Key::All;
    }
    let last = last_part(selector.trim());
    let outside: Vec<(usize, char)> = outside(last).collect();
    let behind = |mark: char| outside.iter().find(|(_, c)| *c == mark).map(|(at, _)| word(&last[at + 1..]));
    let found = behind('#').map(Key::Id).or_else(|| behind('.').map(Key::Class)).or_else(|| behind('[').map(Key::Attribute));
    match found {
        Some(key) => key,
        None if word(last).is_empty() => Key::All,
        None => Key::Name(word(last)),
    }
}

/// What stands behind the last combinator.
fn last_part(selector: &str) -> &str {
    let at = outside(selector).filter(|(_, c)| c.is_whitespace() || matches!(c, '>' | '+' | '~')).last();
    at.map_or(selector, |(at, _)| &selector[at + 1..])
}

/// The characters outside brackets, with the brackets that open.
fn outside(text: &str) -> impl Iterator<Item = (usize, char)> + '_ {
    let mut depth = 0_usize;
    let mut quote = None;
    text.char_indices().filter(move |&(_, c)| {
        let seen = depth == 0;
        match (quote, c) {
            (Some(q), _) => quote = Some(q).filter(|q| *q != c),
            (None, '"' | '\'') => quote = Some(c),
            (None, '[' | '(') => depth += 1,
            (None, ']' | ')') => depth = depth.saturating_sub(1),
            _ => {}
        }
        seen
    })
}

fn word(text: &str) -> &str {
    let end = text.find(|c: char| !(c.is_alphanumeric() || c == '-' || c == '_')).unwrap_or(text.len());
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::super::guard;
    use super::*;

    #[test]
    fn the_last_part_tells_where_to_look() {
        let keys = [
            ("*", Key::All),
            ("h1", Key::Name("h1")),
            ("div.a > p", Key::Name("p")),
            (".a .b", Key::Class("b")),
            ("td#x.y", Key::Id("x")),
            ("meta[name=generator][content*='a b > c']", Key::Attribute("name")),
            ("div:not(.a)", Key::Name("div")),
            (":is(.a)", Key::All),
            (".a, .b", Key::All),
            ("p[a='] .b']", Key::Attribute("a")),
        ];
        for (selector, expected) in keys {
            assert_eq!(key(selector), expected, "{selector}");
        }
    }

    #[test]
    fn an_index_changes_no_answer() {
        let page = "<body id=b><DIV class='a  b a'><p>1<p class=b lang=vi>2<svg viewBox='0 0'/></div><ul><li class=c>3<li>4</ul><p data-x>5";
        let dom = guard::parse(page);
        let selectors = ["*", "p", "DIV", ".a", ".b", "#b p", "div > .b", "[lang]", "[class*=b]", "p:not(.b)", "li + li", "[data-x]", "svg[viewBox]", ".a,li"];
        for s in selectors {
            let walked: Vec<NodeId> = dom.html.select(&Selector::parse(s).unwrap()).map(|e| e.id()).collect();
            let found: Vec<NodeId> = Query::new(&[s]).all(&dom).iter().map(|e| e.id()).collect();
            assert_eq!(found, walked, "{s}");
        }
        let both: Vec<&str> = Query::new(&["li", ".b", ".c"]).all(&dom).iter().map(|e| e.value().name()).collect();
        assert_eq!(both, ["div", "p", "li", "li"]);
    }
}
