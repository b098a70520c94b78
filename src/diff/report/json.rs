//! One item a line, for programs. The shape is told in `docs/diff.md`.

use super::{Heading, Item, Report};
use std::io::{self, Write};

pub struct Json;

impl Report for Json {
    fn head(&mut self, _: &Heading, _: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }

    fn item(&mut self, item: &Item, out: &mut dyn Write) -> io::Result<()> {
        serde_json::to_writer(&mut *out, item)?;
        out.write_all(b"\n")
    }

    fn foot(&mut self, _: usize, _: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }
}
