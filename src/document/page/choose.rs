//! Which part of a page is the article?
//!
//! In: a page, the profiles that fit it. Out: the element that holds the article, and who said so. Never: a text.
//!
//! A profile's selector wins; else a readability crate is asked, and its answer is taken as a choice of elements only: what it
//! would print is not used.

use super::dom::{self, NodeOf};
use super::grid;
use super::guard::Dom;
use super::profile::{Fitting, Profile};
use super::query::Query;
use super::render::Marks;
use ego_tree::NodeId;
use ego_tree::iter::Edge;
use once_cell::sync::Lazy;
use rustc_hash::{FxHashMap, FxHashSet};
use scraper::{ElementRef, Node};
use std::fmt::Write as _;

/// Who chose an element that holds most of the text.
pub const WEIGHT: &str = "weight";
/// Fewer letters are no article.
const SMALLEST: usize = 40;
/// A page with fewer letters of running text may be a table.
const SPARSE: usize = 250;
/// The most tables that are looked at.
const MANY: usize = 40;
/// A footer holds fewer letters.
const SPARED: usize = 1500;
/// Pages with more elements are not given to the readability crate.
const ELEMENTS: usize = 60_000;
/// Neither are pages with more text and markup, in bytes.
const BYTES: usize = 4 << 20;
/// Deeper markup is not given to it.
const DEPTH: usize = 200;
/// The name of the attribute that tells elements apart.
const MARK: &str = "data-place";

static LINKS: Lazy<Query> = Lazy::new(|| Query::new(&["a"]));
static TABLES: Lazy<Query> = Lazy::new(|| Query::new(&["table"]));

/// The part of the page that holds the article.
pub struct Chosen<'d> {
    pub root: NodeOf<'d>,
    /// The id of a profile, `table`, `readability` or [`WEIGHT`].
    pub by: String,
}

/// Letters of running text in each element that has some.
type Weights = FxHashMap<NodeId, usize>;

/// The element that a profile names, that holds the one large table, or that is found by reading, in this order.
pub fn article<'d>(dom: &'d Dom, fitting: &Fitting<'_>, marks: &mut Marks) -> Option<Chosen<'d>> {
    let weights = weights(dom, marks);
    by_profile(dom, fitting, marks, &weights).or_else(|| by_table(dom, marks, &weights)).or_else(|| by_reading(dom, marks, &weights))
}

/// The element that a profile names. Where the profile is not that of the host, the element must hold a good part of the page's
/// running text.
fn by_profile<'d>(dom: &'d Dom, fitting: &Fitting<'_>, marks: &Marks, weights: &Weights) -> Option<Chosen<'d>> {
    let all = of(weights, dom.html.tree.root());
    let found = |p: &Profile| {
        let enough = |node: NodeOf<'_>| fitting.is_hosts(p) || of(weights, node) * 3 >= all;
        Some(Chosen { root: named(dom, &p.body, marks, &enough)?, by: p.id.clone() })
    };
    fitting.special().find_map(found).or_else(|| fitting.any().find_map(found))
}

/// Of the elements that the first selectors find, the one with most text that is no link.
fn named<'d>(dom: &'d Dom, queries: &[Query], marks: &Marks, enough: &dyn Fn(NodeOf<'_>) -> bool) -> Option<NodeOf<'d>> {
    queries.iter().find_map(|q| {
        let found = q.all(dom).into_iter().filter(|e| !e.ancestors().any(|a| marks.dropped.contains(&a.id())) && enough(**e));
        let weighed = found.map(|e| (own_weight(*e, marks), *e)).filter(|(w, _)| *w >= SMALLEST);
        // Of nested ones the outer is as heavy or heavier, and comes first.
        weighed.fold(None, |best: Option<(usize, NodeOf<'d>)>, next| if best.is_none_or(|b| next.0 > b.0) { Some(next) } else { best }).map(|(_, e)| e)
    })
}

/// Letters of an element outside links.
fn own_weight(root: NodeOf<'_>, marks: &Marks) -> usize {
    let mut weight = 0;
    let mut skip = None;
    for edge in root.traverse() {
        match edge {
            Edge::Open(node) if skip.is_none() => match node.value() {
                Node::Text(t) => weight += dom::weight(t),
                Node::Element(e) if e.name() == "a" || dom::is_mute(e) || marks.dropped.contains(&node.id()) => skip = Some(node.id()),
                _ => {}
            },
            Edge::Close(node) if skip == Some(node.id()) => skip = None,
            _ => {}
        }
    }
    weight
}

/// Where there is hardly any running text: the element around the largest table of data, unless links outweigh it, as on a home page.
fn by_table<'d>(dom: &'d Dom, marks: &Marks, weights: &Weights) -> Option<Chosen<'d>> {
    if of(weights, dom.html.tree.root()) > SPARSE {
        return None;
    }
    let letters = |e: &ElementRef<'_>| dom::weight(&dom::text(*e));
    let linked: usize = LINKS.all(dom).iter().map(letters).sum();
    let in_view = |e: &ElementRef<'_>| !e.ancestors().any(|a| marks.dropped.contains(&a.id()));
    let tables = TABLES.all(dom).into_iter().filter(in_view).take(MANY);
    let data = tables.filter(|t| grid::read(**t, marks).is_some_and(|g| g.rows.len() >= 3));
    let (weight, table) = data.map(|t| (letters(&t), t)).max_by_key(|(weight, _)| *weight)?;
    let root = table.ancestors().find(|a| dom::element(*a).is_some_and(|e| is_room(e.name())))?;
    (weight * 2 > linked).then(|| Chosen { root, by: "table".to_owned() })
}

/// May the element hold an article?
fn is_room(name: &str) -> bool {
    matches!(name, "div" | "html" | "td" | "article" | "section" | "main" | "body")
}

/// The element that the readability crate picks, unless it leaves out much of the running text: then the smallest element that holds most
/// of it.
fn by_reading<'d>(dom: &'d Dom, marks: &mut Marks, weights: &Weights) -> Option<Chosen<'d>> {
    let heaviest = by_weight(dom, weights);
    let Some(read) = picked(dom, marks) else { return heaviest };
    let beside: usize = marks.beside.iter().filter_map(|id| weights.get(id)).sum();
    let weight = of(weights, read.root).saturating_sub(beside);
    match heaviest {
        Some(heaviest) if weight * 10 < of(weights, heaviest.root) * 6 => {
            marks.beside.clear();
            Some(heaviest)
        }
        _ => Some(Chosen { root: tight(read.root, weight, weights, marks), ..read }),
    }
}

/// The element inside that holds all of the running text but a twentieth: what is around it is no article.
fn tight<'d>(mut root: NodeOf<'d>, weight: usize, weights: &Weights, marks: &Marks) -> NodeOf<'d> {
    let holds = |c: &NodeOf<'d>| of(weights, *c) * 20 >= weight * 19 && !marks.beside.contains(&c.id()) && dom::element(*c).is_some_and(|e| e.name() != "p");
    while let Some(child) = root.children().find(|c| weight > 0 && holds(c)) {
        root = child;
    }
    root
}

fn of(weights: &Weights, node: NodeOf<'_>) -> usize {
    weights.get(&node.id()).copied().unwrap_or(0)
}

/// What the readability crate picks; what it leaves out beside the article is told apart.
fn picked<'d>(dom: &'d Dom, marks: &mut Marks) -> Option<Chosen<'d>> {
    let written = write(dom, marks);
    if written.places.len() > ELEMENTS || written.html.len() > BYTES {
        return None;
    }
    let config = dom_smoothie::Config { disable_json_ld: true, ..dom_smoothie::Config::default() };
    let article = dom_smoothie::Readability::new(written.html, None, Some(config)).ok()?.parse().ok()?;
    let kept: Vec<NodeOf<'d>> = kept(&article.content).filter_map(|i| dom.html.tree.get(*written.places.get(i)?)).collect();
    let root = common(&kept)?;
    let above: FxHashSet<NodeId> = kept.iter().flat_map(|n| n.ancestors().map(|a| a.id()).chain([n.id()])).collect();
    // A picture stays: it tells which line is its caption.
    let told = |c: &NodeOf<'_>| dom::element(*c).is_some_and(|e| dom::is_block(e.name())) && has_text(*c);
    let beside = root.children().filter(|c| told(c) && !above.contains(&c.id()));
    marks.beside.extend(beside.map(|c| c.id()));
    Some(Chosen { root, by: "readability".to_owned() })
}

fn has_text(node: NodeOf<'_>) -> bool {
    node.descendants().any(|n| n.value().as_text().is_some_and(|t| dom::weight(t) > 0))
}

/// The smallest element that holds most of the page's running text.
fn by_weight<'d>(dom: &'d Dom, weights: &Weights) -> Option<Chosen<'d>> {
    let mut root = *dom.html.root_element();
    let all = of(weights, root);
    while let Some(child) = root.children().find(|c| of(weights, *c) * 4 >= all * 3) {
        root = child;
    }
    // A paragraph alone is not where an article ends.
    while !dom::element(root).is_some_and(|e| is_room(e.name())) {
        root = root.parent()?;
    }
    (all >= SMALLEST).then(|| Chosen { root, by: WEIGHT.to_owned() })
}

/// Takes back what the profiles drop, where it holds more than half of the page's running text, and much: names deceive.
pub fn spare(dom: &Dom, marks: &mut Marks) {
    if marks.dropped.is_empty() {
        return;
    }
    let weights = weights(dom, &Marks::default());
    let all = of(&weights, dom.html.tree.root());
    marks.dropped.retain(|id| weights.get(id).is_none_or(|w| w * 2 <= all || *w < SPARED));
}

/// Letters of running text in each element: of texts outside links that are long enough to be a part of a sentence.
fn weights(dom: &Dom, marks: &Marks) -> Weights {
    let mut out = Weights::default();
    let mut skip = None;
    let mut sums = vec![0];
    for edge in dom.html.tree.root().traverse() {
        match edge {
            Edge::Open(node) if skip.is_none() => match node.value() {
                Node::Text(t) => *sums.last_mut().unwrap_or(&mut 0) += Some(dom::weight(t)).filter(|w| *w >= 30).unwrap_or(0),
                Node::Element(e) if e.name() == "a" || dom::is_mute(e) || marks.dropped.contains(&node.id()) => skip = Some(node.id()),
                _ => sums.push(0),
            },
            Edge::Close(node) if skip == Some(node.id()) => skip = None,
            Edge::Close(node) if skip.is_none() && !node.value().is_text() => {
                let sum = sums.pop().unwrap_or(0);
                *sums.last_mut().unwrap_or(&mut 0) += sum;
                if sum > 0 {
                    out.insert(node.id(), sum);
                }
            }
            _ => {}
        }
    }
    out
}

struct Written {
    html: String,
    /// The node of each mark.
    places: Vec<NodeId>,
}

/// The page as the readability crate gets it: no scripts, no attributes but names, every element marked.
fn write(dom: &Dom, marks: &Marks) -> Written {
    let mut out = Written { html: String::from("<html><body>"), places: Vec::new() };
    let mut skip = None;
    let mut depth = 0_usize;
    for edge in dom.html.tree.root().traverse() {
        match edge {
            Edge::Open(node) if skip.is_none() => match node.value() {
                Node::Text(t) => escape(&mut out.html, t),
                Node::Element(e) if dom::is_mute(e) || marks.dropped.contains(&node.id()) => skip = Some(node.id()),
                Node::Element(e) => {
                    depth += 1;
                    if is_written(e, depth) {
                        tag(&mut out, node.id(), e);
                    }
                }
                _ => {}
            },
            Edge::Close(node) => {
                if skip == Some(node.id()) {
                    skip = None;
                } else if let (None, Some(e)) = (skip, dom::element(node)) {
                    if is_written(e, depth) && !matches!(e.name(), "br" | "img" | "hr" | "wbr") {
                        let _ = write!(out.html, "</{}>", e.name());
                    }
                    depth = depth.saturating_sub(1);
                }
            }
            Edge::Open(_) => {}
        }
    }
    out
}

fn is_written(e: &scraper::node::Element, depth: usize) -> bool {
    depth <= DEPTH && !matches!(e.name(), "html" | "body") && e.name().bytes().all(|b| b.is_ascii_alphanumeric())
}

fn tag(out: &mut Written, id: NodeId, e: &scraper::node::Element) {
    let _ = write!(out.html, "<{} {MARK}=\"{}\"", e.name(), out.places.len());
    out.places.push(id);
    for name in ["id", "class", "itemprop", "role"] {
        if let Some(value) = e.attr(name) {
            let _ = write!(out.html, " {name}=\"");
            escape(&mut out.html, value.get(..200).unwrap_or(value));
            out.html.push('"');
        }
    }
    out.html.push_str(if e.name() == "a" { " href=\"#\">" } else { ">" });
}

fn escape(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c => out.push(c),
        }
    }
}

/// The marks that are left in what the crate gives back.
fn kept(html: &str) -> impl Iterator<Item = usize> {
    html.match_indices(MARK).filter_map(move |(at, _)| {
        let digits = html.get(at + MARK.len() + 2..)?;
        digits.split('"').next()?.parse().ok()
    })
}

/// The lowest element around all of these.
fn common<'d>(nodes: &[NodeOf<'d>]) -> Option<NodeOf<'d>> {
    let path = |n: &NodeOf<'d>| {
        let mut up: Vec<NodeOf<'d>> = n.ancestors().collect();
        up.reverse();
        up.push(*n);
        up
    };
    let mut shared = path(nodes.first()?);
    for node in &nodes[1..] {
        let other = path(node);
        let same = shared.iter().zip(&other).take_while(|(a, b)| a.id() == b.id()).count();
        shared.truncate(same);
    }
    shared.pop()
}
