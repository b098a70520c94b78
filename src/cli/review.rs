//! `solieu review`: the web page on which an analyst decides.

use crate::failure::{Failure, Status, rules};
use clap::ValueEnum;
use solieu::Extractor;
use solieu::diff::SideName;
use solieu::review::{Desk, DeskError, Lang, Server, Settings, secret};
use solieu::store::{RunName, Store};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

/// Where the page is found when nobody says otherwise; links to items stay good from one day to the next.
const PORT: u16 = 8787;
/// Carries the token, so that it stands in no list of processes.
const TOKEN: &str = "SOLIEU_REVIEW_TOKEN";
/// A shorter token can be guessed.
const SHORTEST: usize = 16;

/// Opens a web page on which reviewers decide on what changed between two runs, or on the records of one
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  solieu review runs.sqlite                          # the last run against the one before; alone when it is the first\n  solieu review runs.sqlite#3                        # every record of run 3\n  solieu review runs.sqlite#2 runs.sqlite#3 --reviewer An\n  solieu review runs.sqlite --listen 10.0.0.5:8787 --allow-remote\n\nOnly this machine can open the page. With --allow-remote others can, with a token: SOLIEU_REVIEW_TOKEN, or one that is made and printed. Nothing is encrypted: prefer a tunnel (ssh -L). docs/review.md tells more."
)]
pub struct Args {
    /// A store, a run of it (FILE#3, FILE#last, FILE#prev), or two runs of one store, the older first
    #[arg(required = true, num_args = 1..=2, value_name = "RUN")]
    runs: Vec<SideName>,
    /// The port to listen at; 0 takes any that is free
    #[arg(long, value_name = "N", default_value_t = PORT, conflicts_with = "listen")]
    port: u16,
    /// The address to listen at; another than this machine's own needs --allow-remote
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: Option<SocketAddr>,
    /// Let other machines in; they need the token
    #[arg(long)]
    allow_remote: bool,
    /// A name of this machine that browsers may use for it
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    host: Vec<String>,
    /// Who decides, instead of asking in the browser
    #[arg(long, value_name = "NAME")]
    reviewer: Option<String>,
    /// The language of the pages [default: what the browser prefers]
    #[arg(long, value_enum)]
    lang: Option<LangName>,
    /// A folder of rule files, for the explanations
    #[arg(long, value_name = "DIR")]
    patterns: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum LangName {
    Vi,
    En,
}

impl Args {
    pub fn run(self) -> Result<Status, Failure> {
        let address = self.listen.unwrap_or(SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), self.port));
        let token = self.token(address)?;
        let extractor = Extractor::with_rules(rules(self.patterns.as_deref())?);
        let (path, old, new) = self.runs()?;
        let desk = Desk::open(&path, old, new, extractor)?;
        let lang = self.lang.map(|l| if l == LangName::Vi { Lang::Vi } else { Lang::En });
        let reviewer = self.reviewer.map(|r| r.trim().to_owned()).filter(|r| !r.is_empty());
        let settings = Settings { names: self.host, token, reviewer, lang };
        let taken = |e| Failure::told(format!("{address} cannot be listened at: {e}; choose another port with --port or --listen (0 takes any that is free)"));
        let server = Server::bind(desk, address, settings).map_err(taken)?;
        let desk = server.desk();
        let what = desk.runs.0.as_ref().map_or_else(|| format!("run {}", desk.runs.1.run), |old| format!("runs {} and {}", old.run, desk.runs.1.run));
        anstream::eprintln!("solieu: {}: {what}, items: {}", path.display(), desk.len());
        if !server.address().ip().is_loopback() {
            anstream::eprintln!("solieu: other machines can open this page; what they send is not encrypted");
        }
        anstream::println!("{}", server.url());
        server.run_until_interrupted()?;
        Ok(Status::Good)
    }

    /// The token that callers need: none where only this machine can call.
    fn token(&self, address: SocketAddr) -> Result<Option<String>, Failure> {
        if address.ip().is_loopback() {
            return Ok(std::env::var(TOKEN).ok().filter(|t| !t.is_empty()));
        }
        if !self.allow_remote {
            return Err(Failure::told(format!("other machines could open {address}; add --allow-remote if they shall, or leave out --listen")));
        }
        match std::env::var(TOKEN) {
            Ok(token) if token.len() >= SHORTEST && token.bytes().all(|b| b.is_ascii_graphic()) => Ok(Some(token)),
            Ok(_) => Err(Failure::told(format!("{TOKEN} must have at least {SHORTEST} letters, digits or signs, and no space; leave it out and one is made"))),
            Err(_) => secret().map(Some).map_err(|e| Failure::told(format!("no token can be made: {e}; set {TOKEN}"))),
        }
    }

    /// The store, the older run, if two are compared, and the newer.
    fn runs(&self) -> Result<(PathBuf, Option<RunName>, RunName), Failure> {
        let name = |side: &SideName| -> Result<Option<RunName>, Failure> {
            let wrong = |run: &String| Failure::told(format!("{}: no name of a run: #{run}; write #last, #prev or #3", side.path.display()));
            side.run.as_ref().map(|run| RunName::parse(run).ok_or_else(|| wrong(run))).transpose()
        };
        let first = &self.runs[0];
        let Some(second) = self.runs.get(1) else {
            let new = name(first)?;
            let old = if new.is_none() { self.before(&first.path)? } else { None };
            return Ok((first.path.clone(), old, new.unwrap_or(RunName::Last)));
        };
        // `runs.sqlite#2 '#3'` says the same with less.
        if second.path != first.path && second.path != Path::new("") {
            return Err(Failure::told(format!(
                "{} and {} are two stores; decisions are kept in the store of both runs: review two runs of one store",
                first.path.display(),
                second.path.display()
            )));
        }
        Ok((first.path.clone(), Some(name(first)?.unwrap_or(RunName::Last)), name(second)?.unwrap_or(RunName::Last)))
    }

    /// The run before the last, if there is one.
    fn before(&self, path: &Path) -> Result<Option<RunName>, Failure> {
        let finished = Store::existing(path)?.runs()?.into_iter().filter(|run| run.finished.is_some()).count();
        Ok((finished > 1).then_some(RunName::Previous))
    }
}

impl From<DeskError> for Failure {
    fn from(error: DeskError) -> Self {
        Failure::Told(error.to_string())
    }
}
