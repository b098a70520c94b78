//! Python environments of the tests, below `target/`: made when they are first asked for, kept while what they ask for stays.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A file of requirements, and how it is installed.
pub type Requirements = (&'static str, &'static [&'static str]);

/// How often an index that does not answer is asked again.
const TRIES: usize = 3;

/// The interpreter of the environment `name`; none where it cannot be made, unless `SOLIEU_REQUIRE_PYTHON` is set, as the gate does:
/// there that is a failure. Tests that ask for the same one at the same time wait for each other.
pub fn python(name: &str, requirements: &[Requirements]) -> Option<PathBuf> {
    environment(name, requirements).map_err(|e| skip(&format!("no Python environment: {e}"))).ok()
}

fn environment(name: &str, requirements: &[Requirements]) -> io::Result<PathBuf> {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let lock = File::create(dir.with_extension("lock"))?;
    lock.lock()?;
    let (python, stamp) = (dir.join("bin/python"), dir.join("requirements.txt"));
    let wanted = requirements.iter().map(|(file, _)| fs::read(file)).collect::<io::Result<Vec<_>>>()?.concat();
    if fs::read(&stamp).ok().as_ref() != Some(&wanted) {
        run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&dir))?;
        for &requirement in requirements {
            (1..TRIES).find_map(|_| install(&python, requirement).ok()).map_or_else(|| install(&python, requirement), Ok)?;
        }
        fs::write(&stamp, wanted)?;
    }
    Ok(python)
}

fn install(python: &Path, (file, how): Requirements) -> io::Result<Output> {
    run(Command::new(python).args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--retries", "2", "-r", file]).args(how))
}

/// What a command says; an error with all of it where it fails.
pub fn run(command: &mut Command) -> io::Result<Output> {
    let output = command.output()?;
    let told = || format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    if output.status.success() { Ok(output) } else { Err(io::Error::other(format!("{command:?}: {}\n{}", output.status, told()))) }
}

/// Leaves a test out, where that is allowed.
pub fn skip(reason: &str) {
    assert!(std::env::var_os("SOLIEU_REQUIRE_PYTHON").is_none(), "{reason}");
    eprintln!("skipped: {reason}");
}
