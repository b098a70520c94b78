//! Small questions about nodes of a page.

use ego_tree::NodeRef;
use scraper::node::Element;
use scraper::{ElementRef, Node};

/// Elements without text to read.
const MUTE: [&str; 24] = [
    "script", "style", "noscript", "template", "iframe", "object", "embed", "applet", "button", "select", "textarea", "input", "svg", "math", "canvas",
    "video", "audio", "head", "title", "meta", "link", "map", "datalist", "nav",
];
const BLOCKS: [&str; 44] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "caption",
    "center",
    "dd",
    "details",
    "dialog",
    "dir",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hgroup",
    "hr",
    "html",
    "legend",
    "li",
    "main",
    "menu",
    "ol",
    "p",
    "pre",
    "section",
    "summary",
    "table",
    "tbody",
    "td",
    "th",
    "tr",
    "ul",
];

pub type NodeOf<'a> = NodeRef<'a, Node>;

pub fn element<'a>(node: NodeOf<'a>) -> Option<&'a Element> {
    node.value().as_element()
}

pub fn is_block(name: &str) -> bool {
    BLOCKS.contains(&name)
}

pub fn is_heading(name: &str) -> bool {
    matches!(name, "h1" | "h2" | "h3" | "h4" | "h5" | "h6")
}

/// Is nothing of it to be read: by its name, or because the page hides it?
pub fn is_mute(element: &Element) -> bool {
    let hidden = |style: &str| style.contains("display:none") || style.contains("display: none");
    MUTE.contains(&element.name()) || element.attr("hidden").is_some() || element.attr("style").is_some_and(hidden)
}

/// Text that the page sets in the middle, as under pictures.
pub fn is_centered(element: &Element) -> bool {
    element.name() == "center"
        || element.attr("align").is_some_and(|a| a.eq_ignore_ascii_case("center"))
        || element.attr("style").is_some_and(|s| s.contains("text-align:center") || s.contains("text-align: center"))
}

pub fn is_bold(element: &Element) -> bool {
    let style = |s: &str| ["font-weight:bold", "font-weight: bold", "font-weight:700", "font-weight: 700"].iter().any(|b| s.contains(b));
    matches!(element.name(), "b" | "strong") || element.attr("style").is_some_and(style)
}

/// The text of an element in one line.
pub fn text(element: ElementRef<'_>) -> String {
    let mut out = String::new();
    let mut skip = None;
    for edge in element.traverse() {
        match edge {
            ego_tree::iter::Edge::Open(node) if skip.is_none() => match node.value() {
                Node::Text(t) => out.push_str(t),
                Node::Element(e) if is_mute(e) && node.id() != element.id() => skip = Some(node.id()),
                Node::Element(e) if e.name() == "br" || is_block(e.name()) => out.push(' '),
                _ => {}
            },
            ego_tree::iter::Edge::Close(node) if skip == Some(node.id()) => skip = None,
            _ => {}
        }
    }
    one_line(&out)
}

/// Without invisible characters, with single spaces.
pub fn one_line(text: &str) -> String {
    let seen: String = text.chars().filter(|c| !is_invisible(*c)).collect();
    seen.split_whitespace().collect::<Vec<_>>().join(" ")
}

pub fn is_invisible(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2064}' | '\u{FEFF}') || c.is_control() && !c.is_whitespace()
}

/// How many letters and digits.
pub fn weight(text: &str) -> usize {
    text.chars().filter(|c| c.is_alphanumeric()).count()
}
