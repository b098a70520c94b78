//! The whole job: one night from the lock to the report.
//!
//! In: a configuration, settings. Out: [`Report`], and its files. Never: a night that counts as done before its report is on the disk.

use super::config::Config;
use super::listing::Profiles;
use super::lock::{Lock, Locked};
use super::log::Event;
use super::night::{self, Settings};
use super::report::{Report, html, markdown, metrics};
use super::state::StateError;
use serde_json::json;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Why a night did not come to its end.
#[derive(Debug, thiserror::Error)]
pub enum NightError {
    #[error(transparent)]
    Locked(#[from] Locked),
    #[error(transparent)]
    State(#[from] StateError),
    #[error("{path}: the report cannot be written: {source}; check the disk, then start the night again", path = path.display())]
    Report { path: PathBuf, source: io::Error },
    #[error("portal {portal:?}: no profile is called {profile:?}; see `solieu rules list --class portal`")]
    Profile { portal: String, profile: String },
}

/// Runs a night, and writes its report.
///
/// # Errors
/// When another night is at work, or store, archive or reports cannot be written. What is done is done; another call goes on.
pub fn nightly(config: &Config, settings: &Settings) -> Result<Report, NightError> {
    profiles(config, settings)?;
    let lock = Lock::take(&config.store)?;
    let (mut state, fates) = night::run(config, settings)?;
    let ended = settings.clock.now().as_second();
    let report = Report::make(&mut state, &fates, config, ended)?;
    write(config, &report, ended).map_err(|(path, source)| NightError::Report { path, source })?;
    state.finish()?;
    drop(lock);
    settings.log.say(&done(&report));
    if let Some(failed) = tell(config, &report) {
        settings.log.say(&failed);
    }
    Ok(report)
}

/// Are all profiles known that the configuration names?
fn profiles(config: &Config, settings: &Settings) -> Result<(), NightError> {
    let known = Profiles::new(&settings.rules);
    for portal in &config.portals {
        if let Some(profile) = portal.profile.as_ref().filter(|p| !known.knows(p)) {
            return Err(NightError::Profile { portal: portal.name.clone(), profile: profile.clone() });
        }
    }
    Ok(())
}

/// Writes the report of the night, and beside the folders of all nights that of the last.
fn write(config: &Config, report: &Report, ended: i64) -> Result<(), (PathBuf, io::Error)> {
    let folder = config.reports.join(format!("{}-n{:05}", report.began[..10].replace('-', ""), report.night));
    let texts = [("report.html", html(report)), ("report.md", markdown(report)), ("report.json", report.json())];
    for folder in [&folder, &config.reports] {
        std::fs::create_dir_all(folder).map_err(|e| (folder.clone(), e))?;
        for (name, text) in &texts {
            whole(&folder.join(name), text)?;
        }
    }
    config.metrics.as_ref().map_or(Ok(()), |path| whole(path, &metrics(report, ended)))
}

/// A file that is there whole or not at all.
fn whole(path: &Path, text: &str) -> Result<(), (PathBuf, io::Error)> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".part");
    let part = path.with_file_name(name);
    std::fs::write(&part, text).and_then(|()| std::fs::rename(&part, path)).map_err(|e| (path.to_owned(), e))
}

fn done(report: &Report) -> Event {
    let (new, changed, failed) = (report.total(|p| p.new), report.total(|p| p.changed), report.total(|p| p.failed));
    let alerts: Vec<String> = report.portals.iter().flat_map(|p| p.alerts.iter().map(move |a| format!("{}: {}: {}", p.name, a.code, a.text))).collect();
    let more = if alerts.is_empty() { String::new() } else { format!("; to look at: {}", alerts.join("; ")) };
    let text = format!("night {} is done: {new} new, {changed} changed, {failed} failed, {} figures{more}", report.night, report.figures());
    let fields =
        json!({"night": report.night, "run": report.run, "new": new, "changed": changed, "failed": failed, "figures": report.figures(), "alerts": alerts});
    Event::new("done", !report.good, text, fields)
}

/// Tells the webhook; a night is not worse for one that does not hear. `text` is what chat services show.
fn tell(config: &Config, report: &Report) -> Option<Event> {
    let url = config.webhook.as_ref()?;
    let body = json!({
        "text": markdown(report).lines().take(40).collect::<Vec<_>>().join("\n"), "good": report.good, "night": report.night, "run": report.run,
        "new": report.total(|p| p.new), "changed": report.total(|p| p.changed), "failed": report.total(|p| p.failed), "figures": report.figures(),
    });
    let agent: ureq::Agent = ureq::Agent::config_builder().timeout_global(Some(Duration::from_secs(20))).proxy(None).build().into();
    let sent = agent.post(url.as_str()).header("content-type", "application/json").header("user-agent", config.user_agent()).send(body.to_string());
    // The address may hold a secret: only its host is told, and of the error only its sort.
    let host = url.host_str().unwrap_or("").to_owned();
    let why = match sent {
        Ok(_) => return None,
        Err(ureq::Error::StatusCode(status)) => format!("status {status}"),
        Err(ureq::Error::Timeout(_)) => "no answer in 20 s".to_owned(),
        Err(_) => "no connection".to_owned(),
    };
    Some(Event::new("webhook", true, format!("the webhook at {host} could not be told: {why}"), json!({"host": host, "reason": why})))
}
