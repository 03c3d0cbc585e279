//! `--gates`: Tidegate alone, and a line for every gate.

use tidegate_tests::{Judgement, Row, Scenario, Spec, Study, judge};

/// Whether every gate that anything in a client could meet was met.
pub(crate) fn all_met(study: &Study) -> bool {
    let mut counts = [0; 3];
    for spec in study.specs() {
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
