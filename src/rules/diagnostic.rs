//! What is wrong with a rule file: a code, the place, and what to do about it.

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use serde::Serialize;
use std::ops::Range;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    Error,
    Warning,
}

/// One fault.
#[derive(Debug, Clone, Serialize)]
pub struct Diagnostic {
    pub severity: Severity,
    /// A stable name of the fault, documented in `patterns/README.md`.
    pub code: &'static str,
    pub file: String,
    /// Bytes of the file.
    pub span: Range<usize>,
    pub message: String,
    /// What stands at the place.
    pub label: String,
    /// What to do.
    pub help: String,
}

impl Diagnostic {
    pub fn error(code: &'static str, file: &str, span: Range<usize>, message: impl Into<String>) -> Self {
        Self { severity: Severity::Error, code, file: file.to_owned(), span, message: message.into(), label: String::new(), help: String::new() }
    }

    pub fn warning(code: &'static str, file: &str, span: Range<usize>, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, file, span, message) }
    }

    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = help.into();
        self
    }

    /// Line and column, from 1, columns in code points.
    pub fn position(&self, text: &str) -> (usize, usize) {
        let mut at = self.span.start.min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        let before = &text[..at];
        let line = before.matches('\n').count() + 1;
        (line, before.rsplit('\n').next().unwrap_or("").chars().count() + 1)
    }

    /// The fault as a person reads it: file, line, column, a caret and what to do.
    pub fn render(&self, text: &str, color: bool) -> String {
        let level = match self.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
        };
        let span = clamp(text, &self.span);
        let snippet = Snippet::source(text).path(self.file.as_str()).annotation(AnnotationKind::Primary.span(span).label(self.label.as_str()));
        let mut report = vec![level.primary_title(self.message.as_str()).id(self.code).element(snippet)];
        if !self.help.is_empty() {
            report.push(Group::with_title(Level::HELP.secondary_title(self.help.as_str())));
        }
        let renderer = if color { Renderer::styled() } else { Renderer::plain() };
        renderer.render(&report)
    }
}

/// A span that lies in the text, on character borders, and shows something.
fn clamp(text: &str, span: &Range<usize>) -> Range<usize> {
    let floor = |mut at: usize| {
        at = at.min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let start = floor(span.start);
    let end = floor(span.end).max(start);
    start..if end == start { floor(end + 1).max(start) } else { end }
}
