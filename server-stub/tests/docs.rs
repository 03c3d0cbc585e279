//! The documentation is true to the code: names, numbers and programs in it are those that there are.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;
use std::path::Path;

use serde_json::Value;
use server_stub::{Args, HELP, doctor};
use tidegate_contract::metrics::AlertKind;
use tidegate_contract::{
    BackendSettings, Counts, Fault, FaultProgram, JournalQuery, Match, Moment, Preset, PresetGroup,
    paths,
};

fn page(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn pages() -> Vec<String> {
    let docs = [
        "presets", "programs", "overload", "streams", "control", "data", "limits",
    ];
    let docs = docs.map(|name| page(&format!("docs/{name}.md")));
    [page("README.md")].into_iter().chain(docs).collect()
}

/// The fenced blocks of a language.
fn blocks<'a>(page: &'a str, language: &str) -> Vec<&'a str> {
    let fence = format!("```{language}\n");
    page.split(&fence)
        .skip(1)
        .filter_map(|rest| rest.split_once("```").map(|(block, _)| block))
        .collect()
}

/// Everything in backticks outside of fenced blocks.
fn words(page: &str) -> BTreeSet<&str> {
    let lines = page
        .split("```")
        .step_by(2)
        .flat_map(|prose| prose.split('`').skip(1).step_by(2));
    lines.collect()
}

/// The names of the fields of something, as the wire has them.
fn fields(value: impl serde::Serialize) -> Vec<String> {
    let Ok(Value::Object(members)) = serde_json::to_value(value) else {
        panic!("not an object");
    };
    members.into_iter().map(|(name, _)| name).collect()
}

fn programs() -> Vec<FaultProgram> {
    let pages = pages();
    let blocks = pages.iter().flat_map(|page| blocks(page, "json"));
    let programs = blocks.filter(|block| block.starts_with("{\n"));
    programs
        .map(|block| FaultProgram::from_json(block).unwrap_or_else(|e| panic!("{e} in\n{block}")))
        .collect()
}

#[test]
fn every_preset_is_described_in_its_group() {
    let page = page("docs/presets.md");
    for &preset in Preset::all() {
        assert!(words(&page).contains(preset.name()), "{preset}");
    }
    for group in PresetGroup::ALL {
        assert!(page.contains(&format!("## {}\n", group.title())));
    }
    let count = format!("{} named ways", Preset::all().len());
    assert!(self::page("README.md").contains(&count), "{count}");
}

#[test]
fn every_path_is_described() {
    let (control, data) = (page("docs/control.md"), page("docs/data.md"));
    for path in paths::CONTROL_ROUTES {
        assert!(words(&control).contains(path), "{path}");
    }
    for path in paths::API_ROUTES {
        assert!(words(&data).contains(path), "{path}");
    }
}

#[test]
fn every_flag_is_described_and_no_other() {
    let readme = page("README.md");
    let flags = |text: &str| -> BTreeSet<String> {
        let letters = |c: char| !c.is_ascii_lowercase() && c != '-';
        text.split(letters)
            .filter(|word| word.starts_with("--"))
            .map(str::to_owned)
            .collect()
    };
    let table: String = readme
        .lines()
        .filter(|line| line.starts_with("| `--"))
        .collect();
    let mut known = flags(HELP);
    known.remove("--help");
    assert_eq!(flags(&table), known);
}

#[test]
fn every_program_passes_the_door_and_together_they_show_every_fault() {
    let programs = programs();
    assert!(programs.len() >= 8, "{}", programs.len());
    let rules = programs.iter().flat_map(|program| &program.rules);
    let shown: BTreeSet<&str> = rules
        .flat_map(|rule| rule.then.iter().map(Fault::name))
        .collect();
    let page = page("docs/programs.md");
    let (_, table) = page
        .split_once("| fault | with |")
        .expect("the table of faults");
    let rows = table
        .lines()
        .skip(2)
        .map_while(|row| row.strip_prefix("| `"));
    let described: BTreeSet<&str> = rows.filter_map(|row| row.split('`').next()).collect();
    assert_eq!(shown, described);
    assert_eq!(described.len(), 14);
}

#[test]
fn every_line_of_a_script_is_one() {
    for page in pages() {
        for line in words(&page).iter().filter(|word| word.starts_with("at ")) {
            assert!(line.parse::<Moment>().is_ok(), "{line}");
        }
    }
}

#[test]
fn every_field_is_described() {
    let program = FaultProgram::new(1);
    let of_the_feed = fields(program.feed);
    for (name, fields) in [
        ("docs/programs.md", fields(program)),
        ("docs/programs.md", fields(Match::default())),
        ("docs/overload.md", fields(BackendSettings::default())),
        ("docs/streams.md", of_the_feed),
        ("docs/control.md", fields(Counts::default())),
    ] {
        let page = page(name);
        for field in fields {
            assert!(words(&page).contains(&*field), "{field} in {name}");
        }
    }
    let control = page("docs/control.md");
    for field in fields(JournalQuery::default()) {
        assert!(control.contains(&field), "{field}");
    }
    for kind in AlertKind::ALL {
        assert!(words(&control).contains(kind.name()), "{}", kind.name());
    }
}

#[test]
fn the_doctor_says_what_is_printed_here() {
    let page = page("docs/overload.md");
    let block = blocks(&page, "console")[0];
    let (line, printed) = block.split_once('\n').expect("a command and its output");
    let args = line.trim_start_matches("$ server-stub ").split(' ');
    let Ok(Args::Doctor(args)) = Args::parse(args.map(OsString::from)) else {
        panic!("{line} is not understood");
    };
    assert_eq!(doctor::answer(&args).trim_end(), printed.trim_end());
}

#[test]
fn every_link_leads_somewhere() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for (folder, page) in [("docs", pages()[1..].concat()), ("", page("README.md"))] {
        for link in page
            .split("](")
            .skip(1)
            .filter_map(|rest| rest.split(')').next())
        {
            let file = link.split('#').next().unwrap_or_default();
            // The client is another package, which comes with the repository.
            if file.is_empty() || file.starts_with("http") || file == "client" {
                continue;
            }
            assert!(root.join(folder).join(file).exists(), "{link}");
        }
    }
}
