//! Pairing, judging, counting.

use super::gold::{Amounts, ByDocument, Figure, GoldDocument, PlaceName, Plain, Predicted, Said, Time};
use super::text::{number, number_span, place_name, same_text, same_unit};
use serde::{Serialize, Serializer};

/// The judged fields, in the order of [`Pair::right`].
pub const FIELDS: [&str; 10] = ["value", "unit", "kind", "qualifier", "change", "status", "subject", "basis", "place", "time"];
/// What makes a quantity.
const CORE: [&str; 4] = ["value", "unit", "qualifier", "change"];
/// Fields that have a default or may be missing.
const MARKED: [&str; 6] = ["qualifier", "change", "status", "basis", "place", "time"];

/// A gold figure and the record that lies on it.
#[derive(Debug, Clone, Copy)]
pub struct Pair<'a> {
    pub predicted: &'a Predicted,
    /// Which of [`FIELDS`] are right.
    pub right: [bool; FIELDS.len()],
}

/// A gold document, judged.
#[derive(Debug)]
pub struct ScoredDocument<'a> {
    pub gold: &'a GoldDocument,
    /// For each gold figure the record on it.
    pub pairs: Vec<Option<Pair<'a>>>,
    /// Records that lie on no figure.
    pub spurious: Vec<&'a Predicted>,
    /// Records that count.
    predicted: usize,
    text: Chars<'a>,
}

/// All documents, judged.
#[derive(Debug)]
pub struct Scored<'a> {
    pub documents: Vec<ScoredDocument<'a>>,
}

/// Precision, recall and F1, rounded to four digits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Row {
    pub precision: f64,
    pub recall: f64,
    pub f1: f64,
}

/// The scores of all fields.
#[derive(Debug, Clone, PartialEq)]
pub struct Scores {
    pub documents: usize,
    pub gold: usize,
    pub predicted: usize,
    pub rows: Vec<(String, Row)>,
}

impl Scores {
    /// The row of a name, as `found` or `marked place`.
    pub fn row(&self, name: &str) -> Row {
        self.rows.iter().find(|(n, _)| n == name).map_or_else(Row::default, |(_, row)| *row)
    }
}

/// One flat object, rows in their order.
impl Serialize for Scores {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeMap;
        let mut map = serializer.serialize_map(Some(3 + self.rows.len()))?;
        for (key, count) in [("documents", self.documents), ("gold", self.gold), ("predicted", self.predicted)] {
            map.serialize_entry(key, &count)?;
        }
        for (name, row) in &self.rows {
            map.serialize_entry(name, row)?;
        }
        map.end()
    }
}

impl<'a> Scored<'a> {
    pub fn new(gold: &'a [GoldDocument], predicted: &'a ByDocument) -> Self {
        let of = |d: &'a GoldDocument| ScoredDocument::new(d, predicted.get(&d.id).map_or(&[], Vec::as_slice));
        Self { documents: gold.iter().map(of).collect() }
    }

    /// The gold figures that must be found, with their records.
    pub fn figures(&self) -> impl Iterator<Item = (&ScoredDocument<'a>, &'a Figure, Option<&Pair<'a>>)> {
        self.documents.iter().flat_map(|d| {
            let pairs = d.gold.figures.iter().zip(&d.pairs).filter(|(figure, _)| !figure.optional);
            pairs.map(move |(figure, pair)| (d, figure, pair.as_ref()))
        })
    }

    pub fn scores(&self) -> Scores {
        let (gold, predicted) = (self.figures().count(), self.documents.iter().map(|d| d.predicted).sum());
        let count = |is_right: &dyn Fn(&Figure, &Pair<'_>) -> bool| self.figures().filter(|(_, f, pair)| pair.is_some_and(|p| is_right(f, p))).count();
        let row = |right: usize| f1(right, gold, predicted);
        let mut rows =
            vec![("found".to_owned(), row(count(&|_, _| true))), ("exact_span".to_owned(), row(count(&|f, p| p.predicted.span.chars == [f.start, f.end])))];
        for (k, field) in FIELDS.iter().enumerate() {
            rows.push(((*field).to_owned(), row(count(&|_, p| p.right[k]))));
        }
        rows.push(("quantity".to_owned(), row(count(&|_, p| CORE.iter().all(|k| p.right[at(k)])))));
        rows.push(("record".to_owned(), row(count(&|_, p| p.right.iter().all(|r| *r)))));
        rows.extend(MARKED.map(|k| (format!("marked {k}"), self.marked(k))));
        Scores { documents: self.documents.len(), gold, predicted, rows }
    }

    /// The score of a field over what departs from its default.
    fn marked(&self, field: &str) -> Row {
        let (mut gold, mut predicted, mut right) = (0, 0, 0);
        for (_, figure, pair) in self.figures() {
            let in_gold = is_marked(field, &figure.said, figure.time.as_ref());
            gold += usize::from(in_gold);
            if let Some(pair) = pair.filter(|p| is_marked(field, &p.predicted.said, p.predicted.period.as_ref())) {
                predicted += 1;
                right += usize::from(in_gold && pair.right[at(field)]);
            }
        }
        f1(right, gold, predicted)
    }
}

fn at(field: &str) -> usize {
    FIELDS.iter().position(|f| *f == field).expect("a name of FIELDS")
}

fn f1(right: usize, gold: usize, predicted: usize) -> Row {
    let share = |of: usize| if of == 0 { 0.0 } else { right as f64 / of as f64 };
    let (p, r) = (share(predicted), share(gold));
    let f1 = if p + r == 0.0 { 0.0 } else { 2.0 * p * r / (p + r) };
    Row { precision: rounded(p), recall: rounded(r), f1: rounded(f1) }
}

/// To four digits, by the decimal value of the float, as Python's `round` does.
fn rounded(x: f64) -> f64 {
    format!("{x:.4}").parse().unwrap_or(x)
}

impl<'a> ScoredDocument<'a> {
    fn new(gold: &'a GoldDocument, records: &'a [Predicted]) -> Self {
        let text = Chars::new(&gold.text);
        let figures: Vec<(usize, usize)> = gold.figures.iter().map(|f| number_span(&f.quote, f.start, f.end)).collect();
        let spans: Vec<(usize, usize)> = records.iter().map(|p| number_span(text.slice(p.span.chars), p.span.chars[0], p.span.chars[1])).collect();
        let (of_figure, of_record) = paired(&figures, &spans);
        let pairs = of_figure.iter().zip(&gold.figures).map(|(j, f)| j.map(|j| Pair { predicted: &records[j], right: judge(f, &records[j]) })).collect();
        let on_optional = |s: (usize, usize)| gold.figures.iter().zip(&figures).any(|(f, g)| f.optional && overlap(*g, s) > 0);
        let spurious: Vec<&Predicted> = (0..records.len()).filter(|&j| of_record[j].is_none() && !on_optional(spans[j])).map(|j| &records[j]).collect();
        let counted = of_record.iter().flatten().filter(|&&i| !gold.figures[i].optional).count();
        Self { gold, pairs, predicted: counted + spurious.len(), spurious, text }
    }

    /// The text around a span, so many code points before and behind.
    pub fn around(&self, span: [usize; 2], before: usize, behind: usize) -> &'a str {
        self.text.slice([span[0].saturating_sub(before), span[1].saturating_add(behind)])
    }
}

/// Pairs spans one to one, best overlap first: for each figure its record, for each record its figure.
fn paired(figures: &[(usize, usize)], records: &[(usize, usize)]) -> (Vec<Option<usize>>, Vec<Option<usize>>) {
    let mut candidates = Vec::new();
    for (i, f) in figures.iter().enumerate() {
        for (j, r) in records.iter().enumerate() {
            let common = overlap(*f, *r);
            if common > 0 {
                let whole = f.1.max(r.1) - f.0.min(r.0);
                candidates.push((-(common as f64) / whole as f64, i, j));
            }
        }
    }
    candidates.sort_by(|a, b| a.0.total_cmp(&b.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    let (mut of_figure, mut of_record) = (vec![None; figures.len()], vec![None; records.len()]);
    for (_, i, j) in candidates {
        if of_figure[i].is_none() && of_record[j].is_none() {
            (of_figure[i], of_record[j]) = (Some(j), Some(i));
        }
    }
    (of_figure, of_record)
}

fn overlap(a: (usize, usize), b: (usize, usize)) -> usize {
    a.1.min(b.1).saturating_sub(a.0.max(b.0))
}

fn judge(figure: &Figure, predicted: &Predicted) -> [bool; FIELDS.len()] {
    let (g, p) = (&figure.said, &predicted.said);
    let said = |gold: &Option<String>, found: &Option<String>, default: &str| {
        gold.as_deref().unwrap_or(default) == found.as_deref().filter(|t| !t.is_empty()).unwrap_or(default)
    };
    let nothing = Amounts::default();
    let (want, value) = (&figure.value, predicted.value.as_ref().unwrap_or(&nothing));
    let same = |gold: &Plain, found: &Plain| number(gold.text()) == number(found.text());
    [
        same(&want.amount, &value.amount) && same(&want.upper, &value.upper) && same(&want.of, &value.of),
        same_unit(g.unit.as_deref().unwrap_or(""), p.unit.as_deref().unwrap_or("")),
        g.kind == p.kind,
        said(&g.qualifier, &p.qualifier, "exact"),
        said(&g.change, &p.change, "none"),
        said(&g.status, &p.status, "actual"),
        same_text(g.subject.as_deref(), p.subject.as_deref()),
        same_text(g.basis.as_deref(), p.basis.as_deref()),
        place_name(name(g.place.as_ref())) == place_name(name(p.place.as_ref())),
        same_time(figure.time.as_ref(), predicted.period.as_ref()),
    ]
}

pub fn name(place: Option<&PlaceName>) -> Option<&str> {
    place.and_then(PlaceName::name)
}

/// The same end, and the same start where both give one.
fn same_time(gold: Option<&Time>, found: Option<&Time>) -> bool {
    let ((gold_start, gold_end), (start, end)) = (days(gold), days(found));
    gold_end == end && (gold_start.is_none() || start.is_none() || gold_start == start)
}

fn days(time: Option<&Time>) -> (Option<&str>, Option<&str>) {
    fn day(day: &Option<String>) -> Option<&str> {
        day.as_deref().filter(|d| !d.is_empty())
    }
    time.map_or((None, None), |t| (day(&t.start), day(&t.end)))
}

/// Does a field depart from its default?
fn is_marked(field: &str, said: &Said, time: Option<&Time>) -> bool {
    let departs = |term: &Option<String>, default: &str| term.as_deref().is_some_and(|t| !t.is_empty() && t != default);
    match field {
        "qualifier" => departs(&said.qualifier, "exact"),
        "change" => departs(&said.change, "none"),
        "status" => departs(&said.status, "actual"),
        "basis" => departs(&said.basis, ""),
        "place" => !place_name(name(said.place.as_ref())).is_empty(),
        _ => days(time) != (None, None),
    }
}

/// A text by code points.
#[derive(Debug)]
struct Chars<'t> {
    text: &'t str,
    /// The byte where each code point begins, and the length.
    starts: Vec<usize>,
}

impl<'t> Chars<'t> {
    fn new(text: &'t str) -> Self {
        Self { text, starts: text.char_indices().map(|(i, _)| i).chain([text.len()]).collect() }
    }

    /// The code points of a span, as far as the text has them.
    fn slice(&self, [start, end]: [usize; 2]) -> &'t str {
        let byte = |i: usize| self.starts[i.min(self.starts.len() - 1)];
        &self.text[byte(start)..byte(end.max(start))]
    }
}
