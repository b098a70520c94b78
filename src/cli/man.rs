//! `solieu man`: manual pages.

use crate::failure::{Failure, Status};
use clap_mangen::Man;
use std::io::Write;
use std::path::PathBuf;

/// Prints the manual page, or writes the pages of all commands
#[derive(clap::Args)]
#[command(after_help = "Example:\n  solieu man ~/.local/share/man/man1")]
pub struct Args {
    /// A folder to write the pages of all commands to
    #[arg(value_name = "DIR")]
    folder: Option<PathBuf>,
}

impl Args {
    pub fn run(self) -> Result<Status, Failure> {
        match self.folder {
            None => {
                let mut page = Vec::new();
                Man::new(crate::command()).render(&mut page)?;
                std::io::stdout().lock().write_all(&page)?;
            }
            Some(folder) => {
                let told = |e| Failure::told(format!("{}: cannot be written: {e}; name a folder that exists", folder.display()));
                clap_mangen::generate_to(crate::command(), &folder).map_err(told)?;
            }
        }
        Ok(Status::Good)
    }
}
