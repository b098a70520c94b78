//! The text of a part of a page, line by line.
//!
//! In: a node of a page, and what is left out of it. Out: [`Line`]s: one for each paragraph or other block, and one for each row of
//! a table, with its cells apart. Never: a space where only an inline tag stands (`5<b>8</b>,5` is one number), or two blocks or cells
//! without something between them.

use super::dom::{self, NodeOf};
use super::grid;
use ego_tree::NodeId;
use ego_tree::iter::Edge;
use rustc_hash::{FxHashMap, FxHashSet};
use scraper::Node;
use scraper::node::Element;
use std::ops::Range;

/// One line of text, with what it looked like.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Line {
    pub text: String,
    /// Letters and digits of the whole line, …
    pub weight: usize,
    /// … in links, …
    pub linked: usize,
    /// … and in bold or headings.
    pub strong: usize,
    pub italic: usize,
    pub centered: bool,
    pub heading: bool,
    /// A picture stands right before it.
    pub after_image: bool,
    /// A row of a table.
    pub row: bool,
    /// An item of a list.
    pub item: bool,
    /// In an element for captions.
    pub caption: bool,
    /// Beside the article, in an element that readability leaves out.
    pub beside: bool,
    /// Where in the page it begins, as [`Rendered::places`] counts.
    pub at: usize,
}

/// What is left out, and what stands apart.
#[derive(Debug, Default)]
pub struct Marks {
    pub dropped: FxHashSet<NodeId>,
    /// Inline elements that the page's style sheet sets apart.
    pub apart: FxHashSet<NodeId>,
    /// Elements that hold captions.
    pub captions: FxHashSet<NodeId>,
    /// Elements beside the article: their lines are told apart.
    pub beside: FxHashSet<NodeId>,
    /// Elements whose place in the page is asked for, …
    pub watched: FxHashSet<NodeId>,
    /// … and those around them, which no table of data may be.
    pub around: FxHashSet<NodeId>,
}

impl Marks {
    /// Asks for the place of an element, which no table of data may swallow.
    pub fn watch(&mut self, node: NodeOf<'_>) {
        self.watched.insert(node.id());
        self.around.extend(node.ancestors().map(|n| n.id()));
        self.around.insert(node.id());
    }

    /// As [`Marks::watch`], and the element is not dropped, nor any around it.
    pub fn keep(&mut self, node: NodeOf<'_>) {
        self.watch(node);
        for around in node.ancestors().chain([node]) {
            self.dropped.remove(&around.id());
        }
    }
}

/// What [`render`] gives.
#[derive(Debug, Default)]
pub struct Rendered {
    pub lines: Vec<Line>,
    /// Where watched elements begin and end.
    pub places: FxHashMap<NodeId, Range<usize>>,
}

impl Rendered {
    /// The lines that begin in an element.
    pub fn inside(&self, node: NodeId) -> Range<usize> {
        let Some(place) = self.places.get(&node) else { return 0..0 };
        let first = self.lines.partition_point(|l| l.at < place.start);
        first..self.lines.partition_point(|l| l.at < place.end)
    }
}

/// The lines of a node.
pub fn lines(root: NodeOf<'_>, marks: &Marks) -> Vec<Line> {
    render(root, marks).lines
}

/// The lines of a node, with where each begins.
pub fn render(root: NodeOf<'_>, marks: &Marks) -> Rendered {
    let mut renderer = Renderer::new(marks);
    let mut places: FxHashMap<NodeId, Range<usize>> = FxHashMap::default();
    let mut skip = None;
    for edge in root.traverse() {
        renderer.at += 1;
        match edge {
            Edge::Open(node) if skip.is_none() => {
                if marks.watched.contains(&node.id()) {
                    renderer.end_line();
                    places.insert(node.id(), renderer.at..renderer.at);
                }
                if !renderer.open(node) {
                    skip = Some(node.id());
                }
            }
            Edge::Close(node) => {
                if skip == Some(node.id()) {
                    skip = None;
                } else if skip.is_none() {
                    renderer.close(node);
                }
                if let Some(place) = places.get_mut(&node.id()) {
                    renderer.end_line();
                    place.end = renderer.at;
                }
            }
            Edge::Open(_) => {}
        }
    }
    renderer.end_line();
    Rendered { lines: renderer.out, places }
}

struct Renderer<'m> {
    marks: &'m Marks,
    out: Vec<Line>,
    line: Line,
    /// White space is due before the next word.
    space: bool,
    /// The next digits are raised.
    raised: bool,
    links: usize,
    strong: usize,
    italic: usize,
    headings: usize,
    centered: usize,
    items: usize,
    captions: usize,
    image: bool,
    besides: usize,
    /// Edges of the tree that were passed.
    at: usize,
}

impl<'m> Renderer<'m> {
    fn new(marks: &'m Marks) -> Self {
        Self {
            marks,
            out: Vec::new(),
            line: Line::default(),
            space: false,
            raised: false,
            links: 0,
            strong: 0,
            italic: 0,
            headings: 0,
            centered: 0,
            items: 0,
            captions: 0,
            image: false,
            besides: 0,
            at: 0,
        }
    }

    /// Enters a node; false when nothing in it is to be read.
    fn open(&mut self, node: NodeOf<'_>) -> bool {
        match node.value() {
            Node::Text(text) => self.text(text),
            Node::Element(e) => return self.element(node, e),
            Node::Document | Node::Fragment => {}
            _ => return false,
        }
        true
    }

    fn element(&mut self, node: NodeOf<'_>, e: &Element) -> bool {
        if dom::is_mute(e) || self.marks.dropped.contains(&node.id()) {
            return false;
        }
        match e.name() {
            "br" => self.end_line(),
            "img" | "picture" | "amp-img" => self.image = true,
            "table" => {
                self.end_line();
                let grid = if self.marks.around.contains(&node.id()) { None } else { grid::read(node, self.marks) };
                if let Some(grid) = grid {
                    self.rows(grid);
                    return false;
                }
            }
            "sup" => self.raised = true,
            name if dom::is_block(name) => self.end_line(),
            _ if self.marks.apart.contains(&node.id()) => self.space = true,
            _ => {}
        }
        self.count(node, e, 1);
        true
    }

    fn close(&mut self, node: NodeOf<'_>) {
        let Some(e) = dom::element(node) else { return };
        if dom::is_block(e.name()) {
            self.end_line();
        } else if self.marks.apart.contains(&node.id()) {
            self.space = true;
        }
        self.raised = false;
        self.count(node, e, -1);
    }

    /// Keeps account of what is open around the next word.
    fn count(&mut self, node: NodeOf<'_>, e: &Element, by: isize) {
        let add = |counter: &mut usize| *counter = counter.saturating_add_signed(by);
        match e.name() {
            "a" => add(&mut self.links),
            "i" | "em" => add(&mut self.italic),
            "li" => add(&mut self.items),
            "figcaption" | "caption" => add(&mut self.captions),
            _ if self.marks.captions.contains(&node.id()) => add(&mut self.captions),
            name if dom::is_heading(name) => add(&mut self.headings),
            _ => {}
        }
        if dom::is_bold(e) {
            add(&mut self.strong);
        }
        if dom::is_centered(e) {
            add(&mut self.centered);
        }
        if self.marks.beside.contains(&node.id()) {
            add(&mut self.besides);
        }
    }

    fn text(&mut self, text: &str) {
        for (i, word) in text.split(is_space).enumerate() {
            self.space |= i > 0;
            self.word(word);
        }
    }

    fn word(&mut self, word: &str) {
        let mut seen = word.chars().filter(|c| !dom::is_invisible(*c)).peekable();
        let Some(&first) = seen.peek() else { return };
        if self.line.text.is_empty() {
            self.begin();
        } else if self.space {
            self.line.text.push(' ');
        }
        self.space = false;
        // `10<sup>3</sup>` is no 103, and a note behind `2023` is no part of the year.
        if self.raised && first.is_ascii_digit() && self.line.text.ends_with(|c: char| !c.is_alphabetic()) {
            self.line.text.push('^');
        }
        self.raised = false;
        let before = self.line.text.len();
        self.line.text.extend(seen);
        let weight = dom::weight(&self.line.text[before..]);
        self.line.weight += weight;
        self.line.linked += if self.links > 0 { weight } else { 0 };
        self.line.strong += if self.strong + self.headings > 0 { weight } else { 0 };
        self.line.italic += if self.italic > 0 { weight } else { 0 };
    }

    fn begin(&mut self) {
        self.line.after_image = std::mem::take(&mut self.image);
        self.line.centered = self.centered > 0;
        self.line.heading = self.headings > 0;
        self.line.item = self.items > 0;
        self.line.caption = self.captions > 0;
        self.line.beside = self.besides > 0;
        self.line.at = self.at;
    }

    fn end_line(&mut self) {
        self.space = false;
        self.raised = false;
        if !self.line.text.is_empty() {
            self.out.push(std::mem::take(&mut self.line));
        }
    }

    fn rows(&mut self, table: grid::Grid) {
        if let Some(text) = table.caption {
            self.out.push(Line { weight: dom::weight(&text), text, at: self.at, beside: self.besides > 0, ..Line::default() });
        }
        for row in table.rows {
            let text = row.join("\t");
            self.out.push(Line { weight: dom::weight(&text), text, row: true, at: self.at, beside: self.besides > 0, ..Line::default() });
        }
        self.image = false;
    }
}

fn is_space(c: char) -> bool {
    c.is_whitespace() || c == '\u{A0}' || c == '\u{2007}' || c == '\u{202F}'
}

#[cfg(test)]
mod tests {
    use super::super::guard;
    use super::*;

    fn text(page: &str) -> Vec<String> {
        let dom = guard::parse(page);
        lines(dom.html.tree.root(), &Marks::default()).into_iter().map(|l| l.text).collect()
    }

    #[test]
    fn inline_tags_split_no_number_and_blocks_glue_none() {
        let page = "<p>đạt <b>4</b><i>5,<u>7</u></i>&nbsp;%, <span>58,5</span> triệu</p><div>5 xã<div>6 xã</div>7 xã</div>112<b>/126</b> xã<br>hết";
        assert_eq!(text(page), ["đạt 45,7 %, 58,5 triệu", "5 xã", "6 xã", "7 xã", "112/126 xã", "hết"]);
    }

    #[test]
    fn raised_digits_are_no_part_of_a_number() {
        assert_eq!(text("<p>5 m<sup>2</sup>, 10<sup>3</sup> và năm 2023<sup>1</sup>, 45%<sup>2</sup></p>"), ["5 m2, 10^3 và năm 2023^1, 45%^2"]);
    }

    #[test]
    fn cells_stay_apart() {
        let page = "<table><tr><th>Xã<th>Hộ<br>nghèo<tr><td>Tân An<td>4<b>,5</b><tr><td>Tân Lập<td><p>3,0</p></table>";
        assert_eq!(text(page), ["Xã\tHộ nghèo", "Tân An\t4,5", "Tân Lập\t3,0"]);
    }

    #[test]
    fn a_table_that_only_lays_out_is_read_cell_by_cell() {
        let page = "<table><tr><td><p>Một đoạn văn.</p><p>Đoạn hai.</p></td><td><img></td></tr></table>";
        assert_eq!(text(page), ["Một đoạn văn.", "Đoạn hai."]);
    }

    #[test]
    fn invisible_and_hidden_text_is_left_out() {
        assert_eq!(text("<p>1\u{200B}234<span style='display:none'>x</span> hộ<script>5</script></p>"), ["1234 hộ"]);
    }
}
