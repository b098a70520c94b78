//! Places: whose figure it is. Scopes: the clause (before the figure, then behind it), earlier clauses of the sentence, the figure
//! before, the paragraph, the heading, the document's own place.
//!
//! In: a figure in its scene, with the mentions of its sentence. Out: a place by name, or none when the figure has several. Never: a
//! code, which the record room gives when it is certain.
//!
//! `find.rs` finds names and words for places, `elsewhere.rs` tells which names are no place of a figure, `tally.rs` settles what the
//! text is about, `resolve.rs` settles each mention with it: a name by its level word (`huyện Sơn Động`), by the gazetteer, or by an
//! earlier mention; `toàn tỉnh` as the province of the text.

mod elsewhere;
mod find;
mod resolve;
mod tally;

use super::clause::is_superlative;
use super::{Context, Scene, Source, State};
use crate::rules::{Class, Cue, Data, RuleId};
use crate::terms::{Kind, Level};
use crate::text::Flags;
pub use elsewhere::{is_caption, opens_with_credit, without_namesakes};
pub use find::{RawMention, find, named_by};
pub use resolve::{LastNamed, resolve};
use std::hash::{Hash, Hasher};
use std::ops::{Deref, Range};
use std::sync::Arc;
pub use tally::{MainPlace, Tally};

/// A place by name, as records write it. Many figures have the same one, so copies share it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct PlaceRef(Arc<PlaceName>);

/// How a text names a place.
#[derive(Debug, PartialEq, Eq)]
pub struct PlaceName {
    /// `Lai Châu`, `huyện Sơn Động`, `Việt Nam`.
    pub name: String,
    /// Without the level word.
    pub bare: String,
    pub level: Level,
}

/// The rest seldom tells places of one name apart.
impl Hash for PlaceName {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}

impl PlaceRef {
    /// With a word for its level: `huyện` and `Sơn Động`.
    fn new(word: &str, bare: String, level: Level) -> Self {
        Self(Arc::new(PlaceName { name: format!("{word} {bare}"), bare, level }))
    }

    /// Without one: `Lai Châu`.
    pub(super) fn bare(bare: String, level: Level) -> Self {
        Self(Arc::new(PlaceName { name: bare.clone(), bare, level }))
    }

    /// No place in particular: the world.
    fn nowhere() -> Self {
        Self::bare(String::new(), Level::Country)
    }

    fn is_nowhere(&self) -> bool {
        self.name.is_empty()
    }

    fn country() -> Self {
        Self::bare("Việt Nam".to_owned(), Level::Country)
    }
}

impl Deref for PlaceRef {
    type Target = PlaceName;

    fn deref(&self) -> &PlaceName {
        &self.0
    }
}

/// Words that name a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    pub tokens: Range<usize>,
    pub place: PlaceRef,
    pub rule: RuleId,
    /// Inside `so với …`.
    pub compared: bool,
    /// Stands for the place of the text (`toàn tỉnh`).
    pub here: bool,
}

/// Places of a list that a row of figures takes one by one: `Nam Giang và Bắc Trà My lần lượt là 19,4% và 22,5%`.
pub fn distributed(scene: &Scene<'_, '_>) -> Vec<(usize, PlaceRef)> {
    let s = scene.sentence();
    let figures = scene.figures();
    if figures.len() < 2 {
        return Vec::new();
    }
    if let Some(pairs) = in_pairs(scene) {
        return pairs;
    }
    let Some(at) = (0..s.len()).find(|&t| s.is_any(t, &["lần"]) && s.is_any(t + 1, &["lượt"]) || s.is_any(t, &["tương"]) && s.is_any(t + 1, &["ứng"]))
    else {
        return Vec::new();
    };
    let places: Vec<&Mention> = scene.read.places.iter().filter(|p| p.tokens.end <= at).collect();
    let first = figures.iter().position(|q| q.tokens.start > at).unwrap_or(figures.len());
    // The list right before the words, joined by commas and `và`.
    let mut list: Vec<&Mention> = Vec::new();
    for p in places.iter().rev() {
        let joined = list.last().is_none_or(|next| {
            let gap = p.tokens.end..next.tokens.start;
            gap.len() <= 2 && gap.clone().all(|t| s.is_mark(t, ",") || s.word(t) == "và")
        });
        if !joined {
            break;
        }
        list.push(p);
    }
    list.reverse();
    // The row of figures behind the words, joined as the places are.
    let joined = |a: usize, b: usize| {
        let gap = figures[a].tokens.end..figures[b].tokens.start;
        gap.len() <= 3 && gap.clone().all(|t| s.is_mark(t, ",") || s.is_mark(t, ";") || s.is_any(t, &["và", "thứ"]) || s.longest(t, Class::Qualifier).is_some())
    };
    let row = if first < figures.len() { 1 + (first..figures.len() - 1).take_while(|&k| joined(k, k + 1)).count() } else { 0 };
    if list.len() < 2 || list.len() != row {
        return Vec::new();
    }
    list.into_iter().enumerate().map(|(k, p)| (first + k, p.place.clone())).collect()
}

/// `Huyện A và huyện B dẫn đầu với 14/17 xã và 15/21 xã`: as many figures of one kind as places, each row joined by `và`.
fn in_pairs(scene: &Scene<'_, '_>) -> Option<Vec<(usize, PlaceRef)>> {
    let s = scene.sentence();
    let [.., a, b] = &scene.read.places[..] else { return None };
    let first = scene.figures().iter().position(|q| q.tokens.start >= b.tokens.end)?;
    let (p, q) = (scene.figure(first), scene.figures().get(first + 1)?);
    let joined = |from: usize, to: usize| to == from + 1 && s.is_any(from, &["và"]);
    let alone = scene.read.places.iter().filter(|m| scene.clause_of(m.tokens.start) == scene.clause_of(b.tokens.start)).count() == 2;
    let third = scene.figures().get(first + 2).is_some_and(|r| r.tokens.start <= q.tokens.end + 2);
    let pair = joined(a.tokens.end, b.tokens.start) && joined(p.tokens.end, q.tokens.start) && a.place.level == b.place.level;
    let same = p.kind == q.kind && p.unit == q.unit && q.tokens.start > b.tokens.end;
    (pair && same && alone && !third).then(|| vec![(first, a.place.clone()), (first + 1, b.place.clone())])
}

/// `…, trong đó huyện A chiếm 90%`: does a place open a part of what the sentence tells?
fn is_part(scene: &Scene<'_, '_>, p: &Mention) -> bool {
    const LONGEST: usize = 3;
    let at = p.tokens.start;
    !p.here && scene.parts.iter().any(|&t| t < at && at - t <= LONGEST && scene.clause_of(at).tokens.contains(&t))
}

/// `trong đó Hoa Kỳ 24,8 tỷ, Trung Quốc 18,3 tỷ; nhập khẩu …`: a row of parts that goes on to the semicolon.
fn in_row_of_parts(scene: &Scene<'_, '_>, p: &Mention) -> bool {
    let at = p.tokens.start;
    let opener = scene.parts.iter().rev().find(|&&t| t < at).filter(|_| !p.here);
    opener.is_some_and(|&t| !(t..at).any(|t| scene.sentence().is_mark(t, ";")))
}

/// The one place that a sentence speaks of, the most specific of a chain; none when it lists several.
pub fn topic(scene: &Scene<'_, '_>) -> Option<PlaceRef> {
    let read = scene.read;
    let s = &read.sentence;
    // What is listed behind a colon does not become the topic of what was told before it.
    let colon = (0..s.len()).find(|&t| s.is_mark(t, ":")).filter(|&c| read.places.iter().any(|p| p.tokens.end <= c));
    let first = read.quantities.figures.first().map_or(s.len(), |q| q.tokens.start);
    const REACH: usize = 3;
    const CLAUSE: usize = 8;
    let most = |t: usize| is_superlative(s, t);
    let ranked = |p: &Mention| {
        let end = p.tokens.end;
        let figure = read.quantities.figures.iter().map(|q| q.tokens.start).find(|&t| t >= end).unwrap_or(end);
        p.place.level > Level::Province && figure - end <= CLAUSE && (end..figure).any(most)
    };
    // `riêng huyện A 5 xã, huyện B 3 xã`, `huyện A giảm nhanh nhất`: one of several, and those that follow.
    let one_of = |p: &&Mention| {
        let t = p.tokens.start;
        (t.saturating_sub(REACH)..t).any(|b| s.cue(b, Cue::Singled) == Some(t) || most(b)) || ranked(p)
    };
    let singled = read.places.iter().find(one_of);
    // `…, nhiều nhất là huyện A, 5 ha`: an example.
    let aside = |p: &Mention| {
        let t = p.tokens.start;
        let shown = (t.saturating_sub(3)..t).any(|b| s.cue(b, Cue::Example).is_some_and(|end| end == t || end + 1 == t));
        shown
            || singled.is_some_and(|one| t >= one.tokens.start && p.place.level >= one.place.level)
            || t > first.max(1) && s.is_any(t - 1, &["là"]) && most(t - 2)
            || t > first && most(p.tokens.end + 1)
    };
    // `rót 5 tỷ USD vào Đông Nam Á`: the other side.
    let partner =
        |p: &Mention| p.place.level == Level::Country && p.tokens.start.checked_sub(1).is_some_and(|t| s.cue(t, Cue::Partner) == Some(p.tokens.start));
    let part = |p: &Mention| p.tokens.start > first && (is_part(scene, p) || in_row_of_parts(scene, p));
    let told = |p: &&Mention| !part(p) && !p.compared && colon.is_none_or(|c| p.tokens.start < c) && !aside(p) && !partner(p);
    let named: Vec<&Mention> = read.places.iter().filter(told).collect();
    let lowest = named.iter().map(|p| p.place.level).max()?;
    // `tỉnh Đắk Lắk (hợp nhất từ Đắk Lắk và Phú Yên cũ)`
    let depth = |p: &Mention| scene.clauses.iter().rev().find(|c| c.tokens.start <= p.tokens.start).map_or(0, |c| c.depth);
    let open = named.iter().any(|p| p.place.level == lowest && depth(p) == 0);
    let mut at_level = named.iter().filter(|p| p.place.level == lowest && (!open || depth(p) == 0));
    let first = at_level.next()?;
    at_level.all(|p| p.place == first.place).then(|| first.place.clone())
}

pub fn of(scene: &Scene<'_, '_>, i: usize, contexts: &[Context], state: &State, shared: &[(usize, PlaceRef)]) -> (Option<PlaceRef>, Source) {
    // `kim ngạch hai chiều`: of both sides.
    let start = scene.figure(i).tokens.start;
    if (scene.clause_of(start).tokens.start..start).any(|t| scene.is(t, Cue::Mutual)) {
        return (None, Source::Clause);
    }
    let (place, source) = nearest(scene, i, contexts, state, shared);
    match place.filter(|p| !p.is_nowhere()) {
        Some(place) if counts_such(scene, i, &place) => (above(scene, &place), Source::Document),
        place => (place, source),
    }
}

/// `23 tỉnh` are not of one province, nor `9 xã` of a commune.
fn counts_such(scene: &Scene<'_, '_>, i: usize, place: &PlaceRef) -> bool {
    let q = scene.figure(i);
    let noun = scene.sentence().longest(q.unit_tokens.start, Class::Level).filter(|_| q.counted && !q.unit_tokens.is_empty());
    let level = noun.and_then(|h| if let Data::Level { level, .. } = scene.rules.rule(h.rule).data { Some(level) } else { None });
    level.is_some_and(|level| place.level >= level && level != Level::Village) && q.amount > rust_decimal::Decimal::ONE
}

/// What the text is about, when it lies above a place; else the country.
fn above(scene: &Scene<'_, '_>, place: &PlaceRef) -> Option<PlaceRef> {
    let main = &scene.frame.main;
    let higher = [&main.main, &main.province].into_iter().flatten().find(|p| p.level < place.level);
    higher.cloned().or_else(|| (place.level == Level::Province).then(PlaceRef::country))
}

fn nearest(scene: &Scene<'_, '_>, i: usize, contexts: &[Context], state: &State, shared: &[(usize, PlaceRef)]) -> (Option<PlaceRef>, Source) {
    let q = scene.figure(i);
    // `thấp hơn bình quân cả nước (46,7%)`: the level of what it is compared with.
    if let Some(bracket) = super::clause::reference(scene, i)
        && let Some(p) = scene.read.places.iter().rev().find(|p| p.compared && bracket.from <= p.tokens.start && p.tokens.end <= bracket.open)
    {
        return (Some(p.place.clone()), Source::Rule(p.rule));
    }
    if let Some((_, place)) = shared.iter().find(|(k, _)| *k == i) {
        return (Some(place.clone()), Source::Sentence);
    }
    let clause = scene.clause_of(q.number.start);
    let depth = clause.depth;
    let closed = |p: &&Mention| p.tokens.end <= q.tokens.start && scene.clause_of(p.tokens.start).depth > depth;
    let ranked = |p: &&Mention| scene.figures().iter().any(|f| f.kind == Kind::Rank && f.tokens.end == p.tokens.start);
    let usable: Vec<&Mention> = scene.read.places.iter().filter(|p| !p.compared && !ranked(p) && !closed(p)).collect();
    // `trong đó huyện A 90%; 20.000 ha cây ăn trái`: a part told by the way ends with its clause.
    let of_part = |p: &&&Mention| (is_part(scene, p) || in_row_of_parts(scene, p)) && (p.tokens.end..q.tokens.start).any(|t| scene.sentence().is_mark(t, ";"));
    let before = usable.iter().rposition(|p| p.tokens.end <= q.tokens.start && !of_part(&p));
    let before = before.map(|k| owner(scene, &usable, k));
    if let Some(p) = of_bracketed(scene, i, before.map_or(0, |k| usable[k].tokens.end)) {
        return (Some(p.place.clone()), Source::Rule(p.rule));
    }
    let in_clause = |k: &usize| clause.tokens.contains(&usable[*k].tokens.start);
    // `40% diện tích đồng bằng sông Cửu Long`: right behind what the share is taken of.
    if let Some(p) = scene.read.places.iter().find(|p| q.base.is_some() && p.tokens.start == q.tokens.end) {
        return (Some(p.place.clone()), Source::Rule(p.rule));
    }
    if let Some(k) = before.filter(in_clause) {
        return settled(scene, &usable, k);
    }
    let limit = scene.next_start(i).min(clause.tokens.end);
    let after = usable.iter().position(|p| p.tokens.start >= q.tokens.end && p.tokens.start < limit);
    // `1 em từ Thanh Hóa`
    let comes_from = |p: &Mention| q.counted && p.tokens.start <= q.tokens.end + 2 && scene.is(p.tokens.start - 1, Cue::Leaves);
    if let Some(k) = after.filter(|&k| belongs_behind(scene, usable[k]) || comes_from(usable[k])) {
        let list = usable.get(k + 1).is_some_and(|n| adjacent(scene, usable[k], n) && n.place.level == usable[k].place.level);
        return (Some(usable[k].place.clone()).filter(|_| !list), Source::Rule(usable[k].rule));
    }
    if let Some(k) = before {
        return settled(scene, &usable, k);
    }
    let part = usable.iter().find(|p| p.tokens.end <= q.tokens.start && of_part(p)).map_or(usize::MAX, |p| p.tokens.start);
    let previous = (0..i).rev().find(|&k| scene.figure(k).tokens.end <= part && scene.clause_of(scene.figure(k).number.start).depth <= depth);
    if let Some(previous) = previous.map(|p| &contexts[p]) {
        return (previous.place.0.clone(), Source::Previous);
    }
    // `bà A (TP. Hồ Chí Minh) khám 57 lần`: a place in a bracket, when the sentence names no other.
    if let Some(p) = scene.read.places.iter().find(|p| !p.compared && closed(p) && is_bracket_of_names(scene, p)).filter(|_| usable.is_empty()) {
        return (Some(p.place.clone()), Source::Sentence);
    }
    // In a text about one province a region is told by the way.
    let about_province = scene.frame.main.main.as_ref().is_some_and(|p| p.level == Level::Province);
    let goes_on = |p: &PlaceRef| p.level != Level::Country && !(p.level == Level::Region && about_province);
    let carried = state.place.clone().filter(|p| state.paragraph == scene.read.paragraph && scene.read.places.is_empty() && goes_on(p));
    if let Some(place) = carried {
        return (Some(place), Source::Paragraph);
    }
    if let Some(place) = state.heading_place.clone() {
        return (Some(place), Source::Document);
    }
    (scene.frame.main.main.clone(), Source::Document)
}

/// `(xã Hòa Bình, Hà Nội)`, not `(thấp hơn một số nước như Nhật Bản)`: does the bracket before a place hold nothing but names?
fn is_bracket_of_names(scene: &Scene<'_, '_>, place: &Mention) -> bool {
    let s = scene.sentence();
    let open = (0..place.tokens.start).rev().find(|&t| s.is_mark(t, "("));
    let is_capital = |t: usize| s.tokens[t].is_capital() || s.tokens[t].flags.has(Flags::UPPER);
    let is_name = |t: usize| is_capital(t) || scene.has(t, Class::Level) || scene.read.places.iter().any(|m| m.tokens.contains(&t));
    open.is_some_and(|open| (open + 1..place.tokens.start).all(|t| !s.tokens[t].is_word() || is_name(t)))
}

/// `bà Nguyễn Thị A (diện hộ nghèo, TP. Hồ Chí Minh) khám 57 lần`: the place in a bracket behind the name of whom the clause tells,
/// from a token on.
fn of_bracketed<'m>(scene: &'m Scene<'_, '_>, i: usize, from: usize) -> Option<&'m Mention> {
    const LONGEST: usize = 16;
    let s = scene.sentence();
    let at = scene.figure(i).tokens.start;
    let named = |t: usize| s.tokens[t].is_word() && s.tokens[t].is_capital() && scene.read.places.iter().all(|m| m.tokens.end != t + 1);
    let goes_on = |t: usize| s.tokens.get(t).is_some_and(|w| w.is_word() && !w.is_capital());
    let bracket = |p: &Mention| {
        let inside = (p.tokens.start.saturating_sub(LONGEST)..p.tokens.start).rev().take_while(|&t| !s.is_mark(t, ")"));
        let open = { inside }.find(|&t| s.is_mark(t, "("))?;
        // `bà Trần Thị S.`
        let name = open.checked_sub(if open > 1 && s.is_mark(open - 1, ".") { 2 } else { 1 });
        let told = name.is_some_and(named) && s.is_mark(p.tokens.end, ")") && goes_on(p.tokens.end + 1);
        told.then_some(open..p.tokens.end)
    };
    let last = |p: &&Mention| !p.compared && p.tokens.start >= from && p.tokens.end < at && bracket(p).is_some();
    let alone = |p: &&Mention| scene.clause_of(at).depth == 0 && !(p.tokens.end..at).any(|t| s.is_mark(t, ";"));
    let p = scene.read.places.iter().find(last).filter(alone)?;
    let bracket = bracket(p)?;
    // `(phường A, quận B)`: the smallest.
    scene.read.places.iter().filter(|m| bracket.contains(&m.tokens.start)).max_by_key(|m| (m.place.level, std::cmp::Reverse(m.tokens.start)))
}

/// The other side of a relation gives way to the place before it in its clause: `của Mỹ với Trung Quốc` is Mỹ.
fn owner(scene: &Scene<'_, '_>, usable: &[&Mention], k: usize) -> usize {
    let at = usable[k].tokens.start;
    let partner = at.checked_sub(1).is_some_and(|t| scene.cue(t, Cue::Partner) == Some(at));
    let clause = scene.clause_of(at);
    let mut first = k;
    while first > 0 && adjacent(scene, usable[first - 1], usable[first]) {
        first -= 1;
    }
    let wide = |m: &Mention| matches!(m.place.level, Level::Country | Level::Region);
    let same = |b: usize| usable[b].place.level <= usable[k].place.level || wide(usable[b]) && wide(usable[k]);
    let before = first.checked_sub(1).filter(|&b| partner && clause.tokens.contains(&usable[b].tokens.start) && !usable[b].here && same(b));
    before.map_or(k, |b| owner(scene, usable, b))
}

/// Only a comma, a bracket or `và` between two mentions.
fn adjacent(scene: &Scene<'_, '_>, a: &Mention, b: &Mention) -> bool {
    let s = scene.sentence();
    let gap = a.tokens.end..b.tokens.start;
    gap.len() <= 2 && gap.clone().all(|t| s.is_mark(t, ",") || s.is_mark(t, "(") || s.is_mark(t, "-") || matches!(s.word(t), "và" | "của" | "thuộc"))
}

/// A mention with its neighbours: `xã A, huyện B, tỉnh C` is xã A; `A và B cùng có 13 xã` is none.
fn settled(scene: &Scene<'_, '_>, usable: &[&Mention], k: usize) -> (Option<PlaceRef>, Source) {
    let mut at = k;
    while at > 0 && adjacent(scene, usable[at - 1], usable[at]) && usable[at - 1].place.level > usable[at].place.level {
        at -= 1;
    }
    let source = Source::Rule(usable[at].rule);
    // `giữa phường A và phường B` is of both.
    let s = scene.sentence();
    let between = |m: &Mention| m.tokens.start.checked_sub(1).is_some_and(|t| s.word(t) == "giữa") && s.word(m.tokens.end) == "và";
    if between(usable[at]) || at > 0 && between(usable[at - 1]) && adjacent(scene, usable[at - 1], usable[at]) {
        return (None, source);
    }
    let list = at == k
        && k > 0
        && adjacent(scene, usable[k - 1], usable[k])
        && usable[k - 1].place.level == usable[k].place.level
        && usable[k - 1].place != usable[k].place;
    (Some(usable[at].place.clone()).filter(|_| !list), source)
}

/// `tại An Vinh`, `của huyện An Lão`, `ở xã …`: a place behind the figure is its own behind such a word.
fn belongs_behind(scene: &Scene<'_, '_>, p: &Mention) -> bool {
    p.here || p.tokens.start.checked_sub(1).is_some_and(|t| scene.is(t, Cue::Within))
}
