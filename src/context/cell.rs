//! The context of a value of a flattened table: everything comes from its headings.

use super::period::{self, Dates};
use super::{Context, Frame, PlaceRef, Read, Source, State};
use crate::rules::{Class, Cue, Data, RuleId, RuleSet};
use crate::sentence::Sentence;
use crate::table::Cell;
use crate::terms::{Change, Qualifier, Status};
use crate::text::{Span, tidy};

/// The context of each figure of a cell (there is one, or none).
pub fn read(rules: &RuleSet, frame: &Frame, cell: &Cell, read: &Read<'_>, state: &State) -> Vec<Context> {
    read.quantities.figures.iter().map(|q| of(rules, frame, cell, q.unit == "%", state)).collect()
}

fn of(rules: &RuleSet, frame: &Frame, cell: &Cell, share: bool, state: &State) -> Context {
    let column = whole(rules, &cell.heading);
    let other = share.then(|| compared(rules, &cell.column)).flatten();
    let subject = match (&cell.subject, &cell.before) {
        (Some(subject), _) => subject.clone(),
        // `Tỷ lệ so với KH (%)`: how the column before compares.
        (None, Some(before)) if other.as_ref().is_some_and(|o| o.named.is_empty() || is_incomplete(rules, &o.named)) => before.clone(),
        // `Tỷ lệ (%)` is of the column before.
        (None, Some(before)) if share && is_incomplete(rules, &cell.column) => format!("{} {before}", cell.column),
        _ => cell.column.clone(),
    };
    Context {
        qualifier: (Qualifier::Exact, Source::Default),
        change: change(rules, cell),
        status: if share { (Status::Actual, Source::Default) } else { status(rules, &column) },
        basis: other.map_or((None, Source::Default), |o| (Some(o.basis), Source::Document)),
        subject: (Some(subject), Source::Document),
        place: place(rules, frame, cell),
        period: period(rules, frame, &column, cell, state),
    }
}

/// A heading that compares.
struct Compared {
    /// What it names before that.
    named: String,
    /// `so với KH`
    basis: String,
}

/// `Tỷ lệ so với KH`
fn compared(rules: &RuleSet, heading: &str) -> Option<Compared> {
    let s = whole(rules, heading);
    let with = super::comparisons(&s, &[]).told().first()?.clone();
    Some(Compared { named: tidy(s.quote(&(0..with.start))).into_owned(), basis: tidy(s.quote(&with)).into_owned() })
}

/// The verb that stands before the value.
fn change(rules: &RuleSet, cell: &Cell) -> (Change, Source) {
    let verb = cell.verb.as_deref().map(|v| whole(rules, v));
    let told = verb.as_ref().and_then(|v| v.longest(0, Class::Change)).and_then(|h| match rules.rule(h.rule).data {
        Data::Change { value, .. } => Some((value, Source::Rule(h.rule))),
        _ => None,
    });
    told.unwrap_or((Change::None, Source::Default))
}

/// Does a heading name nothing by itself?
fn is_incomplete(rules: &RuleSet, heading: &str) -> bool {
    let s = whole(rules, heading);
    s.cue(0, Cue::Incomplete) == Some(s.len())
}

fn whole<'t>(rules: &RuleSet, text: &'t str) -> Sentence<'t> {
    Sentence::read(text, Span::new(0, text.len()), rules)
}

/// A column of a plan holds targets, one of `ước` estimates.
fn status(rules: &RuleSet, column: &Sentence<'_>) -> (Status, Source) {
    let said = |id: RuleId| match rules.rule(id).data {
        Data::Status { value, .. } => Some((value, Source::Rule(id))),
        _ => None,
    };
    let done = column.hits().iter().any(|h| matches!(&*column.lower(h.start as usize), "đạt" | "thực" | "hoàn"));
    let told = column.hits().iter().filter(|h| h.class == Class::Status).find_map(|h| said(h.rule));
    told.filter(|_| !done).unwrap_or((Status::Actual, Source::Default))
}

/// The place that names the row; the place of the text for the total and for rows of other things.
fn place(rules: &RuleSet, frame: &Frame, cell: &Cell) -> (Option<PlaceRef>, Source) {
    let named = cell.row.as_deref().and_then(|row| super::place::named_by(&whole(rules, row), rules));
    match named {
        Some((place, rule)) => (Some(place), Source::Rule(rule)),
        None => (frame.main.main.clone(), Source::Document),
    }
}

/// The time in the column's heading, else that of the table's heading, else that of the title; of a list also the day of its heading.
fn period(rules: &RuleSet, frame: &Frame, column: &Sentence<'_>, cell: &Cell, state: &State) -> (Option<Dates>, Source) {
    let compared = super::comparisons(column, &[]).all;
    let mut told = period::mentions(column, rules, period::Year::default(), &compared).into_iter();
    let own = told.find(|m| !m.compared && (m.dates.start.is_some() || m.dates.end.is_some()));
    match own {
        Some(m) => (Some(m.dates), Source::Rule(m.rule)),
        None if cell.listed && state.heading_day.is_some() => (state.heading_day.clone(), Source::Document),
        None => (state.heading_period.clone().or_else(|| frame.title_period.clone()), Source::Document),
    }
}
