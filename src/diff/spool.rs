//! A run that becomes a side at once, without a file that somebody named.

use super::{Side, SideError};
use crate::pipeline::Reading;
use crate::record::sentence;
use std::fs::File;
use std::io::{self, Write};

/// Lines of records with their sentences, in a file without a name.
pub struct Spool {
    file: io::BufWriter<File>,
}

impl Spool {
    /// # Errors
    /// When there is no room for temporary files.
    pub fn new() -> io::Result<Self> {
        Ok(Self { file: io::BufWriter::with_capacity(1 << 20, tempfile::tempfile()?) })
    }

    /// # Errors
    /// When the lines cannot be written.
    pub fn side(self, name: String) -> Result<Side, SideError> {
        let told = |e: io::Error| SideError::Unreadable { side: name.clone(), line: None, reason: format!("cannot be kept: {e}") };
        let file = self.file.into_inner().map_err(|e| told(e.into_error()))?;
        Ok(Side::lines(name, file))
    }
}

impl Write for Spool {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// Appends the records of a reading with their sentences.
pub fn spool_lines(reading: &Reading, out: &mut Vec<u8>) {
    for record in &reading.records {
        let Ok(serde_json::Value::Object(mut line)) = serde_json::to_value(record) else { continue };
        line.insert("sentence_text".into(), sentence(&reading.document.text, &record.span, record.sentence).into());
        let _ = serde_json::to_writer(&mut *out, &line);
        out.push(b'\n');
    }
}
