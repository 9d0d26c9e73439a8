//! Rules of the house that a program can check. Each check is a function from a tree to complaints, tried on a bad
//! example before it is trusted.

#![allow(clippy::unwrap_used, reason = "a test that meets an error should stop there")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use engine::db::migrations::MIGRATIONS;

const LONGEST_FILE: usize = 400;

/// A file: its path from the root, with `/`, and its text.
type File = (String, String);

#[test]
fn every_module_begins_with_what_it_is_for() {
    let untold = |files: &[File]| complaints(files, |_, text| !text.starts_with("//! "));
    assert_eq!(untold(&[example("a.rs", "use b;\n//! late")]), ["a.rs"]);
    assert_eq!(untold(&sources()), NONE);
}

#[test]
fn no_file_is_longer_than_a_reader_can_hold() {
    let long = |files: &[File]| complaints(files, |_, text| text.lines().count() > LONGEST_FILE);
    assert_eq!(long(&[example("a.rs", &"x\n".repeat(401))]), ["a.rs"]);
    let written = |path: &str| path.ends_with(".rs") || path.ends_with(".sql");
    let files: Vec<File> = tracked().into_iter().filter(|(path, _)| written(path)).collect();
    assert_eq!(long(&files), NONE);
}

#[test]
fn every_migration_is_listed_in_order_and_none_is_missing() {
    let misplaced = |names: &BTreeSet<String>, listed: &[(i32, String)]| {
        let wanted: Vec<(i32, String)> = (1..).zip(names.iter().cloned()).collect();
        wanted != listed
    };
    let two: BTreeSet<String> = ["0001_a", "0002_b"].map(String::from).into();
    assert!(misplaced(&two, &[(1, "0001_a".into())]));
    assert!(misplaced(&two, &[(1, "0001_a".into()), (3, "0002_b".into())]));

    let names: BTreeSet<String> = fs::read_dir(root().join("migrations"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .map(|name| name.strip_suffix(".sql").map(str::to_owned).unwrap_or(name))
        .collect();
    let listed: Vec<(i32, String)> = MIGRATIONS.iter().map(|m| (m.version, m.name.to_owned())).collect();
    assert!(!misplaced(&names, &listed), "migrations/ has {names:?}\nmigrate.rs lists {listed:?}");
    for (version, name) in listed {
        assert!(name.starts_with(&format!("{version:04}_")), "{name} is not number {version}");
    }
}

#[test]
fn only_app_reads_the_environment_and_the_clock() {
    // `split_paths` only cuts a text that was passed in.
    let reads = |_: &str, text: &str| {
        let text = text.replace("std::env::split_paths", "");
        ["std::env", "env::var", "option_env!", "Timestamp::now()", "SystemTime::now()", "Zoned::now()"]
            .iter()
            .any(|word| text.contains(word))
    };
    let found = |files: &[File]| complaints(files, reads);
    assert_eq!(found(&[example("a.rs", "std::env::var_os(\"X\")")]), ["a.rs"]);
    assert_eq!(found(&[example("a.rs", "let now = jiff::Timestamp::now();")]), ["a.rs"]);
    let bound = ["crates/engine/", "crates/web/"];
    // A test of what only its own room can see; it may be told to run for longer.
    let is_test = |path: &str| path.ends_with("/fuzz.rs");
    let files: Vec<File> = sources()
        .into_iter()
        .filter(|(path, _)| bound.iter().any(|b| path.starts_with(b)) && !is_test(path))
        .collect();
    assert_eq!(found(&files), NONE);
}

#[test]
fn sql_never_names_the_schema_of_the_workspace() {
    let names = |files: &[File]| complaints(files, |_, text| code_of(text).contains("public."));
    assert_eq!(names(&[example("a.sql", "select *\n  from public.leads")]), ["a.sql"]);
    assert_eq!(names(&[example("a.sql", "-- public. is for people\nselect 1")]), NONE);
    let ours = |path: &str| {
        path.starts_with("migrations/") || path.contains("/src/") && path.starts_with("crates/engine/")
    };
    let files: Vec<File> = tracked().into_iter().filter(|(path, _)| ours(path)).collect();
    assert_eq!(names(&files), NONE);
}

#[test]
fn only_one_room_knows_the_vendor() {
    let knows = |path: &str, text: &str| {
        !path.starts_with("crates/engine/src/sources") && code_of(text).contains("instantly::")
    };
    assert_eq!(
        complaints(&[example("crates/engine/src/leads.rs", "use instantly::Client;")], knows).len(),
        1
    );
    let files: Vec<File> =
        sources().into_iter().filter(|(path, _)| path.starts_with("crates/engine/")).collect();
    assert_eq!(complaints(&files, knows), NONE);
}

#[test]
fn the_readme_begins_with_bin_up_and_bin_test() {
    let first_two = |text: &str| -> Vec<String> {
        let block = text.split("```sh\n").nth(1).and_then(|rest| rest.split("```").next());
        block.unwrap_or("").lines().take(2).map(str::to_owned).collect()
    };
    assert_eq!(first_two("x\n```sh\ncargo run\n```\n"), ["cargo run"]);
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    assert_eq!(first_two(&readme), ["bin/up", "bin/test"]);
}

#[test]
fn every_link_between_our_pages_leads_somewhere() {
    let broken = |files: &[File], exists: &dyn Fn(&Path) -> bool| -> Vec<String> {
        let mut broken = Vec::new();
        for (path, text) in files.iter().filter(|(path, _)| path.ends_with(".md")) {
            for target in text.split("](").skip(1).filter_map(|rest| rest.split([')', '#']).next()) {
                let page = Path::new(path).parent().unwrap_or(Path::new("")).join(target);
                if !target.is_empty() && !target.contains("://") && !exists(&page) {
                    broken.push(format!("{path}: {target}"));
                }
            }
        }
        broken
    };
    let bad = [example("docs/a.md", "see [b](b.md), [web](https://example.org), [here](#here)")];
    assert_eq!(broken(&bad, &|_| false), ["docs/a.md: b.md"]);
    assert_eq!(broken(&tracked(), &|page| root().join(page).exists()), NONE);
}

#[test]
fn no_file_holds_a_secret_or_a_path_of_someones_machine() {
    // Put together here, so that this file does not hold them.
    let marks: Vec<String> = [
        ("-----BEGIN", " PRIVATE KEY"),
        ("-----BEGIN RSA", " PRIVATE KEY"),
        ("-----BEGIN OPENSSH", " PRIVATE KEY"),
        ("AK", "IA"),
        ("gh", "p_"),
        ("github_", "pat_"),
        ("sk_", "live_"),
        ("sb", "p_"),
        ("xox", "b-"),
        ("/home", "/"),
        ("/Users", "/"),
        ("/root", "/"),
    ]
    .map(|(a, b)| format!("{a}{b}"))
    .into();
    let tells = |_: &str, text: &str| marks.iter().any(|mark| text.contains(mark.as_str()));
    assert_eq!(complaints(&[example("a.txt", &format!("key = {}", marks[4]))], tells), ["a.txt"]);
    // A list of a hundred thousand names and digests of packages may spell anything.
    let quiet = |path: &str| path != "Cargo.lock" && !path.starts_with("crates/engine/data/");
    let files: Vec<File> = tracked().into_iter().filter(|(path, _)| quiet(path)).collect();
    assert_eq!(complaints(&files, tells), NONE);
}

#[test]
fn every_dependency_comes_from_the_registry_or_the_workspace() {
    let strange = |lock: &str| -> Vec<String> {
        lock.lines()
            .filter_map(|line| line.strip_prefix("source = "))
            .filter(|source| *source != "\"registry+https://github.com/rust-lang/crates.io-index\"")
            .map(str::to_owned)
            .collect()
    };
    assert_eq!(strange("source = \"git+https://example.org/x\"\n"), ["\"git+https://example.org/x\""]);
    let lock = fs::read_to_string(root().join("Cargo.lock")).unwrap();
    assert!(lock.contains("source = "), "Cargo.lock names no source");
    assert_eq!(strange(&lock), NONE);
}

/// Cargo.lock lists ring, because optional parts of others name it; what counts is what is built.
#[test]
fn there_is_one_tls_provider() {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let tree = Command::new(cargo)
        .current_dir(root())
        .args(["tree", "--workspace", "--locked", "--offline", "--edges", "normal,build,dev"])
        .args(["--prefix", "none", "--format", "{p}"])
        .output()
        .unwrap();
    assert!(tree.status.success(), "{}", String::from_utf8_lossy(&tree.stderr));
    let tree = String::from_utf8(tree.stdout).unwrap();
    let built: BTreeSet<&str> = tree.lines().filter_map(|line| line.split(' ').next()).collect();
    assert!(built.contains("rustls") && built.contains("aws-lc-rs"), "the tree was not read: {built:?}");
    let banned: Vec<&&str> =
        built.iter().filter(|name| ["ring", "openssl", "openssl-sys", "native-tls"].contains(name)).collect();
    assert_eq!(banned, Vec::<&&str>::new());
}

const NONE: [&str; 0] = [];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// Paths of files that `wrong` says something about.
fn complaints(files: &[File], wrong: impl Fn(&str, &str) -> bool) -> Vec<String> {
    files.iter().filter(|(path, text)| wrong(path, text)).map(|(path, _)| path.clone()).collect()
}

fn example(path: &str, text: &str) -> File {
    (path.to_owned(), text.to_owned())
}

/// Rust files of the crates' own sources.
fn sources() -> Vec<File> {
    let files: Vec<File> = tracked()
        .into_iter()
        .filter(|(path, _)| path.starts_with("crates/") && path.contains("/src/") && path.ends_with(".rs"))
        .collect();
    assert!(files.len() > 50, "only {} source files were found", files.len());
    files
}

/// Every text file of the working copy that is ours: no build products, no hidden folders but the pipeline's.
fn tracked() -> Vec<File> {
    let (root, mut files) = (root(), Vec::new());
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if name == "target" || name == "node_modules" || name.starts_with('.') && name != ".ci" {
                continue;
            }
            if path.is_dir() {
                folders.push(path);
            } else if let Ok(text) = fs::read_to_string(&path) {
                files.push((path.strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/"), text));
            }
        }
    }
    files.sort();
    files
}

/// The text without its comments, as far as they fill a line.
fn code_of(text: &str) -> String {
    let comment = |line: &str| line.trim_start().starts_with("--") || line.trim_start().starts_with("//");
    text.lines().filter(|line| !comment(line)).collect::<Vec<_>>().join("\n")
}
