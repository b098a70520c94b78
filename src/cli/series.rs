//! `solieu series`: one indicator over time, from all documents.

use crate::failure::{Failure, Status};
use crate::target::Target;
use clap::ValueEnum;
use solieu::diff::{Side, SideName, Wildcard};
use solieu::rules::RuleSet;
use solieu::series::{Chart, Gather, Series, Wanted, csv, svg, table};
use std::io::Write;
use std::path::PathBuf;

/// So many names are told where one was not found.
const NAMED: usize = 12;

/// Shows what all documents say of one indicator, over time
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  solieu series --indicator ntm.commune.met records.jsonl\n  solieu series --indicator poverty.rate --place 'Lai Châu' runs.sqlite#last --format svg -o poverty.svg\n  solieu series --indicator ntm.commune.met --period 2024 --by place runs.sqlite --format svg -o places.svg\n\nAn axis has one unit, and levels or changes, not both; a line has one place, status and sort of time (a state, a year, six months …). A figure that contradicts another of its line and time is marked with !."
)]
pub struct Args {
    /// JSONL or Parquet files of records, or runs of a store (FILE#last)
    #[arg(required = true, value_name = "INPUT")]
    inputs: Vec<SideName>,
    /// Id of the indicator, as `solieu rules list --class indicator` prints it
    #[arg(long, value_name = "ID")]
    indicator: String,
    /// Only these places, by name or code; * stands for any letters
    #[arg(long, value_name = "PLACE", value_delimiter = ',')]
    place: Vec<Wildcard>,
    /// Only times that end in this year or month: 2024, 2024-06
    #[arg(long, value_name = "TIME")]
    period: Option<String>,
    /// What panels of a chart are made by
    #[arg(long, value_enum, default_value_t = By::Unit)]
    by: By,
    /// How the series is written
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
    /// Write to a file, which appears when it is whole
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum By {
    /// One panel for each unit, all places in it
    Unit,
    /// A small panel for each place, all with the same axes
    Place,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Table,
    /// A row for each source of each point
    Csv,
    Json,
    /// A drawing that needs nothing else
    Svg,
}

impl Args {
    pub fn run(self) -> Result<Status, Failure> {
        let mut gather = Gather::new(Wanted { indicator: self.indicator.clone(), places: self.place.clone(), period: self.period.clone() });
        for input in &self.inputs {
            Side::open(input)?.each(|shown| {
                gather.take(&shown.record);
                Ok(())
            })?;
        }
        let missing = self.missing(&gather);
        let series = gather.finish();
        if series.panels.is_empty() {
            return Err(missing);
        }
        let mut target = Target::open(self.output.as_deref(), false)?;
        self.print(&series, &mut target)?;
        target.finish()?;
        if series.timeless > 0 {
            anstream::eprintln!("solieu: figures left out, since their time is not known: {}", series.timeless);
        }
        if series.conflicts() > 0 {
            anstream::eprintln!("solieu: figures that contradict another of their place and time: {}; they are marked", series.conflicts());
        }
        Ok(Status::Good)
    }

    fn print(&self, series: &Series, target: &mut Target) -> Result<(), Failure> {
        let chart = if self.by == By::Place { Chart::Places } else { Chart::Lines };
        match self.format {
            Format::Table => target.write_all(table(series).as_bytes())?,
            Format::Csv => csv(series, target)?,
            Format::Json => writeln!(target, "{}", serde_json::json!(series))?,
            Format::Svg => target.write_all(svg(series, chart).as_bytes())?,
        }
        Ok(())
    }

    /// Why there may be nothing.
    fn missing(&self, gather: &Gather) -> Failure {
        let told = |names: Vec<&str>| {
            let more = if names.len() > NAMED { " …" } else { "" };
            format!("{}{more}", names.into_iter().take(NAMED).collect::<Vec<_>>().join(", "))
        };
        let id = &self.indicator;
        if RuleSet::embedded().find(id).is_none() && !gather.indicators().any(|known| known == id) {
            return Failure::told(format!("no indicator {id:?}; see `solieu rules list --class indicator`"));
        }
        if !gather.indicators().any(|known| known == id) {
            return Failure::told(format!("no figure of {id} in these inputs; there are: {}", told(gather.indicators().collect())));
        }
        Failure::told(format!("no figure of {id} of this place and time; its places are: {}", told(gather.places().collect())))
    }
}
