//! `solieu completions`: what the shell needs to complete commands.

use crate::failure::{Failure, Status};
use std::io::Write;

/// Prints completions for a shell
#[derive(clap::Args)]
#[command(after_help = "Example:\n  solieu completions bash > ~/.local/share/bash-completion/completions/solieu")]
pub struct Args {
    shell: clap_complete::Shell,
}

impl Args {
    pub fn run(self) -> Result<Status, Failure> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut crate::command(), "solieu", &mut script);
        std::io::stdout().lock().write_all(&script)?;
        Ok(Status::Good)
    }
}
