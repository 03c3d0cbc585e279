//! Family B: the whole client.

use std::path::Path;
use std::{fs, io};

use tidegate_tests::whole::{LEGEND, Row, Study, document, gates, picture, table};

use crate::words::Shape;

/// Tables, or one document, or judgements; whether every gate was met.
pub(crate) fn run(study: &Study, shape: &Shape) -> io::Result<bool> {
    if shape.gates {
        return Ok(all_met(study));
    }
    let mut all = Vec::new();
    for case in &study.cases {
        let rows = study.run(case);
        if let Some(folder) = &shape.svg {
            draw(folder, &rows)?;
        }
        if shape.json {
            all.extend(rows);
        } else {
            println!("{}", table(&rows));
        }
    }
    match shape.json {
        true => println!("{}", document(&all)?),
        false => print!("{LEGEND}"),
    }
    Ok(true)
}

fn draw(folder: &Path, rows: &[Row]) -> io::Result<()> {
    let Some(row) = rows.first() else {
        return Ok(());
    };
    let case = &row.case;
    // A file may have any name at all.
    let plain = |letter: char| letter.is_ascii_alphanumeric() || letter == '-';
    let safe: String = case.name.chars().filter(|letter| plain(*letter)).collect();
    let name = format!("b-{safe}-{}-{}.svg", case.server.name(), case.people.users);
    fs::create_dir_all(folder)?;
    fs::write(folder.join(name), picture(rows))
}

fn all_met(study: &Study) -> bool {
    let (mut met, mut all) = (0, 0);
    // One case after another, so that there is something to see meanwhile.
    for case in &study.cases {
        for verdict in gates(&study.tidegate, &case.name, study.seeds) {
            println!("{}", verdict.line);
            met += usize::from(verdict.met);
            all += 1;
        }
    }
    println!("{met} met, {} not met", all - met);
    met == all
}
