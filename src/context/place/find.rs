//! Names of places and words for them, not yet resolved.
//!
//! In: a sentence. Out: [`RawMention`]s in order, without overlap. Never: what only the rest of the document can tell.

use super::PlaceRef;
use super::elsewhere::{
    in_bracket_of_name, in_name_of, is_byline, is_credit, is_dateline, is_end_of_route, is_home, is_reference, is_venue, names_company, names_facility,
};
use crate::rules::{Class, Classes, Cue, Data, Hit, Refers, Role, RuleId, RuleSet};
use crate::sentence::Sentence;
use crate::terms::Level;
use crate::text::Flags;
use std::ops::Range;

/// A named place or a word for one, before the document's own place is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Raw {
    Named(PlaceRef),
    /// A country that tells where a thing comes from (`nho Mỹ`), a province in the name of a company: it may count for what the text is
    /// about, no more.
    Origin(PlaceRef),
    Here(Refers),
    /// A person who is called like a country (`Phương Nga`): what else the text calls so is the same.
    Namesake(PlaceRef),
    /// Where a person lives or comes from (`trú tại phường …`), where a body of the state met, the end of a road, a name that only
    /// sounds like a place.
    Home,
}

/// A mention before it is resolved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawMention {
    pub tokens: Range<usize>,
    pub raw: Raw,
    pub rule: RuleId,
}

/// The most capitalized words that a name may have.
pub(super) const LONGEST_NAME: usize = 5;

/// All mentions of a sentence, not yet resolved.
pub fn find(s: &Sentence<'_>, rules: &RuleSet) -> Vec<RawMention> {
    let mut names = Vec::new();
    rules.place_names.find_from(s.text, &s.tokens, |t| t.is_word() && t.is_capital(), &mut names);
    let mut out: Vec<RawMention> = Vec::new();
    let mut t = 0;
    while t < s.len() {
        if !s.begins(t, Classes::of([Class::Level, Class::Place, Class::Here])) && !capital_word(s, t) {
            t += 1;
            continue;
        }
        let candidates = [by_number(s, rules, t), listed(s, rules, t), leveled(s, rules, t, &names), bare(s, rules, t, &names), here(s, rules, t)];
        // The longest wins; of equal ones the first.
        let found = candidates.into_iter().flatten().reduce(|best, m| if m.tokens.end > best.tokens.end { m } else { best });
        match found {
            Some(mut m) => {
                if is_home(s, &m, out.last())
                    || is_credit(s, m.tokens.start)
                    || is_byline(s, &m)
                    || is_venue(s, rules, &m)
                    || is_dateline(s, &m)
                    || is_reference(s, &m)
                    || is_end_of_route(s, &m)
                {
                    m.raw = Raw::Home;
                }
                out.push(m);
                t = others_of_list(s, rules, &mut out);
            }
            None => t += 1,
        }
    }
    out
}

/// `các xã Sơn Tây Thượng, Đăk Plô và Ngọk Linh`: behind a plural the word for a level holds for the communes that follow. Where the
/// last mention ends.
fn others_of_list(s: &Sentence<'_>, rules: &RuleSet, out: &mut Vec<RawMention>) -> usize {
    let Some(first) = out.last() else { return 0 };
    let (start, mut end, rule) = (first.tokens.start, first.tokens.end, first.rule);
    let next = end.max(start + 1);
    let Raw::Named(place) = &first.raw else { return next };
    let many = start > 0 && (s.is(start - 1, Cue::Many) || s.tokens[start - 1].is_number() || s.begins(start - 1, Classes::only(Class::Numeral)));
    if place.level != Level::Commune || !many {
        return next;
    }
    let word = place.name.strip_suffix(&place.bare).unwrap_or_default().trim().to_owned();
    while s.is_mark(end, ",") || s.is_any(end, &["và"]) {
        let from = end + 1;
        let named = capital_word(s, from) && !s.begins(from, Classes::of([Class::Level, Class::Place]));
        let to = name_run(s, from);
        let bare = if named { titled(s.quote(&(from..to))) } else { String::new() };
        // Names are spelled in many ways, but what begins as that of a person must be known.
        let person = s.begins(from, Classes::only(Class::Surname));
        let province = rules.gazetteer.find(&bare, Level::Province).next().is_some();
        if bare.is_empty() || province || person && rules.gazetteer.find(&bare, Level::Commune).next().is_none() {
            break;
        }
        out.push(RawMention { tokens: from..to, raw: Raw::Named(PlaceRef::new(&word, bare, Level::Commune)), rule });
        end = to;
    }
    end.max(next)
}

pub(super) fn capital_word(s: &Sentence<'_>, t: usize) -> bool {
    s.tokens.get(t).is_some_and(|t| t.is_word() && t.is_capital())
}

/// `huyện Sơn Động`, `tỉnh Lai Châu`, `TP. Huế`
pub(super) fn leveled(s: &Sentence<'_>, rules: &RuleSet, t: usize, names: &[Hit]) -> Option<RawMention> {
    let hit = s.longest_as(t, Class::Level, Role::Form)?;
    let Data::Level { level, word } = &rules.rule(hit.rule).data else {
        return None;
    };
    let start = hit.end as usize;
    if !capital_word(s, start) || s.tokens[start].flags.has(Flags::BREAK) {
        return None;
    }
    // `phiên bản Powerful`, `Hợp tác xã Việt Nam`, `Làng Thiếu niên Thủ Đức`: the word for a level is part of another word.
    let runs_past = |b: usize, end: usize| s.of(b, Classes::only(Class::Compound)).any(|h| h.end as usize > end);
    if runs_past(t, start) || (t.saturating_sub(2)..t).any(|b| runs_past(b, t)) {
        return None;
    }
    // `151 km/h. Smart Fortwo`, `8 h. Công an`: no `H.` for a district.
    let hour = s.tokens[t].end - s.tokens[t].start == 1 && t > 0 && (s.is_mark(t - 1, "/") || s.tokens[t - 1].is_number());
    if hour {
        return None;
    }
    // `xã NTM`: an abbreviation is no name, unless the whole line is in capitals.
    if s.tokens[start].flags.has(Flags::UPPER) && !s.tokens[hit.start as usize].flags.has(Flags::UPPER) {
        return None;
    }
    let known = longest_name(s, rules, start, names, false);
    if *level == Level::Province && known.is_none() || shouted(s, start) && !is_listed(s, rules, start, *level, known.is_some()) {
        return None;
    }
    let run = name_run(s, start);
    // `tìm kiếm H. Đến khoảng 18 giờ`: a person by the first letter, and the next sentence.
    let letter = s.tokens[t].end - s.tokens[t].start == 1;
    if letter && known.is_none() && run == start + 1 {
        return None;
    }
    let (end, unit) = match known {
        Some((end, unit)) if end >= run || *level == Level::Province || level_fits(*level, unit) => (end, Some(unit)),
        _ => (run, None),
    };
    let bare = titled(s.quote(&(start..end)));
    let is_city = word.as_ref() == "thành phố";
    let province = *level == Level::Province && (!is_city || unit == Some(Level::Province));
    let place = if province {
        PlaceRef::bare(bare, Level::Province)
    } else if is_city {
        PlaceRef::new("thành phố", bare, Level::District)
    } else {
        let written = s.quote(&(t..start)).trim().to_lowercase();
        let word = if written.ends_with('.') || written.chars().count() <= 2 { word.to_string() } else { written };
        PlaceRef::new(&word, bare, *level)
    };
    let raw = if province && names_company(s, t) { Raw::Origin(place) } else { Raw::Named(place) };
    Some(RawMention { tokens: t..end, raw, rule: hit.rule })
}

pub(super) fn level_fits(level: Level, unit: Level) -> bool {
    level == unit
}

/// The longest gazetteer name that begins at a token: its end and its highest level.
pub(super) fn longest_name(s: &Sentence<'_>, rules: &RuleSet, t: usize, names: &[Hit], strict: bool) -> Option<(usize, Level)> {
    let from = names.partition_point(|h| (h.start as usize) < t);
    let here = names[from..].iter().take_while(|h| h.start as usize == t);
    // Behind a level word the later words may be small: `tỉnh Quảng ninh`.
    let capital = |h: &&Hit| (t..h.end as usize).all(|i| !s.tokens[i].is_word() || s.tokens[i].is_capital() || !strict && i > t);
    let end = here.clone().filter(capital).map(|h| h.end).max()?;
    let level = here.filter(|h| h.end == end).map(|h| rules.gazetteer.upper()[h.rule as usize].level).min()?;
    Some((end as usize, level))
}

/// The end of a run of capitalized words.
pub(super) fn name_run(s: &Sentence<'_>, start: usize) -> usize {
    let mut t = start;
    let close = |t: usize| s.tokens.get(t).is_some_and(|n| n.is_word() && !n.flags.has(Flags::SPACE));
    while t < s.len() && t - start < LONGEST_NAME {
        // `Nâm N'Đir`, `Ia H’leo`
        if t > start && (s.is_mark(t, "'") || s.is_mark(t, "’")) && !s.tokens[t].flags.has(Flags::SPACE) && close(t + 1) {
            t += 2;
            continue;
        }
        if !capital_word(s, t) || t > start && s.tokens[t].flags.has(Flags::BREAK) {
            break;
        }
        // An all-capital abbreviation behind a name is another thing.
        if t > start && s.tokens[t].flags.has(Flags::UPPER) && !s.tokens[start].flags.has(Flags::UPPER) {
            break;
        }
        // `Bí thư xã Đồng Tâm Nguyễn Văn An`: a person behind the place.
        if t > start && (s.longest(t, Class::Level).is_some() || t > start + 1 && s.longest(t, Class::Surname).is_some()) {
            break;
        }
        t += 1;
    }
    t
}

/// A region, a country, another name: places of `places/*.toml`.
pub(super) fn listed(s: &Sentence<'_>, rules: &RuleSet, t: usize) -> Option<RawMention> {
    let hit = s.longest_as(t, Class::Place, Role::Form)?;
    let Data::Place { name, level, country, seat, .. } = &rules.rule(hit.rule).data else {
        return None;
    };
    // `nhiều nước trên thế giới`
    if (t.saturating_sub(4)..t).any(|b| s.longest(b, Class::Compound).is_some_and(|h| h.end >= hit.end)) {
        return None;
    }
    // `33 tỷ đô la Mỹ`
    let currency = |b: usize| s.of(b, Classes::only(Class::Unit)).any(|h| h.end >= hit.end);
    if s.covers(t, Classes::only(Class::Unit)) && (t.saturating_sub(3)..t).any(currency) {
        return None;
    }
    let proper = name.chars().next().is_none_or(char::is_uppercase);
    let last = hit.end as usize - 1;
    if proper && !(capital_word(s, t) || capital_word(s, last)) {
        return None;
    }
    let end = hit.end as usize;
    // `ông Mỹ`
    if s.ending(t, Class::Surname, Role::Form).is_some() {
        let person = (t.saturating_sub(2)..t).any(|b| s.cue(b, Cue::Person) == Some(t));
        let namesake = person && *level == Level::Country && hit.len() == 1;
        return namesake.then(|| RawMention { tokens: t..end, raw: Raw::Namesake(PlaceRef::bare(name.to_string(), *level)), rule: hit.rule });
    }
    let hyphen = s.tokens.get(end).is_some_and(|n| (s.is_dash(end) || n.is_number()) && !n.flags.has(Flags::SPACE));
    let in_name = hyphen || t > 0 && capital_word(s, t - 1) && !s.tokens[t - 1].flags.has(Flags::UPPER) && !opens(s, t - 1);
    // `Manchester United`, `Real Madrid`
    if country.is_some() && (in_name || capital_word(s, end) && !s.begins(end, Classes::only(Class::Place))) {
        return None;
    }
    let place = match country {
        // `Tehran tuyên bố`: the government of Iran.
        Some(country) if *seat && !located(s, t) && stands_free(s, t) => PlaceRef::bare(country.to_string(), Level::Country),
        _ if name.is_empty() => PlaceRef::bare(titled(s.quote(&(t..end))), *level),
        _ => PlaceRef::bare(name.to_string(), *level),
    };
    let is_country = place.level == Level::Country;
    let people = (t.saturating_sub(3)..t).find(|&b| s.cue(b, Cue::People) == Some(t));
    let raw = match (is_country, &**name == "Việt Nam") {
        (true, true) if in_name || names_company(s, t) => return None,
        // `Phương Nga`: behind a word that is nothing but part of a name.
        (true, false) if in_name && hit.len() == 1 && t > 0 && s.at(t - 1).is_empty() => Raw::Namesake(place),
        (true, false) if in_name && hit.len() == 1 => return None,
        (false, _) if matches!(place.level, Level::Province | Level::Region) && names_company(s, t) => Raw::Origin(place),
        (true, false) if in_bracket_of_name(s, t, end) => Raw::Origin(place),
        (_, false) if country.is_some() && !located(s, t) && !stands_free(s, t) => Raw::Origin(place),
        (true, false) if people.is_some_and(|b| is_counted(s, b)) => Raw::Named(place),
        (true, false) if people.is_some() => Raw::Home,
        (true, false) if in_name || !stands_free(s, t) => Raw::Origin(place),
        _ => Raw::Named(place),
    };
    Some(RawMention { tokens: t..end, raw, rule: hit.rule })
}

/// `80% người Pháp`: people of a country, behind a number, are of it.
fn is_counted(s: &Sentence<'_>, t: usize) -> bool {
    t.checked_sub(1).is_some_and(|b| s.tokens[b].is_number() || s.is_mark(b, "%") || s.begins(b, Classes::only(Class::Scale)))
}

/// `tại Kabul`, `trung tâm Kabul`, `(Kabul)`: the place, not the government that sits there.
fn located(s: &Sentence<'_>, t: usize) -> bool {
    let Some(before) = t.checked_sub(1) else { return false };
    let cue = |b: usize| s.cue(b, Cue::Locative) == Some(t) || s.cue(b, Cue::Within) == Some(t);
    !s.tokens[before].is_word() || (t.saturating_sub(2)..t).any(cue)
}

/// `Tại Mỹ`: a small word that has its capital from where the sentence begins.
fn opens(s: &Sentence<'_>, t: usize) -> bool {
    (t == 0 || !s.tokens[t - 1].is_word()) && (s.is(t, Cue::Within) || stands_free(s, t + 1))
}

/// A country right behind a noun tells where a thing comes from (`nho Mỹ`), not whose the figure is.
pub(super) fn stands_free(s: &Sentence<'_>, t: usize) -> bool {
    let Some(before) = t.checked_sub(1) else { return true };
    !s.tokens[before].is_word()
        || s.begins(before, Classes::of([Class::Stop, Class::Filler, Class::Reach, Class::Join, Class::Boundary]))
        || s.is(before, Cue::Market)
        || (t.saturating_sub(4)..t).any(|b| s.is(b, Cue::Body) && (b..t).all(|i| s.tokens[i].is_word()))
}

/// A province by its bare name; a district only in [`resolve`], with the document's help.
pub(super) fn bare(s: &Sentence<'_>, rules: &RuleSet, t: usize, names: &[Hit]) -> Option<RawMention> {
    if !capital_word(s, t) || s.ending(t, Class::Surname, Role::Form).is_some() {
        return None;
    }
    let (end, level) = longest_name(s, rules, t, names, true)?;
    // `Thái Bình Dương`
    if s.longest(t, Class::Compound).is_some_and(|h| h.end as usize > end) {
        return None;
    }
    // `Hà Nội Xanh`, `Bình Minh Group`: a longer name.
    let longer = capital_word(s, end) && !s.tokens[end].flags.has(Flags::UPPER) && level != Level::Province;
    let part_of_name = level != Level::Province && t > 0 && capital_word(s, t - 1) && s.longest(t - 1, Class::Level).is_none();
    if longer || part_of_name {
        return None;
    }
    let rule = rules.known.level_province?;
    let place = PlaceRef::bare(titled(s.quote(&(t..end))), level);
    // `chở thanh long từ Long An lên`: where something came from.
    let left_behind = t > 0 && s.is(t - 1, Cue::Leaves) && s.is_any(end, &["lên", "về", "ra", "vào", "sang", "xuống", "tới", "đến"]);
    let raw = match names_company(s, t) {
        _ if left_behind => Raw::Home,
        // Many a company is called like a district, and many a dam.
        true if level != Level::Province => Raw::Home,
        false if level != Level::Province && names_facility(s, t) => Raw::Home,
        true => Raw::Origin(place),
        false => Raw::Named(place),
    };
    Some(RawMention { tokens: t..end, raw, rule })
}

pub(super) fn shouted(s: &Sentence<'_>, t: usize) -> bool {
    s.tokens[t].flags.has(Flags::UPPER)
}

/// In a line of capitals only names that the gazetteer knows are names: `KINH TẾ - XÃ HỘI TỈNH …`.
pub(super) fn is_listed(s: &Sentence<'_>, rules: &RuleSet, start: usize, level: Level, known: bool) -> bool {
    let run = name_run(s, start);
    known || level == Level::Commune && (start + 1..=run).any(|end| rules.gazetteer.find(s.quote(&(start..end)), Level::Commune).next().is_some())
}

/// `quận 2`, `phường 5`, `ấp 7`: places named by a number.
pub(super) fn by_number(s: &Sentence<'_>, rules: &RuleSet, t: usize) -> Option<RawMention> {
    let hit = s.longest_as(t, Class::Level, Role::Form)?;
    let Data::Level { level, word } = &rules.rule(hit.rule).data else { return None };
    let at = hit.end as usize;
    let number = s.tokens.get(at).filter(|t| t.is_number() && t.end - t.start <= 2)?;
    let named = *level != Level::Village && matches!(word.as_ref(), "quận" | "phường") && s.longest(at + 1, Class::Counter).is_none();
    let after_number = t > 0 && s.tokens[t - 1].is_number();
    let measured = s.begins(at + 1, Classes::of([Class::Unit, Class::Scale])) || s.is_mark(at + 1, "%") || s.is_mark(at + 1, "/");
    let place = || PlaceRef::new(word, number.text(s.text).to_owned(), *level);
    (named && !after_number && !measured).then(|| RawMention { tokens: t..at + 1, raw: Raw::Named(place()), rule: hit.rule })
}

/// `toàn tỉnh`, `cả nước`
pub(super) fn here(s: &Sentence<'_>, rules: &RuleSet, t: usize) -> Option<RawMention> {
    let hit = s.longest_as(t, Class::Here, Role::Form)?;
    let Data::Here(refers) = rules.rule(hit.rule).data else {
        return None;
    };
    if refers == Refers::World && !stands_free(s, t) {
        return None;
    }
    if refers == Refers::Central && of_another_country(s, rules, hit.end as usize) {
        return None;
    }
    let last = hit.end as usize - 1;
    let names_another = s.longest(last, Class::Level).is_some() && capital_word(s, last + 1);
    if names_another {
        return None;
    }
    let one_word = hit.len() == 1;
    // Bare `tỉnh`, `xã` stand for the place only at the start of a clause, before a verb.
    let stands_alone = s.tokens.get(hit.end as usize).is_some_and(|n| n.is_word() && !n.is_capital())
        && (t == 0 || !s.tokens[t - 1].is_word() && !s.tokens[t - 1].is_number())
        && (s.begins(hit.end as usize, Classes::of([Class::Reach, Class::Status, Class::Change, Class::Filler])) || s.is(hit.end as usize, Cue::Doing))
        && !s.is(hit.end as usize, Cue::Joins)
        // `ngân sách tỉnh, huyện chỉ chiếm 3%`
        && !(t > 1 && s.is_mark(t - 1, ",") && s.ending(t - 1, Class::Level, Role::Form).is_some());
    (!one_word || stands_alone || is_of_body(s, t)).then_some(RawMention { tokens: t..hit.end as usize, raw: Raw::Here(refers), rule: hit.rule })
}

/// `Sở NN&PTNT tỉnh`: a body stands before the word, and no name behind it.
fn is_of_body(s: &Sentence<'_>, t: usize) -> bool {
    !capital_word(s, t + 1) && in_name_of(s, t).any(|b| s.is(b, Cue::Body) && capital_word(s, b))
}

/// `Chính phủ Mỹ`, `Bộ trưởng Quốc phòng Nga`: a country stands behind the body, in one run of capitalized words.
fn of_another_country(s: &Sentence<'_>, rules: &RuleSet, end: usize) -> bool {
    let foreign = |t: usize| {
        s.longest_as(t, Class::Place, Role::Form).is_some_and(|h| match &rules.rule(h.rule).data {
            Data::Place { name, level, .. } => *level == Level::Country && &**name != "Việt Nam",
            _ => false,
        })
    };
    let of_name = |&t: &usize| capital_word(s, t) || t > end && capital_word(s, t - 1) && s.tokens.get(t).is_some_and(|w| w.is_word());
    (end..end + LONGEST_NAME).take_while(of_name).any(|t| capital_word(s, t) && foreign(t))
}

/// `QUẢNG TRỊ` as `Quảng Trị`.
pub(super) fn titled(name: &str) -> String {
    let tidy = crate::text::tidy(name);
    if tidy.chars().all(|c| !c.is_alphabetic() || c.is_uppercase()) {
        return capitalized(&tidy.to_lowercase());
    }
    // Most names are written so.
    let is_titled = tidy.split(' ').all(|w| w.starts_with(char::is_uppercase));
    if is_titled { tidy.into_owned() } else { capitalized(&tidy) }
}

pub(super) fn capitalized(name: &str) -> String {
    let word = |w: &str| {
        let mut chars = w.chars();
        chars.next().into_iter().flat_map(char::to_uppercase).chain(chars).collect::<String>()
    };
    name.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

/// The place that a text of nothing but a name means.
pub fn named_by(s: &Sentence<'_>, rules: &RuleSet) -> Option<(PlaceRef, RuleId)> {
    find(s, rules).into_iter().find_map(|m| match m.raw {
        Raw::Named(place) => Some((place, m.rule)),
        _ => None,
    })
}
