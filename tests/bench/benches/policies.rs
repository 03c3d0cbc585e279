//! What a call's way through the policies costs, and how fast the simulator is.
//!
//! `cargo xtask bench --only policies`. Nothing here is asserted: speeds depend on the machine.

use std::hint::black_box;
use std::time::Duration;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use tidegate_core::{
    CallSpec, Engine, Head, Instant, Millis, Outcome, ScopeId, Settings, Step, Verdict,
};
use tidegate_tests::{BackendKind, Contender, Scenario, Spec, Tidegate};

/// One engine with a route that it knows.
struct Page {
    engine: Engine,
    now: Instant,
    scope: ScopeId,
}

impl Page {
    fn new(change: impl FnOnce(&mut Settings)) -> Page {
        let mut settings = Settings::default();
        settings.cache.entries = 0;
        change(&mut settings);
        let mut engine = Engine::new(settings, 1).expect("settings within their ranges");
        let scope = engine.scope("https://api.example", "/assets");
        let mut page = Page {
            engine,
            now: Instant::from_millis(1_000),
            scope,
        };
        (0..100).for_each(|_| {
            page.read(&[200]);
        });
        page
    }

    /// A read whose attempts take 20 ms and have these statuses, the last one for ever.
    fn read(&mut self, statuses: &[u16]) -> Verdict {
        let mut call = self.engine.begin(self.now, CallSpec::read(self.scope));
        let verdict = loop {
            match call.poll(&mut self.engine, self.now) {
                Step::Send { attempt } => {
                    self.now = self.now + Millis(20);
                    let place = (attempt as usize - 1).min(statuses.len() - 1);
                    let head = Head {
                        status: statuses[place],
                        retry_after: None,
                    };
                    call.settle(&mut self.engine, self.now, Outcome::Head(head));
                }
                Step::Wait(until) => self.now = until,
                Step::Done(verdict) => break verdict,
                _ => {}
            }
        };
        while self.engine.next_event().is_some() {}
        while self.engine.next_wake().is_some() {}
        verdict
    }
}

fn calls(c: &mut Criterion) {
    let mut group = c.benchmark_group("call");
    let mut page = Page::new(|_| {});
    group.bench_function("admitted", |b| b.iter(|| black_box(page.read(&[200]))));

    // Successes between them keep credit in the budget.
    let mut page = Page::new(|settings| settings.retry.earned_percent = 100);
    group.bench_function("retried", |b| b.iter(|| black_box(page.read(&[500, 200]))));

    let mut page = Page::new(|settings| settings.gate.hold_ms = 0);
    let scope = page.engine.scope_name(page.scope).to_owned();
    page.engine.isolate(page.now, &scope);
    group.bench_function("refused", |b| b.iter(|| black_box(page.read(&[200]))));

    let mut page = Page::new(|_| {});
    group.bench_function("route learned from its URL", |b| {
        b.iter(|| {
            black_box(
                page.engine
                    .scope("https://api.example", "/assets/4711/lineage"),
            )
        });
    });
    group.finish();
}

fn fleet(c: &mut Criterion) {
    let mut group = c.benchmark_group("fleet");
    let tidegate = Tidegate::new([]).expect("no settings of its own");
    let contender = Contender::named("tidegate").expect("it is the first");
    let spec = Spec::new(Scenario::O5, BackendKind::Naive, 2_000, 1);
    let events = contender.run(&tidegate, spec).events;
    group.throughput(Throughput::Elements(events));
    group
        .sample_size(10)
        .measurement_time(Duration::from_secs(20))
        .bench_function("O5, 2,000 clients, events", |b| {
            b.iter(|| black_box(contender.run(&tidegate, spec)));
        });
    group.finish();
}

criterion_group!(benches, calls, fleet);
criterion_main!(benches);
