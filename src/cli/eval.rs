//! `solieu eval`: how well the records agree with a gold file.

use crate::failure::{Failure, Status, rules};
use solieu::Extractor;
use solieu::eval::{self, ByDocument, GoldDocument, GoldError, Scored};
use std::io::Write;
use std::path::PathBuf;

/// Scores records against a gold file
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  solieu eval corpus/gold.jsonl --errors 5\n  solieu eval gold.jsonl --patterns my-rules --against before.jsonl\n\nGOLD holds one document a line: {\"id\", \"text\", \"published\"?, \"figures\": [...]}. The rows \"marked …\" count only what departs from the default."
)]
pub struct Args {
    /// Documents with the figures that people found in them
    gold: PathBuf,
    /// Records to score, as `solieu extract` prints them [default: extracted from the texts of GOLD]
    predicted: Option<PathBuf>,
    /// Print up to N errors of each sort
    #[arg(long, value_name = "N", default_value_t = 0)]
    errors: usize,
    /// Records of an earlier run: show what was won and lost since
    #[arg(long, value_name = "OLD.jsonl")]
    against: Option<PathBuf>,
    /// Print the scores as JSON
    #[arg(long)]
    json: bool,
    /// A folder of rule files that extends and replaces the built-in ones
    #[arg(long, value_name = "DIR", conflicts_with = "predicted")]
    patterns: Option<PathBuf>,
}

impl From<GoldError> for Failure {
    fn from(error: GoldError) -> Self {
        Failure::told(error.to_string())
    }
}

impl Args {
    pub fn run(self) -> Result<Status, Failure> {
        let gold = eval::gold(&self.gold)?;
        let predicted = self.predicted(&gold)?;
        let scored = Scored::new(&gold, &predicted);
        let old = self.against.as_deref().map(eval::predicted).transpose()?;
        let text = self.text(&scored, old.as_ref().map(|old| Scored::new(&gold, old)).as_ref());
        std::io::stdout().lock().write_all(text.as_bytes())?;
        Ok(Status::Good)
    }

    fn predicted(&self, gold: &[GoldDocument]) -> Result<ByDocument, Failure> {
        match &self.predicted {
            Some(path) => Ok(eval::predicted(path)?),
            None => Ok(eval::extracted(gold, &Extractor::with_rules(rules(self.patterns.as_deref())?))),
        }
    }

    fn text(&self, scored: &Scored<'_>, old: Option<&Scored<'_>>) -> String {
        let scores = scored.scores();
        let mut text = if self.json { format!("{}\n", serde_json::json!(scores)) } else { eval::scores(&scores) };
        if let Some(old) = old {
            text += &eval::changes(&old.scores(), &scores, &eval::compare(old, scored));
        }
        if self.errors > 0 {
            text += &eval::errors(scored, self.errors);
        }
        text
    }
}
