//! Tables of data, as rows of cells.
//!
//! In: a `table` element. Out: a [`Grid`] whose rows all have the same number of cells, the text of a merged cell in its first place
//! and nothing in the others; none for a table that only lays the page out. Never: more than [`COLUMNS`] columns, or more rows than the
//! table has `tr`.

use super::dom::{self, NodeOf};
use super::render::{self, Marks};
use ego_tree::iter::Edge;
use scraper::node::Element;

/// The most columns that are told apart.
pub const COLUMNS: usize = 64;
/// A cell with more letters is no datum, but a part of the page.
const LONGEST: usize = 600;
/// The average over all cells of a table of data.
const ORDINARY: usize = 90;

/// A table of data.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Grid {
    pub caption: Option<String>,
    pub rows: Vec<Vec<String>>,
}

/// A cell where it was written.
struct Cell {
    text: String,
    columns: usize,
    rows: usize,
}

/// Reads a table; none when it is no table of data.
pub fn read(table: NodeOf<'_>, marks: &Marks) -> Option<Grid> {
    let written = written(table, marks)?;
    let rows = settle(&written.rows)?;
    is_data(&rows, written.headed).then_some(Grid { caption: written.caption, rows })
}

#[derive(Default)]
struct Written {
    caption: Option<String>,
    rows: Vec<Vec<Cell>>,
    /// It has heading cells.
    headed: bool,
}

/// The cells as written; none when tables or too long texts are inside.
fn written(table: NodeOf<'_>, marks: &Marks) -> Option<Written> {
    let mut out = Written::default();
    let mut skip = None;
    for edge in table.traverse().skip(1) {
        let node = match edge {
            Edge::Open(node) if skip.is_none() => node,
            Edge::Close(node) if skip == Some(node.id()) => {
                skip = None;
                continue;
            }
            _ => continue,
        };
        let Some(e) = dom::element(node) else { continue };
        if dom::is_mute(e) || marks.dropped.contains(&node.id()) {
            skip = Some(node.id());
            continue;
        }
        match e.name() {
            "table" => return None,
            "tr" => out.rows.push(Vec::new()),
            "td" | "th" => {
                if node.descendants().any(|n| dom::element(n).is_some_and(|e| e.name() == "table")) {
                    return None;
                }
                let text = inline(node, marks);
                if dom::weight(&text) > LONGEST {
                    return None;
                }
                out.headed |= e.name() == "th";
                out.rows.last_mut()?.push(Cell { text, columns: span(e, "colspan"), rows: span(e, "rowspan") });
                skip = Some(node.id());
            }
            "caption" => {
                out.caption = Some(inline(node, marks)).filter(|t| !t.is_empty());
                skip = Some(node.id());
            }
            _ => {}
        }
    }
    Some(out)
}

fn span(e: &Element, name: &str) -> usize {
    e.attr(name).and_then(|v| v.trim().parse::<u64>().ok()).map_or(1, |n| n.clamp(1, 100_000) as usize)
}

/// The text of a cell in one line.
fn inline(cell: NodeOf<'_>, marks: &Marks) -> String {
    let lines = render::lines(cell, marks);
    lines.iter().map(|l| l.text.as_str()).collect::<Vec<_>>().join(" ").replace('\t', " ")
}

/// Gives each cell its columns; what spans several rows leaves its place empty below. None with too many columns.
fn settle(written: &[Vec<Cell>]) -> Option<Vec<Vec<String>>> {
    // How many more rows a cell from above fills the column.
    let mut above = [0_usize; COLUMNS];
    let mut out: Vec<Vec<String>> = Vec::with_capacity(written.len());
    let mut width = 0;
    for cells in written {
        let mut row = vec![String::new(); COLUMNS];
        let mut next = above.map(|n| n.saturating_sub(1));
        let mut at = 0;
        for cell in cells {
            while at < COLUMNS && above[at] > 0 {
                at += 1;
            }
            if at >= COLUMNS {
                return None;
            }
            row[at].clone_from(&cell.text);
            let end = (at + cell.columns).min(COLUMNS);
            next[at..end].fill(cell.rows - 1);
            at = end;
            if !cell.text.is_empty() {
                width = width.max(end);
            }
        }
        above = next;
        // Most rows are far narrower.
        row.truncate(at);
        row.shrink_to_fit();
        out.push(row);
    }
    for row in &mut out {
        row.resize(width, String::new());
    }
    out.retain(|row| row.iter().any(|c| !c.is_empty()));
    Some(without_empty_columns(out, width))
}

fn without_empty_columns(rows: Vec<Vec<String>>, width: usize) -> Vec<Vec<String>> {
    let used: Vec<bool> = (0..width).map(|k| rows.iter().any(|r| !r[k].is_empty())).collect();
    let keep = |row: Vec<String>| row.into_iter().zip(&used).filter(|(_, used)| **used).map(|(cell, _)| cell).collect();
    rows.into_iter().map(keep).collect()
}

/// Two rows of two cells at least, and no long texts; figures or heading cells in it.
fn is_data(rows: &[Vec<String>], headed: bool) -> bool {
    let full: Vec<&String> = rows.iter().flatten().filter(|c| !c.is_empty()).collect();
    let wide = rows.iter().filter(|r| r.iter().filter(|c| !c.is_empty()).count() >= 2).count();
    let letters: usize = full.iter().map(|c| dom::weight(c)).sum();
    let figures = full.iter().filter(|c| c.starts_with(|c: char| c.is_ascii_digit())).count();
    wide >= 2 && letters <= ORDINARY * full.len() && (headed || figures >= 2)
}

#[cfg(test)]
mod tests {
    use super::super::guard;
    use super::*;

    fn grid(page: &str) -> Option<Vec<Vec<String>>> {
        let dom = guard::parse(page);
        let table = dom.html.tree.nodes().find(|n| dom::element(*n).is_some_and(|e| e.name() == "table")).unwrap();
        read(table, &Marks::default()).map(|g| g.rows)
    }

    #[test]
    fn merged_cells_leave_their_places_empty() {
        let page = "<table><tr><th rowspan=2>Xã<th colspan=2>Năm 2023<tr><th>Kế hoạch<th>Đạt<tr><td>An<td>5<td>4</table>";
        assert_eq!(grid(page).unwrap(), [["Xã", "Năm 2023", ""], ["", "Kế hoạch", "Đạt"], ["An", "5", "4"]]);
    }

    #[test]
    fn absurd_spans_are_bounded() {
        let page = "<table><tr><th rowspan=1000000>Xã<th colspan=99999999999999999999>Hộ<tr><td>5<td>6<tr><td>7<td>8</table>";
        assert!(grid(page).is_some_and(|rows| rows.len() == 3 && rows.iter().all(|r| r.len() <= COLUMNS)));
        let many = format!("<table><tr><th>Xã<th>Hộ{}</table>", "<tr><td rowspan=1000000 colspan=3>1<td>2".repeat(20_000));
        assert!(grid(&many).is_none_or(|rows| rows.iter().all(|r| r.len() <= COLUMNS)));
    }

    #[test]
    fn a_table_of_texts_or_in_one_column_is_none() {
        assert_eq!(grid("<table><tr><td><img><tr><td>Ảnh: T.H</table>"), None);
        assert_eq!(grid(&format!("<table><tr><td>{0}<td>{0}<tr><td>{0}<td>{0}</table>", "chữ ".repeat(200))), None);
    }
}
