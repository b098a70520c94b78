//! From the lines of a page to the lines of its article.
//!
//! In: the lines of the element that holds the article. Out: those that are the article: no captions, no links to other
//! articles, no signature, nothing behind the words that end it; or none, when it is no article. Never: a change of a line.

use super::date;
use super::profile::Fitting;
use super::render::Line;
use crate::text::fold;

/// A line with so many letters that ends like a sentence is text.
const SENTENCE: usize = 40;
/// The longest caption, signature or other short line, in letters.
const SHORT: usize = 220;
const SIGNATURE: usize = 45;
/// The longest line that ends an article: a heading, or the first of a footer.
const STOP: usize = 250;
/// An article has so many letters of text, or a title and one sentence.
const SMALLEST: usize = 60;

/// The lines of the article.
pub fn body(lines: &[Line], fitting: &Fitting<'_>) -> Vec<Line> {
    let folded: Vec<String> = lines.iter().map(|l| fold(&l.text)).collect();
    let end = end(lines, &folded, fitting);
    let mut out: Vec<Line> = Vec::new();
    let mut captioned = 0;
    let mut begun = false;
    for (line, folded) in lines[..end].iter().zip(&folded) {
        // A caption may run over two lines.
        captioned = if line.after_image { 2 } else { captioned - i32::from(captioned > 0) };
        let caption = line.caption && !is_long_sentence(line) || captioned > 0 && is_caption(line);
        if !caption {
            captioned = 0;
        }
        let link = !line.row && line.linked * 10 >= line.weight * 9 && line.weight > 0;
        // What readability leaves out above the first running text may be the lead.
        begun |= !line.beside && is_sentence(line);
        let beside = line.beside && (begun || !is_sentence(line));
        let dated = out.len() < 4 && date::is_alone(&line.text);
        if !(beside || caption || link || dated || line.weight == 0 || fitting.skips(folded) && line.weight <= SHORT) {
            out.push(line.clone());
        }
    }
    unsigned(out)
}

/// Is this running text?
pub fn is_sentence(line: &Line) -> bool {
    !line.row && line.weight >= SENTENCE && line.linked * 2 < line.weight && ends_like_one(&line.text)
}

fn is_long_sentence(line: &Line) -> bool {
    is_sentence(line) && line.weight >= 150
}

fn ends_like_one(text: &str) -> bool {
    text.trim_end_matches(['"', '”', '’', '\'', ')', ' ', '»']).ends_with(['.', '!', '?', '…', ';', ':', ','])
}

/// Where the article ends: before words such as "other news", unless most of the text stands behind them.
fn end(lines: &[Line], folded: &[String], fitting: &Fitting<'_>) -> usize {
    let text = |lines: &[Line]| lines.iter().filter(|l| is_sentence(l)).map(|l| l.weight - l.linked).sum::<usize>();
    let all = text(lines);
    let stops = (0..lines.len()).filter(|&i| lines[i].weight <= STOP && !lines[i].row && fitting.stops(&folded[i]));
    stops.into_iter().find(|&i| text(&lines[i..]) * 20 <= all * 11 && (all > 0 && text(&lines[..i]) > 0)).unwrap_or(lines.len())
}

/// A short line under a picture: no sentence, or set in the middle or in italics.
fn is_caption(line: &Line) -> bool {
    let styled = line.centered || line.italic * 10 >= line.weight * 9;
    let headed = line.text.chars().take(4).any(|c| c == '.' || c == ')') || line.heading;
    line.weight <= SHORT && !line.row && !headed && (styled || line.text.ends_with(',') || !ends_like_one(&line.text))
}

/// Without the names and sources at the end.
fn unsigned(mut lines: Vec<Line>) -> Vec<Line> {
    for _ in 0..4 {
        let Some(last) = lines.last() else { break };
        if lines.len() < 2 || !is_signature(last) {
            break;
        }
        lines.pop();
    }
    lines
}

/// A few words with capitals, no sentence: `Minh Anh`, `Theo Báo Lai Châu`, `Tin, ảnh: T.H`, or a date.
fn is_signature(line: &Line) -> bool {
    if line.row || line.weight > SIGNATURE || ends_like_one(&line.text) && line.weight > 15 {
        return false;
    }
    let words: Vec<&str> = line.text.split_whitespace().collect();
    let capital = |w: &&&str| w.chars().find(|c| c.is_alphabetic()).is_none_or(char::is_uppercase);
    let capitals = words.iter().filter(capital).count();
    let dated = date::find(&line.text).is_some();
    dated || !line.item && (capitals * 3 >= words.len() * 2 || line.strong + line.italic >= line.weight) && !line.text.bytes().any(|b| b.is_ascii_digit())
}

/// Do these lines read like an article, and not like a list of articles? `all` are the lines before anything was left out.
pub fn is_one(article: &[Line], all: &[Line]) -> bool {
    let text: usize = article.iter().filter(|l| is_sentence(l)).map(|l| l.weight - l.linked).sum();
    let last = all.iter().rposition(is_sentence).unwrap_or(0);
    let teasers = all[..last].iter().filter(|l| l.weight >= 20 && l.linked * 10 >= l.weight * 9).count();
    let sentences = article.iter().filter(|l| is_sentence(l)).count();
    let table = article.iter().filter(|l| l.row).count() >= 3;
    // The heading of an article is no link.
    let linked_headings = all.iter().filter(|l| l.heading && l.weight >= 10 && l.linked * 10 >= l.weight * 9).count();
    let listing = teasers >= 4 && teasers * 2 > sentences || linked_headings > 0 && linked_headings * 2 > sentences;
    (text >= SMALLEST || table) && !listing
}
