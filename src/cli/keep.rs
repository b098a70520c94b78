//! A run on its way into a store.

use crate::failure::Failure;
use serde_json::{Map, Value};
use solieu::document::InputError;
use solieu::output::Origin;
use solieu::pipeline::{Position, Summary};
use std::io;
use std::path::Path;

#[cfg(feature = "sqlite")]
pub use solieu::store::Prepared as Kept;

/// Puts batches into a store, each in one transaction.
#[cfg(feature = "sqlite")]
pub struct Keeper {
    store: solieu::store::Store,
    run: solieu::store::RunId,
    readings: Vec<Kept>,
    skipped: Vec<InputError>,
}

#[cfg(feature = "sqlite")]
impl Keeper {
    /// Begins a run.
    pub fn begin(path: &Path, origin: &Origin, inputs: Vec<String>, settings: Map<String, Value>) -> Result<Self, Failure> {
        let mut store = solieu::store::Store::open(path)?;
        let run = solieu::store::NewRun { program: origin.program.clone(), rules: origin.rules.clone(), inputs, settings };
        let run = store.begin(&run)?;
        Ok(Self { store, run, readings: Vec::new(), skipped: Vec::new() })
    }

    pub fn take(&mut self, kept: Kept) {
        self.readings.push(kept);
    }

    pub fn fault(&mut self, error: InputError) {
        self.skipped.push(error);
    }

    /// Commits what was taken since.
    pub fn reached(&mut self, position: Position, so_far: &Summary) -> io::Result<()> {
        let start = solieu::pipeline::Start { position, summary: so_far.clone() };
        self.store.add(self.run, &self.readings, &self.skipped, &start).map_err(io::Error::other)?;
        self.readings.clear();
        self.skipped.clear();
        Ok(())
    }

    /// Marks the run as whole, and says where it is.
    pub fn finish(mut self, summary: &Summary) -> Result<(), Failure> {
        self.store.finish(self.run)?;
        let Summary { documents, records, .. } = summary;
        anstream::eprintln!("solieu: run {} is in {}; documents: {documents}, figures: {records}", self.run, self.store.path().display());
        Ok(())
    }
}

/// What a build without a store keeps: nothing.
#[cfg(not(feature = "sqlite"))]
pub enum Kept {}

#[cfg(not(feature = "sqlite"))]
impl Kept {
    pub fn new(_: solieu::pipeline::Reading) -> Self {
        unreachable!("a build without a store begins no run in one")
    }
}

#[cfg(not(feature = "sqlite"))]
pub enum Keeper {}

#[cfg(not(feature = "sqlite"))]
impl Keeper {
    pub fn begin(_: &Path, _: &Origin, _: Vec<String>, _: Map<String, Value>) -> Result<Self, Failure> {
        Err(Failure::told("this build of solieu has no store; build it with the feature `sqlite`"))
    }

    pub fn take(&mut self, _: Kept) {}

    pub fn fault(&mut self, _: InputError) {}

    pub fn reached(&mut self, _: Position, _: &Summary) -> io::Result<()> {
        Ok(())
    }

    pub fn finish(self, _: &Summary) -> Result<(), Failure> {
        Ok(())
    }
}
