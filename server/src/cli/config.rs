//! `muster config`, and where settings come from: the command line, else the environment, else a file, else the default.
//!
//! Each setting has one name in all of them: what is `--backup-dir` on the command line is `MUSTER_BACKUP_DIR` in the
//! environment and in the file, whose lines are `NAME=value`. There is one table of them, that of `muster serve`; nothing
//! else lists them. Settings of file and environment are put before those of the command line, so the last one counts.

use std::ffi::OsString;
use std::path::Path;

use clap::{ArgAction, Args, CommandFactory};

use super::openid::SECRET;
use super::serve::{self, ServeArguments};
use super::{Arguments, Failure, print};

/// What names begin with in the environment.
const PREFIX: &str = "MUSTER_";

/// The setting that names the file.
const FILE: &str = "config";

/// Bytes of the file: a hundred times what all settings take.
const FILE_BYTES_MAX: u64 = 64 << 10;

/// What to do with the settings.
#[derive(Debug, Args)]
pub(crate) struct ConfigArguments {
    /// Print every setting with its names, its value, where that comes from and what it means
    #[arg(long)]
    explain: bool,
    /// Say what is wrong with the settings, as the server would, without starting it
    #[arg(long)]
    check: bool,
    #[command(flatten)]
    serve: ServeArguments,
}

/// One setting of `muster serve`.
#[derive(Debug)]
struct Setting {
    /// On the command line, without the dashes.
    flag: String,
    /// In the environment and in the file.
    variable: String,
    /// Whether it is there or not, instead of having a value.
    is_switch: bool,
    default: String,
    meaning: String,
}

/// All of them, as the command line declares them.
fn settings() -> Vec<Setting> {
    let command = Arguments::command();
    let serve = command.find_subcommand("serve").into_iter().flat_map(clap::Command::get_arguments);
    let setting = |argument: &clap::Arg| {
        let flag = argument.get_long()?.to_owned();
        let defaults: Vec<_> = argument.get_default_values().iter().map(|value| value.to_string_lossy()).collect();
        Some(Setting {
            variable: variable(&flag),
            is_switch: matches!(argument.get_action(), ArgAction::SetTrue),
            default: defaults.join(" "),
            meaning: argument.get_help().map(ToString::to_string).unwrap_or_default(),
            flag,
        })
    };
    serve.filter_map(setting).collect()
}

/// The name of a flag in the environment and in the file.
fn variable(flag: &str) -> String {
    format!("{PREFIX}{}", flag.to_uppercase().replace('-', "_"))
}

/// Settings of one place: names as there, and values.
type Found = Vec<(String, String)>;

impl Setting {
    /// What it is on the command line.
    fn as_arguments(&self, value: &str) -> Result<Vec<OsString>, String> {
        let flag = format!("--{}", self.flag);
        match (self.is_switch, value) {
            (false, value) => Ok(vec![format!("{flag}={value}").into()]),
            (true, "true" | "1") => Ok(vec![flag.into()]),
            (true, "false" | "0" | "") => Ok(Vec::new()),
            (true, other) => Err(format!("{} is true or false, not \"{other}\"", self.variable)),
        }
    }
}

/// What the environment has that may be a setting.
fn environment() -> Found {
    let pairs =
        std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    pairs.filter(|(name, _)| name.starts_with(PREFIX)).collect()
}

/// The command line that the process was started with, with the settings of the environment and the file put before its
/// own.
///
/// # Errors
/// `Usage` when the file cannot be read, or has what is no setting.
pub(super) fn gathered() -> Result<Vec<OsString>, Failure> {
    let given: Vec<OsString> = std::env::args_os().collect();
    put_before(given, environment()).map_err(Failure::Usage)
}

fn put_before(given: Vec<OsString>, environment: Found) -> Result<Vec<OsString>, String> {
    let action = given.get(1).and_then(|action| action.to_str());
    if !action.is_some_and(|action| ["serve", "demo", FILE].contains(&action)) {
        return Ok(given);
    }
    if at_last(&given, &format!("--{SECRET}")).is_some() {
        let variable = variable(SECRET);
        return Err(format!(
            "everybody on this machine can read the command line: --{SECRET} is {variable} in the environment or the file of \
             settings, or --{SECRET}-file names a file"
        ));
    }
    let known = settings();
    let (file, environment) = (file_settings(&given, &environment, &known)?, environment);
    let mut all = given[..2].to_vec();
    for (name, value) in file.iter().chain(&environment) {
        // What else begins with the prefix in an environment may be somebody else's.
        let Some(setting) = known.iter().find(|setting| setting.variable == *name) else { continue };
        all.extend(setting.as_arguments(value)?);
    }
    all.extend_from_slice(&given[2..]);
    Ok(all)
}

/// The settings of the file, if one is named.
fn file_settings(given: &[OsString], environment: &Found, known: &[Setting]) -> Result<Found, String> {
    let named = named_on(given).or_else(|| {
        let variable = variable(FILE);
        environment.iter().find(|(name, _)| *name == variable).map(|(_, value)| value.clone())
    });
    let Some(path) = named else { return Ok(Vec::new()) };
    let refused = |what: String| format!("{path}: {what}");
    let length = std::fs::metadata(&path).map_err(|error| refused(error.to_string()))?.len();
    if length > FILE_BYTES_MAX {
        return Err(refused(format!("a file of settings has at most {FILE_BYTES_MAX} bytes")));
    }
    let text = std::fs::read_to_string(Path::new(&path)).map_err(|error| refused(error.to_string()))?;
    read(&text, known).map_err(refused)
}

/// The file that the command line names.
fn named_on(given: &[OsString]) -> Option<String> {
    let flag = format!("--{FILE}");
    let mut words = given.iter().skip(2).filter_map(|word| word.to_str());
    while let Some(word) = words.next() {
        if word == flag {
            return words.next().map(str::to_owned);
        }
        if let Some(value) = word.strip_prefix(&flag).and_then(|rest| rest.strip_prefix('=')) {
            return Some(value.to_owned());
        }
    }
    None
}

/// Lines `NAME=value`, as systemd reads them: blank ones and those that begin with `#` say nothing, quotes may be around a
/// value.
fn read(text: &str, known: &[Setting]) -> Result<Found, String> {
    let mut found = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let refused = |what: String| format!("line {}: {what}", at + 1);
        let (name, value) = line.split_once('=').ok_or_else(|| refused("a line is NAME=value".into()))?;
        let (name, value) = (name.trim(), value.trim());
        let value = value.strip_prefix('"').and_then(|value| value.strip_suffix('"')).unwrap_or(value);
        if !known.iter().any(|setting| setting.variable == name && setting.flag != FILE) {
            return Err(refused(format!("there is no setting {name}; muster config --explain shows all")));
        }
        found.push((name.to_owned(), value.to_owned()));
    }
    Ok(found)
}

pub(crate) fn run(arguments: &ConfigArguments) -> Result<(), Failure> {
    if !arguments.explain && !arguments.check {
        return Err(Failure::Usage("say --explain or --check".into()));
    }
    if arguments.explain {
        print(&explained()?)?;
    }
    if arguments.check {
        serve::check(&arguments.serve)?;
        eprintln!("muster serve would start with these settings");
    }
    Ok(())
}

/// Ends with what the command line is refused for. Whoever has asked for the table sees in it where the settings come from
/// that do not go together.
///
/// # Errors
/// When the table cannot be made or printed.
pub(super) fn explain_refused(refused: &clap::Error) -> Result<(), Failure> {
    let mut given = std::env::args_os().skip(1);
    let is_asked = given.next().is_some_and(|action| action == FILE) && given.any(|word| word == "--explain");
    if is_asked && refused.use_stderr() {
        print(&explained()?)?;
    }
    refused.exit()
}

/// The table.
fn explained() -> Result<String, Failure> {
    let given: Vec<OsString> = std::env::args_os().collect();
    let environment = environment();
    let known = settings();
    let file = file_settings(&given, &environment, &known).map_err(Failure::Usage)?;
    let lines = known.iter().map(|setting| {
        let (value, from) = shown(setting, effective(setting, &given, &environment, &file));
        format!("--{}  {}\n    now {value} ({from})\n    {}", setting.flag, setting.variable, setting.meaning)
    });
    let heading = "The command line counts before the environment, the environment before the file that --config names.\n\
                   Lines of the file are NAME=value, with the names of the environment; switches are true or false.\n";
    Ok(std::iter::once(heading.to_owned()).chain(lines).collect::<Vec<_>>().join("\n"))
}

/// The same without a secret.
fn shown(setting: &Setting, (value, from): (String, &'static str)) -> (String, &'static str) {
    let is_secret = setting.flag == SECRET && from != "default";
    (if is_secret { "set, and not shown".into() } else { value }, from)
}

/// Where a flag stands last on a command line.
fn at_last(given: &[OsString], flag: &str) -> Option<usize> {
    let is_it = |word: &OsString| {
        word.to_string_lossy().strip_prefix(flag).is_some_and(|rest| rest.is_empty() || rest.starts_with('='))
    };
    given.iter().rposition(is_it).filter(|at| *at >= 2)
}

/// What a setting is, and where that comes from.
fn effective(setting: &Setting, given: &[OsString], environment: &Found, file: &Found) -> (String, &'static str) {
    let flag = format!("--{}", setting.flag);
    if let Some(at) = at_last(given, &flag) {
        let words: Vec<_> = given.iter().map(|word| word.to_string_lossy()).collect();
        let inside = words[at].strip_prefix(&format!("{flag}=")).map(str::to_owned);
        let behind = || words.get(at + 1).map(ToString::to_string).unwrap_or_default();
        let value = if setting.is_switch { "true".into() } else { inside.unwrap_or_else(behind) };
        return (value, "command line");
    }
    for (found, place) in [(environment, "environment"), (file, "file")] {
        if let Some((_, value)) = found.iter().rfind(|(name, _)| *name == setting.variable) {
            return (value.clone(), place);
        }
    }
    let nothing = if setting.is_switch { "false" } else { "not set" };
    (if setting.default.is_empty() { nothing.into() } else { setting.default.clone() }, "default")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(words: &[&str]) -> Vec<OsString> {
        words.iter().map(OsString::from).collect()
    }

    fn pairs(pairs: &[(&str, &str)]) -> Found {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn the_command_line_counts_before_the_environment_and_that_before_the_file() {
        let folder = tempfile::tempdir().expect("a directory");
        let path = folder.path().join("muster.conf");
        let text = "# where\nMUSTER_LISTEN=127.0.0.1:1\n\nMUSTER_DATA = \"/a b\"\nMUSTER_INSECURE=false\n";
        std::fs::write(&path, text).expect("a file");
        let path = path.to_str().expect("UTF-8");
        let given = words(&["muster", "serve", "--config", path, "--listen", "127.0.0.1:3"]);
        let environment =
            pairs(&[("MUSTER_LISTEN", "127.0.0.1:2"), ("MUSTER_BEHIND_PROXY", "true"), ("MUSTER_X", "y")]);
        let all = put_before(given, environment).expect("settings");
        let wanted = [
            "muster",
            "serve",
            "--listen=127.0.0.1:1",
            "--data=/a b",
            "--listen=127.0.0.1:2",
            "--behind-proxy",
            "--config",
            path,
            "--listen",
            "127.0.0.1:3",
        ];
        assert_eq!(all, words(&wanted));
        let parsed = <Arguments as clap::Parser>::try_parse_from(all).map(|_| ());
        assert!(parsed.is_ok(), "{parsed:?}");
        let other = words(&["muster", "openapi"]);
        assert_eq!(put_before(other.clone(), pairs(&[("MUSTER_DATA", "x")])).expect("as it was"), other);
    }

    #[test]
    fn what_is_no_setting_is_named_with_its_line() {
        let known = settings();
        for (text, what) in [
            ("MUSTER_DATUM=x", "line 1: there is no setting MUSTER_DATUM"),
            ("\nlisten", "line 2: a line is"),
            ("MUSTER_CONFIG=x", "line 1: there is no setting MUSTER_CONFIG"),
        ] {
            let error = read(text, &known).expect_err(text);
            assert!(error.starts_with(what), "{error}");
        }
        let error =
            put_before(words(&["muster", "serve"]), pairs(&[("MUSTER_INSECURE", "maybe")])).expect_err("no switch");
        assert!(error.contains("MUSTER_INSECURE is true or false"), "{error}");
        assert!(put_before(words(&["muster", "serve", "--config=/nowhere"]), Vec::new()).is_err());
    }

    #[test]
    fn a_secret_is_neither_shown_nor_read_from_the_command_line() {
        for word in ["--openid-client-secret=hush", "--openid-client-secret"] {
            let refused =
                put_before(words(&["muster", "serve", word, "hush"]), Vec::new()).expect_err("everybody reads it");
            assert!(refused.contains("MUSTER_OPENID_CLIENT_SECRET") && !refused.contains("hush"), "{refused}");
        }
        put_before(words(&["muster", "serve", "--openid-client-secret-file", "x"]), Vec::new())
            .expect("a path is none");
        let environment = pairs(&[("MUSTER_OPENID_CLIENT_SECRET", "hush")]);
        let secret = settings().into_iter().find(|setting| setting.flag == SECRET).expect("it is there");
        let found = shown(&secret, effective(&secret, &[], &environment, &Vec::new()));
        assert_eq!((found.1, found.0.contains("hush")), ("environment", false));
        let issuer = ["MUSTER_OPENID_ISSUER", "MUSTER_OPENID_CLIENT_ID", "MUSTER_OPENID_PUBLIC_URL"];
        let more: Found = issuer.iter().map(|name| ((*name).to_owned(), "https://a.example".to_owned())).collect();
        let all = put_before(words(&["muster", "serve"]), [more, environment].concat()).expect("settings");
        let parsed = <Arguments as clap::Parser>::try_parse_from(all).expect("good");
        assert!(!format!("{parsed:?}").contains("hush"));
    }

    #[test]
    fn every_setting_is_explained() {
        let known = settings();
        assert!(known.len() > 10, "{known:?}");
        for setting in &known {
            assert!(setting.meaning.len() > 10, "{}", setting.flag);
            let at_default = effective(setting, &[], &Vec::new(), &Vec::new());
            assert_eq!(at_default.1, "default");
        }
        let listen = known.iter().find(|setting| setting.flag == "listen").expect("it is there");
        assert_eq!(effective(listen, &[], &Vec::new(), &Vec::new()).0, "127.0.0.1:8080");
    }
}
