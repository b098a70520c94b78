//! The head of an article: title, lead, date.
//!
//! In: what the page says of itself, what the profiles name, the lines of the page and which of them are the body. Out: the title
//! as the page shows it, the lines of the lead, the date, each with where it came from. Never: a title that the page does not show
//! while it shows another; a date from far off, as of a licence in the footer.

use super::Told;
use super::article::is_sentence;
use super::guard::{self, Dom};
use super::meta::{Meta, date_in};
use super::profile::{Fitting, Profile};
use super::query::Query;
use super::render::{self, Line, Marks, Rendered};
use super::{date, dom};
use crate::text::fold;
use ego_tree::NodeId;
use scraper::ElementRef;
use std::ops::Range;

/// How many lines before the body the title may stand.
const NEAR: usize = 25;
/// How many lines before it are beside the body.
const CLOSE: usize = 5;
/// Letters of a title.
const TITLE: Range<usize> = 10..400;
/// Titles are seldom longer.
const LONG: usize = 90;
/// Letters that may stand beside a date in its line.
const BESIDE: usize = 45;
/// Letters of a date at most: `Thứ Hai, ngày 05 tháng Tám năm 2019`.
const WRITTEN: usize = 40;
/// The most elements of one selector that are looked at.
const MANY: usize = 40;

/// What the profiles name.
#[derive(Default)]
pub struct Named {
    /// Title with the id of its profile, which is that of the body or of the host.
    title: Option<(NodeId, Told)>,
    /// What other profiles call a title: it must stand near the body.
    titles: Vec<NodeId>,
    leads: Vec<NodeId>,
    /// Dates; those without a node are from the head of the page.
    dates: Vec<(Option<NodeId>, Told)>,
}

/// A title, and its line if the page shows it.
pub struct Title {
    pub told: Told,
    pub line: Option<usize>,
}

/// Finds what the profiles name, and asks for its place. `root` holds the body, `by` is the profile that named it.
pub fn named(dom: &Dom, fitting: &Fitting<'_>, root: NodeId, by: Option<&str>, marks: &mut Marks) -> Named {
    let mut out = Named::default();
    let sure = |p: &&Profile| fitting.is_hosts(p) || Some(p.id.as_str()) == by && !p.is_any();
    let shown = |e: &ElementRef<'_>| TITLE.contains(&dom::weight(&dom::text(*e)));
    let in_view = |id: NodeId| dom.html.tree.get(id).is_some_and(|n| !n.ancestors().any(|a| marks.dropped.contains(&a.id())));
    // What is left out may hold the title when it stands before the body; behind it are other articles.
    let stands = |e: &ElementRef<'_>| shown(e) && (in_view(e.id()) || e.id() < root);
    out.title = fitting.special().filter(sure).find_map(|p| {
        let e = super::profile::first(dom, &p.title, stands)?;
        Some((e.id(), Told::new(dom::text(e), p.id.as_str())))
    });
    let others = fitting.special().chain(fitting.any()).map(|p| &p.titles);
    out.titles = others.flat_map(|q| found(dom, q)).filter(shown).map(|e| e.id()).filter(|id| in_view(*id)).collect();
    out.leads = fitting.special().filter(sure).find_map(|p| lead_elements(dom, p)).unwrap_or_default();
    out.dates = fitting.special().chain(fitting.any()).flat_map(|p| dates(dom, p)).collect();
    for id in out.title.iter().map(|t| t.0).chain(out.leads.iter().copied()) {
        dom.html.tree.get(id).into_iter().for_each(|n| marks.keep(n));
    }
    for id in out.titles.iter().copied().chain(out.dates.iter().filter_map(|d| d.0)) {
        dom.html.tree.get(id).into_iter().for_each(|n| marks.watch(n));
    }
    out
}

fn found<'d>(dom: &'d Dom, query: &Query) -> impl Iterator<Item = ElementRef<'d>> + use<'d> {
    query.all(dom).into_iter().take(MANY)
}

fn lead_elements(dom: &Dom, profile: &Profile) -> Option<Vec<NodeId>> {
    let leads = profile.lead.iter().map(|q| found(dom, q).filter(|e| dom::weight(&dom::text(*e)) > 0).map(|e| e.id()).collect::<Vec<_>>());
    leads.into_iter().find(|l| !l.is_empty())
}

/// The dates that a profile's selectors find.
fn dates<'d>(dom: &'d Dom, profile: &'d Profile) -> impl Iterator<Item = (Option<NodeId>, Told)> {
    let read = |e: ElementRef<'_>| {
        let machine = e.attr("datetime").or(e.attr("content")).and_then(date::machine);
        let found = machine.or_else(|| date::find(&dom::text(e)).map(|f| f.date))?;
        let node = (e.value().name() != "meta").then(|| e.id());
        Some((node, Told::new(found.to_string(), profile.id.as_str())))
    };
    profile.date.iter().flat_map(|q| found(dom, q)).filter_map(read)
}

/// The title: what a profile names; what the page says of itself, if it shows it; the heading before the body; the first line of
/// the body, when all of it is bold; at last what the page says of itself, shown or not.
pub fn title(meta: &Meta, named: &Named, page: &Rendered, inside: &Range<usize>, body: &[Line], fitting: &Fitting<'_>) -> Option<Title> {
    if let Some((id, told)) = &named.title {
        let line = Some(page.inside(*id)).filter(|r| !r.is_empty()).map(|r| r.start);
        return Some(Title { told: told.clone(), line });
    }
    let shown = meta.titles.iter().find_map(|t| shown(&t.value, t.from, page, inside));
    let close = || heading(named, page, inside, CLOSE).or_else(|| bold(page, inside, body)).or_else(|| above(page, inside, fitting));
    shown.or_else(close).or_else(|| heading(named, page, inside, NEAR)).or_else(|| {
        let t = meta.titles.first()?;
        Some(Title { told: Told::new(t.value.clone(), t.from), line: None })
    })
}

/// Lines where a title may stand: before the body, and its first ones.
fn near(page: &Rendered, inside: &Range<usize>) -> impl DoubleEndedIterator<Item = usize> {
    let end = (inside.start + 3).min(inside.end.max(inside.start)).min(page.lines.len());
    inside.start.saturating_sub(NEAR)..end
}

/// A title that the page shows, whole or without the name of the site.
fn shown(title: &str, from: &str, page: &Rendered, inside: &Range<usize>) -> Option<Title> {
    let whole = [title];
    let parts = [" - ", " | ", " – ", " — ", " :: ", " » ", " « "].iter().filter_map(|sep| title.split_once(sep).map(|(head, _)| head));
    let last = [" - ", " | ", " – "].iter().filter_map(|sep| title.rsplit_once(sep).map(|(head, _)| head));
    let variants = whole.into_iter().chain(last).chain(parts).filter(|v| TITLE.contains(&dom::weight(v)));
    variants.into_iter().find_map(|v| {
        let line = near(page, inside).rev().find(|&i| same(&page.lines[i].text, v))?;
        // The name of a site stands in its head, too.
        let alone = from != "title" || page.lines[line].heading || page.lines[line].strong > 0 || line + 8 >= inside.start;
        alone.then(|| Title { told: Told::new(page.lines[line].text.clone(), from), line: Some(line) })
    })
}

/// The nearest heading, or element that is named like one, before the body or at its top.
fn heading(named: &Named, page: &Rendered, inside: &Range<usize>, reach: usize) -> Option<Title> {
    let titles: Vec<Range<usize>> = named.titles.iter().map(|id| page.inside(*id)).collect();
    let good = |i: &usize| {
        let line = &page.lines[*i];
        let named = titles.iter().any(|r| r.contains(i) && r.len() == 1);
        (line.heading || named) && !line.row && line.linked * 2 < line.weight && TITLE.contains(&line.weight) && !is_sentence(line)
    };
    let line = near(page, inside).rev().find(|i| i + reach >= inside.start && good(i))?;
    Some(Title { told: Told::new(page.lines[line].text.clone(), "heading"), line: Some(line) })
}

/// The line right above the body, dates and the like aside.
fn above(page: &Rendered, inside: &Range<usize>, fitting: &Fitting<'_>) -> Option<Title> {
    let told = |i: &usize| {
        let line = &page.lines[*i];
        line.weight > 0 && date_of(line, BESIDE).is_none() && !fitting.skips(&fold(&line.text))
    };
    let good = |i: usize| {
        let line = &page.lines[i];
        !line.row && !line.item && line.linked * 2 < line.weight && (20..TITLE.end).contains(&line.weight) && !is_sentence(line)
    };
    // Between title and body stands the lead.
    let mut lines = (inside.start.saturating_sub(4)..inside.start).rev().filter(told).skip_while(|i| is_sentence(&page.lines[*i]));
    let nearest = lines.next().filter(|i| good(*i))?;
    // A long line may be a lead without a full stop, with the title above it.
    let line = lines.next().filter(|i| page.lines[nearest].weight > LONG && good(*i)).unwrap_or(nearest);
    let found = &page.lines[line];
    Some(Title { told: Told::new(found.text.clone(), "line"), line: Some(line) })
}

fn bold(page: &Rendered, inside: &Range<usize>, body: &[Line]) -> Option<Title> {
    let first = body.first()?;
    let good = first.strong * 10 >= first.weight * 9 && TITLE.contains(&first.weight) && !is_sentence(first);
    let line = inside.clone().find(|&i| page.lines[i] == *first)?;
    good.then(|| Title { told: Told::new(first.text.clone(), "first line"), line: Some(line) })
}

/// The lines of the lead that stand outside the body.
pub fn lead(meta: &Meta, named: &Named, page: &Rendered, inside: &Range<usize>, title: Option<usize>, fitting: &Fitting<'_>) -> Vec<Line> {
    let take = |i: usize| page.lines[i].clone();
    let outside = |i: &usize| !inside.contains(i);
    let told: Vec<Line> = named.leads.iter().flat_map(|id| page.inside(*id)).filter(outside).map(take).collect();
    if !told.is_empty() || !named.leads.is_empty() {
        return told;
    }
    let from = title.map_or(inside.start.saturating_sub(4), |t| t + 1);
    let good = |i: &usize| {
        let line = &page.lines[*i];
        let captioned = line.caption && line.weight < 150;
        is_sentence(line) && !captioned && !fitting.skips(&fold(&line.text)) && date_of(line, BESIDE).is_none()
    };
    if from <= inside.start && inside.start - from <= NEAR {
        let between: Vec<Line> = (from..inside.start).filter(good).take(5).map(take).collect();
        if !between.is_empty() {
            return between;
        }
    }
    let described = |i: &usize| outside(i) && page.lines[*i].weight >= 40 && meta.descriptions.iter().any(|d| same(d, &page.lines[*i].text));
    (0..page.lines.len()).find(described).map(take).into_iter().collect()
}

/// The date: what the page says of itself, a profile, the address, a line near the title.
pub fn date(
    meta: &Meta,
    named: &Named,
    page: &Rendered,
    inside: &Range<usize>,
    title: Option<usize>,
    fitting: &Fitting<'_>,
    url: Option<&str>,
) -> Option<Told> {
    let said = meta.dates.first().map(|d| Told::new(d.value.to_string(), d.from));
    let address = || url.and_then(date_in).map(|d| Told::new(d.to_string(), "url"));
    let window = inside.start.saturating_sub(NEAR)..(inside.end + 3).max(inside.start + 1);
    let is_near = |id: &NodeId| page.places.contains_key(id) && window.contains(&page.inside(*id).start) && !page.inside(*id).is_empty();
    let named = || named.dates.iter().find(|(node, _)| node.as_ref().is_none_or(is_near)).map(|(_, told)| told.clone());
    said.or_else(named).or_else(address).or_else(|| dated_line(page, inside, title, fitting))
}

/// Behind the title, before it, at the end of the body, in this order.
fn dated_line(page: &Rendered, inside: &Range<usize>, title: Option<usize>, fitting: &Fitting<'_>) -> Option<Told> {
    let top = title.unwrap_or(inside.start).min(inside.start);
    let lines = page.lines.len();
    let behind = top..(inside.start + 3).min(inside.end);
    let before = (top.saturating_sub(8)..top).rev();
    let last = inside.end.saturating_sub(4).max(inside.start)..inside.end;
    let after = inside.end..(inside.end + 3).min(lines);
    // A licence has a date, too, and so have captions.
    let is_other = |l: &Line| l.caption || l.after_image && (l.centered || l.italic > 0) || fitting.stops(&fold(&l.text));
    let at = |i: usize, beside: usize| page.lines.get(i).filter(|l| !is_other(l)).and_then(|l| date_of(l, beside));
    let found = behind
        .filter_map(|i| at(i, BESIDE))
        .next()
        .or_else(|| before.filter_map(|i| at(i, BESIDE)).next())
        .or_else(|| last.chain(after).rev().filter_map(|i| at(i, 25)).next())?;
    Some(Told::new(found.to_string(), "line"))
}

/// The date of a line that says little else.
fn date_of(line: &Line, beside: usize) -> Option<jiff::civil::Date> {
    if line.weight > beside + WRITTEN {
        return None;
    }
    let found = date::find(&line.text)?;
    let rest = line.weight.saturating_sub(dom::weight(&line.text[found.place]));
    (rest <= beside && !line.row && line.linked * 2 < line.weight.max(1)).then_some(found.date)
}

/// Do two lines say the same words?
pub fn same(a: &str, b: &str) -> bool {
    let words = |s: &str| fold(s).chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    words(a) == words(b)
}

/// The lines of an article's text as a script holds it: with markup, or plain.
pub fn scripted(text: &str) -> Vec<String> {
    if text.contains("</") || text.contains("&lt;") || text.contains("<br") {
        let dom = guard::parse(text);
        return render::lines(dom.html.tree.root(), &Marks::default()).into_iter().map(|l| l.text).collect();
    }
    text.lines().map(dom::one_line).filter(|l| !l.is_empty()).collect()
}
