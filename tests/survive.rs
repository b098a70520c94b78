//! Runs that are killed at any moment, or meet a full disk: nothing is lost, nothing is written twice, and the end is the same.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

const SOLIEU: &str = env!("CARGO_BIN_EXE_solieu");

/// The bundled articles, over and over, with a broken row now and then.
fn input(dir: &Path, times: usize) -> PathBuf {
    let texts: Vec<String> = fs::read_dir("corpus/press").unwrap().map(|e| fs::read_to_string(e.unwrap().path()).unwrap()).collect();
    let row = |i: usize, text: &str| serde_json::json!({"id": i, "url": format!("https://example.org/{i}"), "text": text}).to_string();
    let rows = (0..times * texts.len()).map(|i| if i % 50 == 7 { "{\n".to_owned() } else { row(i, &texts[i % texts.len()]) + "\n" });
    let path = dir.join("in.jsonl");
    fs::write(&path, rows.collect::<String>()).unwrap();
    path
}

fn extract(input: &Path, arguments: &[&str], out: &Path) -> Command {
    let mut command = Command::new(SOLIEU);
    command.arg("extract").arg(input).args(arguments).arg(out).stderr(Stdio::piped());
    command
}

fn spawn(input: &Path, arguments: &[&str], out: &Path) -> Child {
    extract(input, arguments, out).stdout(Stdio::null()).spawn().unwrap()
}

fn told(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Names and bytes of a folder.
fn content(dir: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<_> = fs::read_dir(dir).unwrap().map(|e| e.unwrap().path()).collect();
    files.sort();
    files.into_iter().map(|p| (p.file_name().unwrap().to_string_lossy().into_owned(), fs::read(p).unwrap())).collect()
}

/// Delays that differ, and are the same in every run of the test.
fn delays() -> impl Iterator<Item = Duration> {
    let mut state = 88_172_645_463_325_252u64;
    (0u64..).map(move |i| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        Duration::from_millis(state % 400 + 150 + 20 * i)
    })
}

/// What can be seen of a killed run: nothing but its work folder, or files that are whole, when the kill met it while it put them in
/// their places or had not left yet.
fn only_whole_files_are_seen(out: &Path, whole: &[(String, Vec<u8>)]) {
    let entries = fs::read_dir(out).into_iter().flatten().map(|e| e.unwrap().path()).filter(|p| p.is_file());
    for path in entries {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let expected = whole.iter().find(|(known, _)| *known == name);
        assert!(expected.is_some_and(|(_, bytes)| *bytes == fs::read(&path).unwrap()), "half of {name} can be seen");
    }
}

/// Kills a run again and again until it ends by itself; how often it had to be killed.
fn kill_until_done(input: &Path, arguments: &[&str], out: &Path, whole: &[(String, Vec<u8>)]) -> usize {
    for (kills, delay) in delays().take(100).enumerate() {
        let mut child = spawn(input, arguments, out);
        std::thread::sleep(delay);
        child.kill().unwrap();
        let output = child.wait_with_output().unwrap();
        if output.status.code().is_some() {
            let message = told(&output);
            assert_eq!(output.status.code(), Some(1), "{message}");
            assert!(message.contains("inputs skipped; documents: "), "{message}");
            return kills;
        }
        only_whole_files_are_seen(out, whole);
    }
    panic!("the run never ended: it does not go on where it stopped");
}

/// An input that takes a while at least, whatever the machine and the program can do, and the output of an uninterrupted run over it.
fn long_run(dir: &Path, arguments: &[&str], least: Duration) -> (PathBuf, PathBuf) {
    for times in (0..10).map(|doubled| 20 << doubled) {
        let (input, whole) = (input(dir, times), dir.join(format!("whole-{times}")));
        let began = Instant::now();
        let output = extract(&input, arguments, &whole).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{}", told(&output));
        if began.elapsed() > least {
            return (input, whole);
        }
    }
    panic!("no input takes long enough");
}

fn survives(arguments: &[&str]) {
    let dir = TempDir::new().unwrap();
    let (input, whole) = long_run(dir.path(), arguments, Duration::from_millis(1200));
    let (whole, killed) = (content(&whole), dir.path().join("killed"));
    let kills = kill_until_done(&input, arguments, &killed, &whole);
    assert!(kills > 1, "the run was too short to be killed");
    assert!(whole == content(&killed), "the output differs after {kills} kills");
}

#[test]
fn killed_runs_give_the_same_lines() {
    survives(&["--jobs", "2", "--resume", "--output"]);
}

#[test]
#[cfg(feature = "parquet")]
fn killed_runs_give_the_same_parquet() {
    survives(&["--jobs", "1", "--format", "parquet", "--resume", "--output"]);
}

#[test]
#[cfg(feature = "sqlite")]
fn killed_runs_give_the_same_database() {
    survives(&["--jobs", "2", "--format", "sqlite", "--resume", "--output"]);
}

#[test]
fn killed_runs_give_the_same_package() {
    survives(&["--jobs", "2", "--resume", "--package"]);
}

#[test]
fn a_run_killed_while_files_get_their_places_ends_the_same() {
    let dir = TempDir::new().unwrap();
    let (input, whole) = (input(dir.path(), 1), dir.path().join("whole"));
    extract(&input, &["--package"], &whole).output().unwrap();
    let whole = content(&whole);
    for round in 0..20u64 {
        let out = dir.path().join(format!("out-{round}"));
        let mut child = spawn(&input, &["--resume", "--package"], &out);
        let seen = || fs::read_dir(&out).is_ok_and(|mut entries| entries.any(|e| e.unwrap().file_name() != ".solieu-run"));
        while !seen() && child.try_wait().unwrap().is_none() {}
        std::thread::sleep(Duration::from_micros(30 * round));
        child.kill().unwrap();
        child.wait().unwrap();
        only_whole_files_are_seen(&out, &whole);
        let output = extract(&input, &["--resume", "--package"], &out).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{}", told(&output));
        assert!(content(&out) == whole, "the output differs after round {round}");
    }
}

#[test]
fn an_interrupted_run_is_neither_thrown_away_nor_mixed_with_another() {
    let dir = TempDir::new().unwrap();
    let (input, _) = long_run(dir.path(), &["--jobs", "1", "-o"], Duration::from_secs(4));
    let out = dir.path().join("out");
    let mut child = spawn(&input, &["--jobs", "1", "--resume", "-o"], &out);
    let checkpoint = out.join(".solieu-run/checkpoint.json");
    while !checkpoint.exists() {
        std::thread::sleep(Duration::from_millis(10));
        assert!(child.try_wait().unwrap().is_none(), "the run ended before its first checkpoint");
    }
    let busy = extract(&input, &["--resume", "-o"], &out).output().unwrap();
    assert!(busy.status.code() == Some(2) && told(&busy).contains("another run is writing there"), "{}", told(&busy));
    child.kill().unwrap();
    child.wait().unwrap();
    let refused = |arguments: &[&str], reason: &str| {
        let output = extract(&input, arguments, &out).output().unwrap();
        assert!(output.status.code() == Some(2) && told(&output).contains(reason), "{reason}: {}", told(&output));
    };
    refused(&["-o"], "an interrupted run lies there; go on with --resume");
    refused(&["--resume", "--format", "csv", "-o"], "had another --format (\"jsonl\", now \"csv\")");
    let rows = fs::read_to_string(&input).unwrap();
    fs::write(&input, rows.replacen("xã", "phường", 1)).unwrap();
    refused(&["--resume", "-o"], "the inputs are not those of the interrupted run");
    fs::write(&input, rows).unwrap();
    assert_eq!(extract(&input, &["--resume", "-o"], &out).output().unwrap().status.code(), Some(1));
    assert_eq!(content(&out).len(), 1);
}

#[test]
fn a_device_that_is_full_is_told() {
    if !Path::new("/dev/full").exists() {
        return eprintln!("skipped: no /dev/full");
    }
    let dir = TempDir::new().unwrap();
    let input = input(dir.path(), 1);
    let output = extract(&input, &["-o"], Path::new("/dev/full")).output().unwrap();
    assert!(output.status.code() == Some(2) && told(&output).contains("the output cannot be written: No space left on device"), "{}", told(&output));
}

/// A disk of so many kilobytes; what the script prints. None where no disk can be mounted.
fn on_a_small_disk(dir: &Path, script: &str) -> Option<String> {
    let disk = dir.join("disk");
    fs::create_dir(&disk).unwrap();
    let script = format!("mount -t tmpfs -o size=300k tmpfs {disk} && echo mounted && cd {disk} && {{ {script}; }}", disk = disk.display());
    let output = Command::new("unshare").args(["--map-root-user", "--mount", "sh", "-c", &script]).output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned() + &told(&output);
    text.strip_prefix("mounted\n").map(str::to_owned)
}

#[test]
fn a_full_disk_leaves_the_last_good_state() {
    let dir = TempDir::new().unwrap();
    let input = input(dir.path(), 10).display().to_string();
    let whole = dir.path().join("whole.jsonl").display().to_string();
    let script = format!(
        "{SOLIEU} extract {input} -o out/ 2>/dev/null; echo folder $?; {SOLIEU} extract {input} -o out/ --resume 2>&1 | grep -o 'No space left.*'; ls out
         rm -r out; echo old > old.sqlite; {SOLIEU} extract {input} -o old.sqlite 2>/dev/null; echo file $?; cat old.sqlite; ls -A
         {SOLIEU} extract {input} -o out/ 2>/dev/null; mount -o remount,size=64m . && {SOLIEU} extract {input} -o out/ --resume 2>/dev/null; echo again $?
         {SOLIEU} extract {input} -o {whole} 2>/dev/null; cmp out/records.jsonl {whole} && echo same; ls -A out"
    );
    let Some(text) = on_a_small_disk(dir.path(), &script) else { return eprintln!("skipped: no disk can be mounted here") };
    let advice = "No space left on device (os error 28); what is done stays there: mend it and go on with --resume";
    assert_eq!(text, format!("folder 2\n{advice}\nfile 2\nold\nold.sqlite\nagain 1\nsame\nrecords.jsonl\n"));
}
