//! A backend's tempo: one that is slow, or has become slower or quicker, is not taken for one that is in trouble.

use alloc::vec::Vec;

use super::world::{DOWN, OK, World};
use crate::testing::test;
use crate::{CallSpec, Millis, ScopeId, Step, Verdict};

struct Page {
    world: World,
    routes: [ScopeId; 3],
    /// Reads that were not sent at once, of those made so far.
    stopped: usize,
}

impl Page {
    fn new() -> Page {
        let mut world = World::new();
        let routes = ["/assets", "/owners", "/places"];
        let routes = routes.map(|path| world.engine.scope("https://a.example", path));
        Page {
            world,
            routes,
            stopped: 0,
        }
    }

    /// Asks for everything at once; each answer takes so long, and comes.
    fn load(&mut self, took: u64) {
        let mut out = Vec::new();
        for route in self.routes {
            let mut call = self.world.begin_as(CallSpec::read(route));
            let mut step = self.world.poll(&mut call);
            if step == Step::ReadCache {
                step = self.world.cached(&mut call);
            }
            match step {
                Step::Send { .. } => out.push(call),
                _ => {
                    self.stopped += 1;
                    call.cancel(&mut self.world.engine, self.world.now);
                }
            }
        }
        let answered = self.world.now + Millis(took);
        while self.world.now < answered {
            self.world.pass(100);
            for call in &mut out {
                if self.world.poll(call) == Step::ReadCache {
                    let _ = self.world.cached(call);
                }
            }
        }
        for mut call in out {
            self.world.settle(&mut call, OK);
            assert_eq!(self.world.poll(&mut call), Step::Done(Verdict::Network));
        }
    }

    fn loads(&mut self, times: u32, took: u64) -> usize {
        self.stopped = 0;
        for _ in 0..times {
            self.load(took);
            self.world.pass(1_000);
        }
        self.stopped
    }
}

#[test]
fn a_backend_that_always_takes_its_time_is_let_do_so() {
    for took in [100, 1_500, 3_000, 6_000, 9_000] {
        assert_eq!(Page::new().loads(40, took), 0, "{took} ms");
    }
}

#[test]
fn slow_routes_beside_quick_ones_are_let_do_so() {
    let mut page = Page::new();
    let quick = page.world.engine.scope("https://a.example", "/quick");
    for _ in 0..20 {
        let call = page.world.begin_as(CallSpec::read(quick));
        page.world.drive(call, &[OK]);
    }
    assert_eq!(page.loads(40, 4_000), 0);
}

#[test]
fn a_backend_that_has_become_slower_for_good_is_soon_let_do_so() {
    let mut page = Page::new();
    page.loads(20, 100);
    page.loads(60, 3_000);
    assert_eq!(page.loads(20, 3_000), 0);
}

#[test]
fn a_backend_that_has_become_quicker_is_no_trouble_and_ends_one() {
    let mut page = Page::new();
    page.loads(20, 2_000);
    assert_eq!(page.loads(20, 100), 0);

    let mut page = Page::new();
    page.loads(20, 2_000);
    for route in [0, 1, 0] {
        let call = page.world.begin_as(CallSpec::write(page.routes[route]));
        page.world.drive(call, &[DOWN]);
    }
    assert!(
        page.world
            .engine
            .refusal(page.routes[2], page.world.now)
            .is_some()
    );
    page.loads(20, 100);
    assert_eq!(page.loads(10, 100), 0);
}
