//! Family A: policies alone.

use std::path::Path;
use std::{fs, io};

use tidegate_tests::{
    Judgement, LEGEND, Row, Scenario, Spec, Study, chart, document, judge, table,
};

use crate::words::Shape;

/// Tables, or one document, or judgements; whether every gate that anything in a client could meet was met.
pub(crate) fn run(study: &Study, shape: &Shape) -> io::Result<bool> {
    if shape.gates {
        return Ok(all_met(study));
    }
    let mut all = Vec::new();
    for spec in &study.specs {
        let rows = study.run(*spec);
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
    let spec = row.spec;
    let (scenario, backend) = (spec.scenario.name(), spec.backend.name());
    let name = format!("{scenario}-{backend}-{}.svg", spec.clients);
    fs::create_dir_all(folder)?;
    fs::write(folder.join(name), chart(rows))
}

fn all_met(study: &Study) -> bool {
    let mut counts = [0; 3];
    for &spec in &study.specs {
        let Some(row) = row(study, spec) else {
            continue;
        };
        let normal = match spec.scenario {
            // Only there is anything compared with it.
            Scenario::E5 => {
                let normal = Spec::new(Scenario::Normal, spec.backend, spec.clients, 1);
                self::row(study, normal)
            }
            _ => None,
        };
        let normal = normal.as_ref().unwrap_or(&row);
        for verdict in judge(spec, &row.summary, &normal.summary) {
            println!("{}", verdict.line);
            counts[verdict.judgement as usize] += 1;
        }
    }
    let [failed, moot, passed] = [Judgement::Failed, Judgement::Moot, Judgement::Passed]
        .map(|judgement| counts[judgement as usize]);
    println!("{passed} met, {failed} not met, {moot} that nothing in a client could meet");
    failed == 0
}

fn row(study: &Study, spec: Spec) -> Option<Row> {
    study.run(spec).pop()
}
