//! `solieu schema`: the contract of the records.

use crate::failure::{Failure, Status};
use std::io::Write;

/// Prints the JSON Schema of the records
#[derive(clap::Args)]
pub struct Args {}

impl Args {
    pub fn run(self) -> Result<Status, Failure> {
        let mut out = std::io::stdout().lock();
        writeln!(out, "{:#}", solieu::record::schema())?;
        Ok(Status::Good)
    }
}
