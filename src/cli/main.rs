//! The command line: parses, calls the library, prints.
//!
//! Exit status: 0 all good, 1 some inputs or checks failed (the rest was done) or `diff` found differences, 2 wrong usage or the command
//! could not be run.

mod book;
mod completions;
#[cfg(feature = "sqlite")]
mod decide;
mod diff;
mod eval;
mod extract;
mod failure;
mod keep;
mod man;
#[cfg(feature = "nightly")]
mod nightly;
mod outlet;
#[cfg(feature = "nightly")]
mod portals;
mod progress;
mod read;
#[cfg(feature = "review")]
mod review;
mod rules;
#[cfg(feature = "sqlite")]
mod runs;
mod schema;
mod series;
#[cfg(feature = "sqlite")]
mod show;
mod target;

use clap::{ColorChoice, Parser, Subcommand, ValueEnum};
use failure::Failure;
use std::process::ExitCode;

/// Records are many small strings, which it hands out faster than the system's allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Reads figures out of Vietnamese press text and gives structured records.
#[derive(Parser)]
#[command(
    name = "solieu",
    version,
    propagate_version = true,
    disable_help_subcommand = true,
    after_help = "Exit status: 0 all good; 1 some inputs or checks failed, the rest was done, or a diff found differences; 2 wrong usage, or nothing could be done."
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
    /// When to use colours
    #[arg(long, global = true, value_enum, value_name = "WHEN", default_value_t = When::Auto)]
    color: When,
}

#[derive(Subcommand)]
enum Command {
    Extract(extract::Args),
    Read(read::Args),
    #[cfg(feature = "sqlite")]
    Runs(runs::Args),
    #[cfg(feature = "sqlite")]
    Show(show::Args),
    Diff(diff::Args),
    #[cfg(feature = "sqlite")]
    Decide(decide::Args),
    #[cfg(feature = "review")]
    Review(review::Args),
    Series(series::Args),
    Eval(eval::Args),
    Rules(rules::Args),
    #[cfg(feature = "nightly")]
    Nightly(nightly::Args),
    #[cfg(feature = "nightly")]
    Portals(portals::Args),
    #[cfg(feature = "nightly")]
    Prune(nightly::PruneArgs),
    Schema(schema::Args),
    Completions(completions::Args),
    Man(man::Args),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum When {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    Always,
    Never,
}

impl When {
    /// Tells both clap and the streams of this program.
    fn apply(self) {
        let choice = match self {
            When::Auto => anstream::ColorChoice::Auto,
            When::Always => anstream::ColorChoice::Always,
            When::Never => anstream::ColorChoice::Never,
        };
        choice.write_global();
    }
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    cli.color.apply();
    let done = match cli.command {
        Command::Extract(args) => args.run(),
        Command::Read(args) => args.run(),
        #[cfg(feature = "sqlite")]
        Command::Runs(args) => args.run(),
        #[cfg(feature = "sqlite")]
        Command::Show(args) => args.run(),
        Command::Diff(args) => args.run(),
        #[cfg(feature = "sqlite")]
        Command::Decide(args) => args.run(),
        #[cfg(feature = "review")]
        Command::Review(args) => args.run(),
        Command::Series(args) => args.run(),
        Command::Eval(args) => args.run(),
        Command::Rules(args) => args.run(),
        #[cfg(feature = "nightly")]
        Command::Nightly(args) => args.run(),
        #[cfg(feature = "nightly")]
        Command::Portals(args) => args.run(),
        #[cfg(feature = "nightly")]
        Command::Prune(args) => args.run(),
        Command::Schema(args) => args.run(),
        Command::Completions(args) => args.run(),
        Command::Man(args) => args.run(),
    };
    done.unwrap_or_else(Failure::report).into()
}

/// The command as clap knows it, for completions and man pages.
fn command() -> clap::Command {
    <Cli as clap::CommandFactory>::command().color(ColorChoice::Auto)
}
