//! Nothing is left behind by clients that leave and by spaces that end.

use tidegate_contract::{BackendSettings, FaultProgram, SpaceSettings};

use crate::settings::Settings;
use crate::spaces::Spaces;
use crate::testing::{journal, metrics, program, settle, spawn_call, stub_by_hand};

#[tokio::test(start_paused = true)]
async fn a_thousand_aborted_requests_leave_nothing() {
    let parts = r#""backend":{"connections":5,"queue":500,"service":{"fixedMs":60000}},
        "rules":[{"name":"late","when":{"share":300},"then":[{"kind":"delay","time":{"fixedMs":600000}}]},
                 {"name":"hang","when":{"share":300},"then":[{"kind":"hang"}]}]"#;
    let stub = stub_by_hand(program(parts)).await;
    let calls: Vec<_> = (0..1_000)
        .map(|n| {
            spawn_call(
                &stub,
                "GET /api/assets/ds-00001",
                &[("x-client", &format!("c{n}"))],
            )
        })
        .collect();
    settle().await;
    assert!(stub.world().backend().waiting() > 100);
    calls.iter().for_each(|call| call.abort());
    settle().await;
    stub.reset().await.unwrap();
    settle().await;
    assert_eq!(stub.world().book.in_flight(), 0);
    let metrics = metrics(&stub);
    assert_eq!(metrics.in_flight, 0);
    assert_eq!((metrics.pool.in_use, metrics.waiting.count), (0, 0));
    assert_eq!(stub.world().waiting_count(), 0);
    assert_eq!(journal(&stub).total, 0);
}

#[tokio::test]
async fn a_space_that_has_ended_is_forgotten() {
    let spaces = Spaces::new(&Settings {
        assets: 10,
        ..Settings::on_free_ports()
    });
    // The default space has its own.
    let alive = || {
        tokio::runtime::Handle::current()
            .metrics()
            .num_alive_tasks()
    };
    let before = alive();
    for clock in ["manual", "real", "x10"] {
        let wanted = format!(r#"{{"assets":10,"clock":"{clock}"}}"#);
        let wanted = SpaceSettings::from_json(&wanted).unwrap();
        let name = spaces.make(wanted).await.unwrap().space;
        let stub = spaces.find(&name).unwrap();
        let one = BackendSettings {
            connections: 1,
            service: tidegate_contract::Spread::FixedMs(60_000),
            ..BackendSettings::default()
        };
        let program = FaultProgram::new(1).with_backend(one);
        stub.install(program, None).await.unwrap();
        for _ in 0..3 {
            spawn_call(&stub, "GET /api/assets/ds-00001", &[]);
        }
        while stub.world().backend().waiting() < 2 {
            tokio::task::yield_now().await;
        }
        let weak = stub.weak();
        drop(stub);
        spaces.end(&name).await.unwrap();
        for _ in 0..1_000 {
            tokio::task::yield_now().await;
        }
        assert!(weak.upgrade().is_none(), "{clock}");
        assert_eq!(alive(), before, "{clock}");
    }
}
