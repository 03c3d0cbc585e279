//! Quality runs and access requests.

use tidegate_contract::{AccessQuery, AccessStatus, QualityCheck, QualityOrder, QualityResult};

use super::*;

#[test]
fn checks_pass_as_often_as_the_quality_of_their_asset_says() {
    let data = data();
    let (mut runs, mut passed, mut expected) = (0, 0, 0);
    for number in 1..=200 {
        let id = format!("ds-{number:05}");
        let at = data.snapshot.place(&id).unwrap();
        let page = data.quality_runs(&id, Window::new(None, Some(20)).unwrap());
        for run in page.unwrap().items {
            assert_eq!(run.failing_rows == 0, run.result == QualityResult::Passed);
            runs += 1;
            passed += u32::from(run.result == QualityResult::Passed);
            expected += u32::from(data.snapshot.catalog().quality(at));
        }
    }
    let difference = (passed * 100).abs_diff(expected);
    assert!(
        difference < 3 * runs,
        "{passed} of {runs}, not {expected} in a hundred"
    );
}

#[test]
fn a_check_that_is_run_is_the_newest_and_is_found_by_its_id() {
    let mut data = data();
    let order = QualityOrder {
        check: QualityCheck::Freshness,
    };
    let run = data.run_check("ds-00007", order, &deed()).unwrap().value;
    assert_eq!((run.check, run.ran_at), (QualityCheck::Freshness, 7));
    let newest = data
        .quality_runs("ds-00007", first())
        .unwrap()
        .items
        .remove(0);
    assert_eq!(newest, run);
    assert_eq!(data.quality_run("ds-00007", &run.id), Ok(run));
}

#[test]
fn a_quarter_or_more_of_the_requests_are_pending_and_the_others_say_who_decided() {
    let data = data();
    let all = data.access_requests(
        &AccessQuery::default(),
        Window::new(None, Some(200)).unwrap(),
    );
    assert_eq!(all.total, 40);
    assert!(
        all.items
            .is_sorted_by_key(|request| std::cmp::Reverse(request.requested_at))
    );
    let pending =
        |request: &tidegate_contract::AccessRequest| request.status == AccessStatus::Pending;
    assert!(all.items.iter().filter(|&request| pending(request)).count() >= 10);
    for request in &all.items {
        assert_eq!(request.decision.is_none(), pending(request));
        assert_eq!(data.access_request(&request.id).as_ref(), Ok(request));
    }
}
