//! Names of places that are not where a figure holds: where somebody lives, who wrote a text or took a picture, where it was written, where a
//! body met, what a distance is told from, the ends of a road, what a company or a facility is called after, persons who are called like countries.
//!
//! In: a sentence and a name in it, or all mentions of a text. Out: whether it is such a name. Never: a place.

use super::PlaceRef;
use super::find::{Raw, RawMention, capital_word};
use crate::rules::{Class, Classes, Cue, Data, Refers, Role, RuleSet};
use crate::sentence::Sentence;
use crate::terms::Level;
use crate::text::Flags;

/// How many words the name of a body may have.
const LONGEST_BODY: usize = 11;

/// How many tokens may stand between the word for a picture and the name behind it.
const LONGEST_SIGNATURE: usize = 3;

/// How many words may stand for a road.
const LONGEST_ROUTE: usize = 3;

/// How many words may tell that somebody lives at a place.
const LONGEST_HOME: usize = 5;

/// `trú tại phường A, thành phố B`, `trú tại số 5, tổ 3, phường A`
pub(super) fn is_home(s: &Sentence<'_>, m: &RawMention, before: Option<&RawMention>) -> bool {
    const LONGEST: usize = 12;
    let at = m.tokens.start;
    // `khách lưu trú`
    let part = |b: usize| b > 0 && s.of(b - 1, Classes::only(Class::Compound)).any(|h| h.end as usize > b);
    let told = |at: usize| (at.saturating_sub(LONGEST_HOME)..at).any(|b| s.cue(b, Cue::Home) == Some(at) && !part(b));
    let of_address = |&t: &usize| capital_word(s, t) || s.tokens[t].is_number() || s.is(t, Cue::Address) || s.begins(t, Classes::only(Class::Level));
    let address = || (at.saturating_sub(LONGEST)..at).rev().take_while(of_address).last().is_some_and(told);
    let goes_on = |b: &RawMention| b.raw == Raw::Home && at - b.tokens.end <= 2 && (b.tokens.end..at).all(|t| !s.tokens[t].is_word());
    matches!(m.raw, Raw::Named(_)) && (told(at) || before.is_some_and(goes_on) || address())
}

/// `cách thủ đô Tripoli 60 km`: what a distance is told from.
pub(super) fn is_reference(s: &Sentence<'_>, m: &RawMention) -> bool {
    const NEAR: usize = 3;
    const LONGEST: usize = 5;
    let at = m.tokens.start;
    let number = |t: usize| s.tokens.get(t).is_some_and(|n| n.is_number());
    let away = (at.saturating_sub(NEAR)..at).any(|t| s.is(t, Cue::Away) && !(t..at).any(number));
    away && (m.tokens.end..m.tokens.end + LONGEST).any(number)
}

/// `Hà Nội, 30/10/2023 - Bộ Nông nghiệp cho biết …`: the place of a dateline.
pub(super) fn is_dateline(s: &Sentence<'_>, m: &RawMention) -> bool {
    let at = m.tokens.end;
    const LONGEST: usize = 14;
    let dated = s.is_mark(at, ",") && s.begins(at + 1, Classes::of([Class::Dateline, Class::Period, Class::Exclusion]));
    m.tokens.start <= 1 && dated && (at..s.len().min(at + LONGEST)).any(|t| s.is_dash(t) && s.tokens.get(t + 1).is_some_and(|n| n.is_word()))
}

/// `tại Hà Nội, Bộ Lao động công bố …`: where a body of the state met.
pub(super) fn is_venue(s: &Sentence<'_>, rules: &RuleSet, m: &RawMention) -> bool {
    const NEAR: usize = 3;
    let end = m.tokens.end;
    let central = |t: usize| s.longest_as(t, Class::Here, Role::Form).is_some_and(|h| matches!(rules.rule(h.rule).data, Data::Here(Refers::Central)));
    let within = m.tokens.start.checked_sub(1).is_some_and(|t| s.is(t, Cue::Within));
    within && s.is_mark(end, ",") && (end + 1..=end + NEAR).any(central)
}

/// `tuyến Nha Trang - Huế`: a place that a road goes to, joined to the other one by a dash.
pub(super) fn is_end_of_route(s: &Sentence<'_>, m: &RawMention) -> bool {
    const LONGEST: usize = 10;
    let at = m.tokens.start;
    let joined = |dash: usize, name: usize| s.is_dash(dash) && capital_word(s, name);
    let of_country = matches!(&m.raw, Raw::Named(p) | Raw::Origin(p) if p.level <= Level::Region);
    if of_country || !joined(m.tokens.end, m.tokens.end + 1) && !(at > 1 && joined(at - 1, at - 2)) {
        return false;
    }
    let of_row = |&t: &usize| capital_word(s, t) || s.is_dash(t) || s.is_mark(t, ",");
    let first = (at.saturating_sub(LONGEST)..at).rev().take_while(of_row).last().unwrap_or(at);
    (first.saturating_sub(LONGEST_ROUTE)..first).any(|b| s.cue(b, Cue::Route) == Some(first))
}

/// `Ảnh: Thanh Thủy`: who took the picture.
pub(super) fn is_credit(s: &Sentence<'_>, at: usize) -> bool {
    let colon = (at.saturating_sub(LONGEST_SIGNATURE)..at).rev().find(|&t| s.is_mark(t, ":"));
    colon.is_some_and(|c| (c + 1..at).all(|t| capital_word(s, t)) && (c.saturating_sub(3)..c).any(|b| s.cue(b, Cue::Credit) == Some(c)))
}

/// `THANH HÀ   14/06/2024`: who wrote the text, and when; a district is no headline without its level word.
pub(super) fn is_byline(s: &Sentence<'_>, m: &RawMention) -> bool {
    let bare = matches!(&m.raw, Raw::Named(p) if p.level == Level::District && p.name == p.bare);
    let shouted = m.tokens.clone().all(|t| s.tokens[t].flags.has(Flags::UPPER));
    m.tokens.start == 0 && bare && shouted && s.begins(m.tokens.end, Classes::only(Class::Period))
}

/// `Thu hoạch lúa ở xã A. Ảnh: B`: is the first sentence what a picture shows?
pub fn is_caption(s: &Sentence<'_>) -> bool {
    (0..s.len().min(4)).any(|t| s.cue(t, Cue::Credit).is_some_and(|end| s.is_mark(end, ":")))
}

/// `Ảnh: B/TTXVN`: does a sentence begin with who took the picture of the one before?
pub fn opens_with_credit(s: &Sentence<'_>) -> bool {
    s.cue(0, Cue::Credit).is_some_and(|end| s.is_mark(end, ":"))
}

/// `sân bay Long Thành`, `kè Bình Thành`: called after the place.
pub(super) fn names_facility(s: &Sentence<'_>, t: usize) -> bool {
    const LONGEST: usize = 4;
    (t.saturating_sub(LONGEST)..t).any(|b| s.cue(b, Cue::Facility) == Some(t))
}

/// `Tạp chí Golf Digest (Mỹ)`: the country of a body or a paper that is quoted.
pub(super) fn in_bracket_of_name(s: &Sentence<'_>, t: usize, end: usize) -> bool {
    t > 1 && s.is_mark(t - 1, "(") && s.is_mark(end, ")") && capital_word(s, t - 2) && !s.covers(t - 2, Classes::only(Class::Place))
}

/// `Công ty vàng bạc đá quý Sài Gòn`: the name of a company goes on to here.
pub(super) fn names_company(s: &Sentence<'_>, t: usize) -> bool {
    in_name_of(s, t).any(|b| s.is(b, Cue::Company))
}

/// The words right before a token, backwards, that may be one name with it: a preposition (`các công ty tại Hà Nội`) ends it.
pub(super) fn in_name_of(s: &Sentence<'_>, t: usize) -> impl Iterator<Item = usize> {
    let dash = |b: usize| b > 0 && s.is_dash(b) && capital_word(s, b - 1);
    let goes_on = move |&b: &usize| (s.tokens[b].is_word() || s.is_mark(b, "&") || dash(b)) && !s.is(b, Cue::Within) && !s.is(b, Cue::Partner);
    (t.saturating_sub(LONGEST_BODY)..t).rev().take_while(goes_on)
}

/// In a text with `Phương Nga` every `Nga` is she, unless something is `ở Nga`.
pub fn without_namesakes<'s>(sentences: impl Iterator<Item = &'s Sentence<'s>>, mentions: &mut [Vec<RawMention>]) {
    let namesake = |m: &RawMention| if let Raw::Namesake(place) = &m.raw { Some(place.clone()) } else { None };
    let mut called: Vec<PlaceRef> = mentions.iter().flatten().filter_map(namesake).collect();
    if called.is_empty() {
        return;
    }
    let place = |m: &RawMention| if let Raw::Named(place) | Raw::Origin(place) = &m.raw { Some(place.clone()) } else { None };
    for (s, found) in sentences.zip(mentions.iter()) {
        let inside = |m: &&RawMention| m.tokens.start.checked_sub(1).is_some_and(|b| s.is_any(b, &["tại", "ở", "nước"]));
        let places: Vec<PlaceRef> = found.iter().filter(inside).filter_map(place).collect();
        called.retain(|p| !places.contains(p));
    }
    for m in mentions.iter_mut().flatten() {
        let same = m.tokens.len() == 1 && place(m).is_some_and(|p| called.contains(&p));
        if same || matches!(m.raw, Raw::Namesake(_)) {
            m.raw = Raw::Home;
        }
    }
}
