//! A series as one SVG file: no script, no font and no picture from elsewhere. Each point has words for those who cannot see it, and
//! leads to its source. Status is told by shape and stroke, not by colour alone.

use super::scale::{Scale, day};
use super::table::value;
use super::{Line, Panel, Point, Series};
use crate::terms::Status;
use jiff::civil::Date;
use maud::{Markup, PreEscaped, html};
use std::collections::BTreeSet;

/// A drawing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Chart {
    /// A panel for each axis, all places in it.
    Lines,
    /// A small panel for each place, all with the same axes: small multiples.
    Places,
}

const STYLE: &str = include_str!("chart.css");
const WIDTH: f64 = 860.0;
const MARGIN: f64 = 90.0;
/// Height of the head of a panel, of its drawing, of a line of its legend.
const HEAD: f64 = 34.0;
const PLOT: f64 = 240.0;
const ENTRY: f64 = 18.0;
/// Small panels.
const COLUMNS: usize = 4;
const CELL: [f64; 2] = [200.0, 130.0];
/// A legend of more lines helps nobody: the rest is told in words only.
const LEGEND: usize = 24;
const COLOURS: usize = 8;

/// Draws a series.
pub fn svg(series: &Series, chart: Chart) -> String {
    let mut y = 46.0;
    let mut panels = Vec::new();
    for panel in &series.panels {
        let drawn = match chart {
            Chart::Lines => vec![panel.clone()],
            Chart::Places => by_level(panel),
        };
        for panel in &drawn {
            let (markup, height) = if chart == Chart::Lines { lines(panel, y) } else { places(panel, y) };
            panels.push(markup);
            y += height + 26.0;
        }
    }
    let height = y.ceil();
    let points: usize = series.panels.iter().map(Panel::len).sum();
    let about = format!("{points} points on {} axes; contradictions: {}", series.panels.len(), series.conflicts());
    let markup = html! {
        svg xmlns="http://www.w3.org/2000/svg" viewBox={ "0 0 " (WIDTH) " " (height) } width=(WIDTH) height=(height) role="img" aria-labelledby="title desc" lang="vi" {
            title id="title" { (clean(&series.indicator)) }
            desc id="desc" { (about) }
            style { (PreEscaped(STYLE)) }
            rect class="page" width=(WIDTH) height=(height) {}
            text class="title" x="10" y="26" { (clean(&series.indicator)) }
            @for panel in panels { (panel) }
        }
    };
    format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{}\n", markup.into_string())
}

/// One panel of lines, and its height.
fn lines(panel: &Panel, top: f64) -> (Markup, f64) {
    let axes = Axes::new(&panel.lines.iter().collect::<Vec<_>>(), [MARGIN, WIDTH - 20.0], [top + HEAD + PLOT, top + HEAD]);
    let shown = panel.lines.len().min(LEGEND);
    let legend = top + HEAD + PLOT + 34.0;
    let markup = html! {
        g {
            text class="axis" x="10" y=(top + 14.0) { (clean(&panel.axis.title())) (axes.factor()) }
            (axes.draw(true))
            @for (i, line) in panel.lines.iter().enumerate() { (drawn(line, &axes, i)) }
            @for (i, line) in panel.lines.iter().take(LEGEND).enumerate() { (entry(line, i, MARGIN, legend + ENTRY * i as f64)) }
            @if panel.lines.len() > LEGEND { text x=(MARGIN) y=(legend + ENTRY * shown as f64) { "… +" (panel.lines.len() - LEGEND) } }
        }
    };
    (markup, HEAD + PLOT + 34.0 + ENTRY * (shown + usize::from(panel.lines.len() > LEGEND)) as f64)
}

/// A country would dwarf its provinces: places of each level have an axis of their own.
fn by_level(panel: &Panel) -> Vec<Panel> {
    let mut lines = panel.lines.clone();
    lines.sort_by(|a, b| (a.key.level, &a.key).cmp(&(b.key.level, &b.key)));
    lines.chunk_by(|a, b| a.key.level == b.key.level).map(|lines| Panel { axis: panel.axis.clone(), lines: lines.to_vec() }).collect()
}

/// Small panels of one axis, one for each place, and their height.
fn places(panel: &Panel, top: f64) -> (Markup, f64) {
    let groups: Vec<&[Line]> = panel.lines.chunk_by(|a, b| a.key.place == b.key.place).collect();
    let all: Vec<&Line> = panel.lines.iter().collect();
    let corner = |i: usize| (12.0 + (i % COLUMNS) as f64 * (CELL[0] + 10.0), top + HEAD + (i / COLUMNS) as f64 * (CELL[1] + 40.0));
    let rows = groups.len().div_ceil(COLUMNS);
    let statuses: BTreeSet<Status> = panel.lines.iter().map(|line| line.key.status).collect();
    let level = panel.lines.first().and_then(|line| line.key.level).map(|level| level.as_str());
    let axes = |(x, y): (f64, f64)| Axes::new(&all, [x + 46.0, x + CELL[0]], [y + CELL[1], y + 22.0]);
    let markup = html! {
        g {
            text class="axis" x="10" y=(top + 14.0) { (clean(&panel.axis.title())) (axes((0.0, 0.0)).factor()) @if let Some(level) = level { ", " (level) } }
            @for (i, status) in statuses.iter().enumerate() {
                g class={ "c" (*status as usize) } { (shape(*status, 305.0 + 100.0 * i as f64, top + 10.0)) }
                text x=(at(315.0 + 100.0 * i as f64)) y=(at(top + 14.0)) { (status.as_str()) }
            }
            @for (i, lines) in groups.iter().enumerate() {
                @let (x, y) = corner(i);
                @let axes = axes((x, y));
                g {
                    text class="place" x=(x) y=(y + 12.0) { (clean(lines[0].key.place.as_deref().unwrap_or("–"))) }
                    (axes.draw(false))
                    @for line in lines.iter() { (bars(line, &axes)) (drawn(line, &axes, line.key.status as usize)) }
                }
            }
        }
    };
    (markup, HEAD + rows as f64 * (CELL[1] + 40.0))
}

/// What numbers and days stand for in a panel.
struct Axes {
    x: Scale,
    y: Scale,
    /// Coordinates of the drawing.
    left: f64,
    right: f64,
    bottom: f64,
    /// Thousands that axis labels leave out.
    thousands: i32,
}

impl Axes {
    fn new(lines: &[&Line], x: [f64; 2], y: [f64; 2]) -> Self {
        let points = || lines.iter().flat_map(|line| &line.points);
        let numbers = points().flat_map(|p| [Some(&p.amount), p.upper.as_ref()]).flatten().filter_map(|n| n.parse::<f64>().ok());
        let days: Vec<f64> = points().filter_map(when).collect();
        let scale = Scale::round(numbers, y);
        let largest = scale.ticks().into_iter().fold(0.0_f64, |a, b| a.max(b.abs()));
        let thousands = if largest >= 1e5 { (largest.log10() / 3.0).floor() as i32 } else { 0 };
        Self { x: Scale::tight(days.into_iter(), x), y: scale, left: x[0], right: x[1], bottom: y[0], thousands }
    }

    fn factor(&self) -> String {
        if self.thousands == 0 { String::new() } else { format!(" × 10^{}", self.thousands * 3) }
    }

    fn draw(&self, years: bool) -> Markup {
        html! {
            @for tick in self.y.ticks() {
                line class="grid" x1=(at(self.left)) x2=(at(self.right)) y1=(at(self.y.of(tick))) y2=(at(self.y.of(tick))) {}
                text class="tick" x=(at(self.left - 6.0)) y=(at(self.y.of(tick) + 4.0)) text-anchor="end" { (number(tick / 1000_f64.powi(self.thousands))) }
            }
            @for (year, place) in self.x.years() {
                @if years || year % 2 == 0 {
                    text class="tick" x=(at(self.x.of(place))) y=(at(self.bottom + 16.0)) text-anchor="middle" { (year) }
                }
                line class="grid" x1=(at(self.x.of(place))) x2=(at(self.x.of(place))) y1=(at(self.bottom)) y2=(at(self.bottom + 4.0)) {}
            }
        }
    }

    fn place(&self, point: &Point) -> Option<(f64, f64)> {
        Some((self.x.of(when(point)?), self.y.of(point.amount.parse().ok()?)))
    }
}

/// The line through its points, and the points.
fn drawn(line: &Line, axes: &Axes, colour: usize) -> Markup {
    let places: Vec<(f64, f64)> = line.points.iter().filter_map(|p| axes.place(p)).collect();
    let path: Vec<String> = places.iter().map(|(x, y)| format!("{},{}", at(*x), at(*y))).collect();
    let class = format!("c{} {}", colour % COLOURS, line.key.status.as_str());
    html! {
        g class=(class) {
            @if path.len() > 1 { polyline points=(path.join(" ")) {} }
            @for point in &line.points {
                @if let Some((x, y)) = axes.place(point) { (linked(point, line, x, y, axes)) }
            }
        }
    }
}

/// A bar for what has one time only: a line of one point is hard to see.
fn bars(line: &Line, axes: &Axes) -> Markup {
    let [point] = line.points.as_slice() else { return html! {} };
    let Some((x, y)) = axes.place(point) else { return html! {} };
    let zero = axes.y.of(0.0);
    html! { line class={ "bar " (line.key.status.as_str()) } x1=(at(x)) x2=(at(x)) y1=(at(zero)) y2=(at(y)) {} }
}

/// A point that leads to its source.
fn linked(point: &Point, line: &Line, x: f64, y: f64, axes: &Axes) -> Markup {
    let sources: Vec<String> = point.sources.iter().map(|s| clean(&s.document)).collect();
    let time = point.start.as_ref().map_or_else(|| point.end.clone(), |start| format!("{start} – {}", point.end));
    let conflict = if point.conflict { " – contradicted" } else { "" };
    let words = format!("{}: {} ({time}){conflict}; {}", clean(&line.key.title()), value(point), sources.join(", "));
    let link = point.sources.iter().find_map(|s| s.link.as_deref()).filter(|l| l.starts_with("https://") || l.starts_with("http://"));
    let upper = point.upper.as_ref().and_then(|n| n.parse().ok()).map(|n| axes.y.of(n));
    let drawn = html! {
        title { (words) }
        @if let Some(upper) = upper { line class="range" x1=(at(x)) x2=(at(x)) y1=(at(y)) y2=(at(upper)) {} }
        (shape(line.key.status, x, y))
        @if point.conflict { circle class="conflict" cx=(at(x)) cy=(at(y)) r="9" {} }
    };
    match link {
        Some(link) => html! { a href=(link) target="_blank" rel="noopener noreferrer" { (drawn) } },
        None => html! { g { (drawn) } },
    }
}

/// Facts are discs, estimates rings, forecasts triangles, targets squares.
fn shape(status: Status, x: f64, y: f64) -> Markup {
    match status {
        Status::Actual => html! { circle class="mark" cx=(at(x)) cy=(at(y)) r="4" {} },
        Status::Estimate => html! { circle class="mark hollow" cx=(at(x)) cy=(at(y)) r="4" {} },
        Status::Forecast => html! { path class="mark hollow" d={ "M" (at(x)) " " (at(y - 5.0)) "l5 9h-10z" } {} },
        Status::Target => html! { rect class="mark hollow" x=(at(x - 4.0)) y=(at(y - 4.0)) width="8" height="8" {} },
    }
}

fn entry(line: &Line, i: usize, x: f64, y: f64) -> Markup {
    html! {
        g class={ "c" (i % COLOURS) " " (line.key.status.as_str()) } { (shape(line.key.status, x + 5.0, y - 4.0)) }
        text x=(at(x + 16.0)) y=(at(y)) { (clean(&line.key.title())) }
    }
}

fn when(point: &Point) -> Option<f64> {
    point.end.parse::<Date>().ok().map(day)
}

fn at(coordinate: f64) -> String {
    number((coordinate * 10.0).round() / 10.0)
}

/// Without what computers add behind the point.
fn number(number: f64) -> String {
    let text = format!("{number:.6}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Letters that XML forbids, or that turn the direction of a line, are left out.
fn clean(text: &str) -> String {
    let kept = |c: &char| !c.is_control() && !matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FFFE}' | '\u{FFFF}');
    text.chars().filter(kept).collect()
}
