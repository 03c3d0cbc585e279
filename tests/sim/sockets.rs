//! Family sockets: fleets that reconnect.

use std::io;

use tidegate_tests::sockets::{LEGEND, Study, document, gates, table};

use crate::words::Shape;

/// Tables, or one document, or judgements; whether every gate was met.
pub(crate) fn run(study: &Study, shape: &Shape) -> io::Result<bool> {
    if shape.gates {
        return Ok(all_met(study));
    }
    let mut all = Vec::new();
    for case in &study.cases {
        let rows = study.run(case);
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

fn all_met(study: &Study) -> bool {
    let (mut met, mut all) = (0, 0);
    for case in &study.cases {
        for verdict in gates(case, study.seeds) {
            println!("{}", verdict.line);
            met += usize::from(verdict.met);
            all += 1;
        }
    }
    println!("{met} met, {} not met", all - met);
    met == all
}
