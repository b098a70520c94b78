//! `solieu portals`: trying a list of portals.

use crate::failure::{Failure, Status};
use crate::nightly::{Common, config};
use anstyle::{AnsiColor, Style};
use solieu::nightly::{Log, Trial, Tried};
use std::path::PathBuf;

const GOOD: Style = AnsiColor::Green.on_default();
const BAD: Style = AnsiColor::Red.on_default().bold();
const NAME: Style = Style::new().bold();

/// Checks lists of portals
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    Check(Check),
}

/// Tries each portal, and says what a night would do
#[derive(clap::Args)]
#[command(
    after_help = "Asks each address once, and one article, at the portal's pace. Nothing is written.\n\nExit status: 0 all can be read; 1 some cannot; 2 the file has faults."
)]
struct Check {
    /// The list of portals (TOML)
    #[arg(value_name = "FILE")]
    config: PathBuf,
    /// Only read the file
    #[arg(long)]
    offline: bool,
    #[command(flatten)]
    common: Common,
}

impl Args {
    pub fn run(self) -> Result<Status, Failure> {
        let Command::Check(check) = self.command;
        check.run()
    }
}

impl Check {
    fn run(self) -> Result<Status, Failure> {
        let config = config(&self.config)?;
        if self.offline {
            anstream::println!("{}: portals: {}, no fault", self.config.display(), config.portals.len());
            return Ok(Status::Good);
        }
        let settings = self.common.settings(Log::Quiet)?;
        let mut trial = Trial::new(&config, &settings);
        let mut good = true;
        for portal in &config.portals {
            anstream::println!("{NAME}{}{NAME:#}", portal.name);
            good &= trial.portal(portal, show);
        }
        Ok(if good { Status::Good } else { Status::Partial })
    }
}

fn show(tried: &Tried) {
    let (style, mark) = if tried.good { (GOOD, "ok") } else { (BAD, "no") };
    anstream::println!("  {style}{mark}{style:#}  {} {}", tried.what, tried.url);
    for line in &tried.told {
        anstream::println!("        {line}");
    }
}
