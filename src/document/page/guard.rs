//! Parsing pages that may be hostile.
//!
//! In: the source of a page. Out: a [`Dom`] of bounded depth and size, with a note on what was left out. Never: more than [`NODES`] nodes,
//! nor work that grows faster than the page.
//!
//! What costs a parser more than its input is kept from it: a tag of megabytes (duplicates among its attributes are sought one
//! by one), nesting without end (each tag asks all that are open), formatting that is never closed (each paragraph opens it anew),
//! elements without end that hold not a word.

use super::giant;
use super::query::Index;
use ego_tree::NodeId;
use html5ever::TokenizerResult;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{BufferQueue, CommentToken, Tag, TagKind, TagToken, Token, TokenSink, TokenSinkResult, Tokenizer};
use html5ever::tree_builder::{TreeBuilder, TreeBuilderOpts, TreeSink};
use scraper::{Html, HtmlTreeSink};
use std::cell::{Cell, RefCell};

/// The most nodes of a page; what stands behind them is left out, and told.
pub const NODES: usize = 400_000;
/// So many nodes may stand in a row without a word; more are ignored, which loses no text.
const BARE: usize = 20_000;
/// The deepest nesting; deeper tags are ignored, their text is kept. Browsers stop at 512.
const DEPTH: usize = 200;
/// Formatting that is open at the same time.
const FORMATS: usize = 64;
/// The most attributes of one element.
const ATTRIBUTES: usize = 64;

/// A parsed page.
pub struct Dom {
    pub html: Html,
    pub index: Index,
    /// What was left out of the page.
    pub notes: Vec<String>,
}

/// Parses a page.
pub fn parse(source: &str) -> Dom {
    let (source, giants) = giant::without(source);
    let builder = TreeBuilder::new(HtmlTreeSink::new(Html::new_document()), TreeBuilderOpts::default());
    let tokenizer = Tokenizer::new(Guard::new(builder), Default::default());
    let input = BufferQueue::default();
    input.push_back(StrTendril::from_slice(&source));
    while !matches!(tokenizer.feed(&input), TokenizerResult::Done) {}
    tokenizer.end();
    let guard = tokenizer.sink;
    let notes = guard.notes(giants);
    let html = guard.builder.sink.finish();
    Dom { index: Index::new(&html.tree), html, notes }
}

struct Guard {
    builder: TreeBuilder<NodeId, HtmlTreeSink>,
    /// Names of the open elements that only an end tag closes.
    open: RefCell<Vec<html5ever::LocalName>>,
    /// Elements that were ignored and whose end tag is still to come.
    ignored: Cell<usize>,
    formats: Cell<usize>,
    ignored_formats: Cell<usize>,
    /// Inside a script or style whose text nobody reads.
    mute: Cell<bool>,
    /// Nodes since the last word.
    bare: Cell<usize>,
    is_bare: Cell<bool>,
    is_deep: Cell<bool>,
    cut: Cell<bool>,
}

impl Guard {
    fn new(builder: TreeBuilder<NodeId, HtmlTreeSink>) -> Self {
        Self {
            builder,
            open: RefCell::default(),
            ignored: Cell::new(0),
            formats: Cell::new(0),
            ignored_formats: Cell::new(0),
            mute: Cell::new(false),
            bare: Cell::new(0),
            is_bare: Cell::new(false),
            is_deep: Cell::new(false),
            cut: Cell::new(false),
        }
    }

    fn is_full(&self) -> bool {
        if !self.cut.get() && self.builder.sink.0.borrow().tree.nodes().len() >= NODES {
            self.cut.set(true);
        }
        self.cut.get()
    }

    /// What was left out, for the reader of the page.
    fn notes(&self, giants: usize) -> Vec<String> {
        let told = [
            (self.cut.get(), format!("the page has more than {NODES} nodes; what follows them was left out")),
            (self.is_bare.get(), format!("more than {BARE} elements in a row hold no word; the rest of them was left out")),
            (self.is_deep.get(), format!("elements are nested more than {DEPTH} deep; the text of deeper ones was kept, not its place")),
            (giants > 0, format!("{giants} tags are longer than {} bytes and were reduced to their names", giant::TAG)),
        ];
        told.into_iter().filter(|(holds, _)| *holds).map(|(_, note)| note).collect()
    }

    /// Is the start tag within bounds?
    fn opens(&self, tag: &Tag) -> bool {
        let bare = self.is_bare_at(tag);
        if is_format(&tag.name) {
            if bare || self.formats.get() >= FORMATS {
                add(&self.ignored_formats);
                return false;
            }
            add(&self.formats);
        }
        if is_container(&tag.name) {
            let mut open = self.open.borrow_mut();
            if bare || open.len() >= DEPTH {
                self.is_deep.set(self.is_deep.get() || !bare);
                add(&self.ignored);
                return false;
            }
            open.push(tag.name.clone());
        }
        !bare
    }

    /// Stand too many elements before this one without a word? Those that hold no markup are read all the same: else what they hold
    /// would be taken for markup.
    fn is_bare_at(&self, tag: &Tag) -> bool {
        add(&self.bare);
        let bare = self.bare.get() > BARE && !is_raw(&tag.name);
        self.is_bare.set(self.is_bare.get() || bare);
        bare
    }

    fn text(&self, text: &str) -> bool {
        if self.mute.get() || self.is_full() {
            return false;
        }
        if !text.chars().all(char::is_whitespace) {
            self.bare.set(0);
        }
        self.bare.get() <= BARE
    }

    /// Does the end tag belong to an element that was not ignored?
    fn closes(&self, tag: &Tag) -> bool {
        // `</p>` and `</br>` alone make elements.
        if matches!(&*tag.name, "p" | "br") && self.is_bare_at(tag) {
            return false;
        }
        if is_format(&tag.name) {
            if self.ignored_formats.get() > 0 {
                self.ignored_formats.set(self.ignored_formats.get() - 1);
                return false;
            }
            self.formats.set(self.formats.get().saturating_sub(1));
        }
        if is_container(&tag.name) {
            if self.ignored.get() > 0 {
                self.ignored.set(self.ignored.get() - 1);
                return false;
            }
            let mut open = self.open.borrow_mut();
            if let Some(at) = open.iter().rposition(|n| *n == tag.name) {
                open.truncate(at);
            }
        }
        true
    }

    fn start(&self, mut tag: Tag, line: u64) -> TokenSinkResult<NodeId> {
        if self.is_full() || !self.opens(&tag) {
            return TokenSinkResult::Continue;
        }
        tag.attrs.retain(|a| !(a.name.local.starts_with("on") || matches!(&*a.name.local, "src" | "srcset" | "data-src")));
        tag.attrs.truncate(ATTRIBUTES);
        self.mute.set(&*tag.name == "style" || &*tag.name == "script" && !tag.attrs.iter().any(|a| a.value.contains("ld+json")));
        // `<o:p/>` is closed, whatever the standard says: nothing else would close it.
        let closed = tag.self_closing && is_container(&tag.name) && !is_html(&tag.name);
        let end = Tag { kind: TagKind::EndTag, self_closing: false, attrs: Vec::new(), ..tag.clone() };
        let result = self.builder.process_token(TagToken(tag), line);
        if !closed {
            return result;
        }
        self.end_tag(end, line)
    }

    fn end_tag(&self, tag: Tag, line: u64) -> TokenSinkResult<NodeId> {
        self.mute.set(false);
        if self.closes(&tag) { self.builder.process_token(TagToken(tag), line) } else { TokenSinkResult::Continue }
    }
}

impl TokenSink for Guard {
    type Handle = NodeId;

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<NodeId> {
        match token {
            TagToken(tag) if tag.kind == TagKind::StartTag => self.start(tag, line),
            TagToken(tag) => self.end_tag(tag, line),
            CommentToken(_) | Token::ParseError(_) => TokenSinkResult::Continue,
            Token::CharacterTokens(ref text) if !self.text(text) => TokenSinkResult::Continue,
            other => self.builder.process_token(other, line),
        }
    }

    fn end(&self) {
        self.builder.end();
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.builder.adjusted_current_node_present_but_not_in_html_namespace()
    }
}

fn add(counter: &Cell<usize>) {
    counter.set(counter.get() + 1);
}

fn is_format(name: &str) -> bool {
    matches!(name, "b" | "big" | "code" | "em" | "font" | "i" | "s" | "small" | "strike" | "strong" | "tt" | "u")
}

/// Elements that stay open until an end tag, of itself or of one around it.
fn is_container(name: &str) -> bool {
    let ends_itself = match name {
        "area" | "base" | "br" | "col" | "embed" | "hr" | "img" | "input" | "link" | "meta" | "param" | "source" | "track" | "wbr" => true,
        "html" | "head" | "body" | "p" | "li" | "dd" | "dt" => true,
        "caption" | "colgroup" | "tbody" | "tfoot" | "thead" | "tr" | "td" | "th" => true,
        _ => is_raw(name),
    };
    !ends_itself
}

/// Elements that hold no markup.
fn is_raw(name: &str) -> bool {
    matches!(name, "iframe" | "noembed" | "noframes" | "noscript" | "plaintext" | "script" | "style" | "textarea" | "title" | "xmp")
}

/// Elements that `/>` does not close.
fn is_html(name: &str) -> bool {
    matches!(name, "a" | "div" | "span" | "section" | "article" | "ul" | "ol" | "table" | "form" | "center" | "main" | "aside" | "header" | "footer" | "nav")
        || is_format(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::{Duration, Instant};

    fn text(dom: &Dom) -> String {
        dom.html.root_element().text().collect()
    }

    fn depth(dom: &Dom) -> usize {
        dom.html.tree.nodes().map(|n| n.ancestors().count()).max().unwrap_or(0)
    }

    /// Parses within some seconds, whatever the machine is busy with.
    fn quickly(source: &str) -> Dom {
        let started = Instant::now();
        let dom = parse(source);
        assert!(started.elapsed() < Duration::from_secs(20), "{:?}", started.elapsed());
        dom
    }

    #[test]
    fn a_million_nested_tags_keep_their_text_and_no_depth() {
        for tag in ["div", "span", "b", "x-y", "table><tr><td", "rt", "option", "svg", "ul><li", "path/"] {
            let dom = quickly(&format!("{}5 xã", format!("<{tag}>").repeat(1_000_000)));
            assert!(depth(&dom) < 5 * DEPTH, "{tag}: {}", depth(&dom));
            assert!(text(&dom).contains("5 xã") && !dom.notes.is_empty(), "{tag}: {:?}", dom.notes);
        }
    }

    #[test]
    fn formatting_that_is_never_closed_does_not_multiply() {
        let open: String = (0..50_000).map(|i| format!("<b id=x{i}>")).collect();
        let dom = quickly(&format!("{open}{}", "<p>một</p>".repeat(50_000)));
        assert!(dom.html.tree.nodes().len() <= NODES + 1000);
    }

    #[test]
    fn a_tag_of_many_megabytes_is_reduced_to_its_name() {
        let attributes: String = (0..2_000_000).map(|i| format!(" a{i}=\"{i}\"")).collect();
        let dom = quickly(&format!("<p>1 xã</p><div{attributes}>2 xã</div><a href=\"{}\">3 xã</a>", "x".repeat(10 << 20)));
        assert_eq!(text(&dom), "1 xã2 xã3 xã");
    }

    #[test]
    fn a_quote_that_is_never_closed_ends_somewhere() {
        let dom = quickly(&format!("<p>1 xã</p>{}", "<a title=\"x>y ".repeat(500_000)));
        assert!(text(&dom).contains("1 xã"));
    }

    #[test]
    fn elements_beyond_the_deepest_close_in_order() {
        let page = format!("{}sâu{}<p>sau</p>", "<div>".repeat(DEPTH + 5), "</div>".repeat(DEPTH + 5));
        let dom = parse(&page);
        let p = dom.html.tree.nodes().find(|n| n.value().as_element().is_some_and(|e| e.name() == "p")).unwrap();
        assert_eq!(p.parent().unwrap().value().as_element().unwrap().name(), "body");
    }

    #[test]
    fn scripts_are_not_kept_but_for_linked_data() {
        let dom = parse("<script>var a = '<div>';</script><script type='application/ld+json'>{\"a\": 1}</script><p>x<o:p/>y</p>");
        assert_eq!(text(&dom), "{\"a\": 1}xy");
    }
}
