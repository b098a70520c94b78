//! Parsing pages that may be hostile.
//!
//! In: the source of a page. Out: a [`Dom`] of bounded depth and size. Never: more than [`NODES`] nodes, nor work that grows faster
//! than the page.
//!
//! What costs a parser more than its input is kept from it: a tag of megabytes (duplicates among its attributes are sought one
//! by one), nesting without end (each tag asks all that are open), formatting that is never closed (each paragraph opens it anew).

use ego_tree::NodeId;
use html5ever::TokenizerResult;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{BufferQueue, CommentToken, Tag, TagKind, TagToken, Token, TokenSink, TokenSinkResult, Tokenizer};
use html5ever::tree_builder::{TreeBuilder, TreeBuilderOpts, TreeSink};
use memchr::{memchr, memmem};
use scraper::{Html, HtmlTreeSink};
use std::borrow::Cow;
use std::cell::{Cell, RefCell};

/// The most nodes of a page; what stands behind them is left out, and told.
pub const NODES: usize = 1_000_000;
/// The deepest nesting; deeper tags are ignored, their text is kept. Browsers stop at 512.
const DEPTH: usize = 200;
/// Formatting that is open at the same time.
const FORMATS: usize = 64;
/// The longest tag whose attributes are read, in bytes.
const TAG: usize = 64 << 10;
/// The most attributes of one element.
const ATTRIBUTES: usize = 64;

/// A parsed page.
pub struct Dom {
    pub html: Html,
    /// The page has more than [`NODES`] nodes, and only the first are here.
    pub cut: bool,
}

/// Parses a page.
pub fn parse(source: &str) -> Dom {
    let source = without_giant_tags(source);
    let builder = TreeBuilder::new(HtmlTreeSink::new(Html::new_document()), TreeBuilderOpts::default());
    let tokenizer = Tokenizer::new(Guard::new(builder), Default::default());
    let input = BufferQueue::default();
    input.push_back(StrTendril::from_slice(&source));
    while !matches!(tokenizer.feed(&input), TokenizerResult::Done) {}
    tokenizer.end();
    let guard = tokenizer.sink;
    Dom { cut: guard.cut.get(), html: guard.builder.sink.finish() }
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
            cut: Cell::new(false),
        }
    }

    fn is_full(&self) -> bool {
        if !self.cut.get() && self.builder.sink.0.borrow().tree.nodes().len() >= NODES {
            self.cut.set(true);
        }
        self.cut.get()
    }

    /// Is the start tag within bounds?
    fn opens(&self, tag: &Tag) -> bool {
        if is_format(&tag.name) && self.formats.replace(self.formats.get() + 1) >= FORMATS {
            self.formats.set(self.formats.get() - 1);
            self.ignored_formats.set(self.ignored_formats.get() + 1);
            return false;
        }
        if !is_container(&tag.name) {
            return true;
        }
        let mut open = self.open.borrow_mut();
        if open.len() >= DEPTH {
            self.ignored.set(self.ignored.get() + 1);
            return false;
        }
        open.push(tag.name.clone());
        true
    }

    /// Does the end tag belong to an element that was not ignored?
    fn closes(&self, tag: &Tag) -> bool {
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
            Token::CharacterTokens(_) if self.mute.get() || self.is_full() => TokenSinkResult::Continue,
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

fn is_format(name: &str) -> bool {
    matches!(name, "b" | "big" | "code" | "em" | "font" | "i" | "s" | "small" | "strike" | "strong" | "tt" | "u")
}

/// Elements that stay open until an end tag, of itself or of one around it.
fn is_container(name: &str) -> bool {
    !matches!(
        name,
        "area" | "base" | "body" | "br" | "caption" | "col" | "colgroup" | "dd" | "dt" | "embed" | "head" | "hr" | "html" | "iframe" | "img" | "input" | "link"
    ) && !matches!(
        name,
        "li" | "meta"
            | "noembed"
            | "noframes"
            | "noscript"
            | "p"
            | "param"
            | "plaintext"
            | "script"
            | "source"
            | "style"
            | "tbody"
            | "td"
            | "textarea"
            | "tfoot"
            | "th"
            | "thead"
            | "title"
            | "tr"
            | "track"
            | "wbr"
            | "xmp"
    )
}

/// Elements that `/>` does not close.
fn is_html(name: &str) -> bool {
    matches!(name, "a" | "div" | "span" | "section" | "article" | "ul" | "ol" | "table" | "form" | "center" | "main" | "aside" | "header" | "footer" | "nav")
        || is_format(name)
}

/// The page with tags of more than [`TAG`] bytes reduced to their name.
fn without_giant_tags(source: &str) -> Cow<'_, str> {
    let bytes = source.as_bytes();
    let mut out = String::new();
    let mut kept = 0;
    let mut at = 0;
    while let Some(found) = memchr(b'<', &bytes[at..]) {
        let start = at + found;
        at = match opening(bytes, start) {
            Opening::Text => start + 1,
            Opening::Until(end) => end,
            Opening::Giant { name, end } => {
                out.push_str(&source[kept..name]);
                out.push('>');
                kept = end;
                end
            }
        };
    }
    if kept == 0 {
        return Cow::Borrowed(source);
    }
    out.push_str(&source[kept..]);
    Cow::Owned(out)
}

/// What begins at a `<`.
enum Opening {
    Text,
    /// A tag, comment or script that ends here.
    Until(usize),
    /// A tag that is too long: where its name ends, and where it may be said to end itself.
    Giant {
        name: usize,
        end: usize,
    },
}

fn opening(bytes: &[u8], start: usize) -> Opening {
    let rest = &bytes[start..];
    if rest.starts_with(b"<!--") {
        return Opening::Until(memmem::find(&rest[4..], b"-->").map_or(bytes.len(), |i| start + 4 + i + 3));
    }
    let letter = if rest.get(1) == Some(&b'/') { 2 } else { 1 };
    if !rest.get(letter).is_some_and(u8::is_ascii_alphabetic) {
        return Opening::Text;
    }
    let name = start + letter + rest[letter..].iter().take(TAG).take_while(|b| !b.is_ascii_whitespace() && **b != b'>' && **b != b'/').count();
    let Some(end) = tag_end(bytes, name) else {
        let name = name.min(start + 32);
        let name = (start..=name).rev().find(|&i| bytes.get(i).is_none_or(|b| (*b as i8) >= -0x40)).unwrap_or(start);
        let end = memchr(b'>', &bytes[(start + TAG).min(bytes.len())..]).map_or(bytes.len(), |i| start + TAG + i + 1);
        return Opening::Giant { name, end };
    };
    let tag = &bytes[start + 1..name];
    for raw in [&b"script"[..], b"style", b"textarea"] {
        if tag.eq_ignore_ascii_case(raw) {
            return Opening::Until(raw_end(bytes, end, raw));
        }
    }
    Opening::Until(end)
}

/// The end of a tag that is not too long.
fn tag_end(bytes: &[u8], from: usize) -> Option<usize> {
    let mut quote = None;
    for (i, &b) in bytes.iter().enumerate().skip(from).take(TAG) {
        match quote {
            None if b == b'>' => return Some(i + 1),
            None if (b == b'"' || b == b'\'') && i > 0 && (bytes[i - 1] == b'=' || bytes[i - 1].is_ascii_whitespace()) => quote = Some(b),
            Some(q) if q == b => quote = None,
            _ => {}
        }
    }
    // The page ends inside the tag.
    (bytes.len() - from < TAG).then_some(bytes.len())
}

/// Where a script or style ends: before its end tag.
fn raw_end(bytes: &[u8], from: usize, name: &[u8]) -> usize {
    let mut at = from;
    while let Some(i) = memmem::find(&bytes[at..], b"</") {
        at += i + 2;
        if bytes[at..].get(..name.len()).is_some_and(|n| n.eq_ignore_ascii_case(name)) {
            return at - 2;
        }
    }
    bytes.len()
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
            assert!(dom.cut || text(&dom).contains("5 xã"), "{tag}");
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
