//! What happens between two calls: work ends, connections change hands, waiting is given up.

use tidegate_core::Instant;

use super::attempt::{Admission, Attempt, AttemptEvent, AttemptId, Lapse, Notice, Refusal};
use super::settings::wait;
use super::{Backend, Job, State};
use crate::micros::Micros;

impl Backend {
    /// Lets everything happen that happens by `now`, each thing at its own time. A clock that was set back stands still.
    pub(super) fn advance(&mut self, now: Instant) {
        loop {
            let end = self.ends.first().copied();
            let limit = self.line.first_limit();
            match (end, limit) {
                // At the same moment the connection comes first: "longer than" is not yet true.
                (Some((at, id)), limit)
                    if at <= now && limit.is_none_or(|(limit, _)| at <= limit.at) =>
                {
                    self.run_to(at);
                    self.complete(id);
                    self.start_waiting();
                }
                (_, Some((limit, id))) if limit.at <= now => {
                    self.run_to(limit.at);
                    self.drop_job(id, limit.lapse);
                }
                _ => break,
            }
        }
        self.run_to(now);
    }

    /// Lets time pass in which nothing happens.
    fn run_to(&mut self, at: Instant) {
        let at = at.max(self.now);
        let passed = Micros::since(at, self.now).0;
        let busy = passed.saturating_mul(self.in_use() as u64);
        self.totals.busy_us += Micros(busy);
        self.level.run(at, self.wait());
        self.now = at;
    }

    pub(super) fn wait(&self) -> Micros {
        wait(self.line.len(), self.service, self.settings.connections)
    }

    fn has_free(&self) -> bool {
        self.in_use() < self.settings.connections as usize
    }

    /// Why an attempt cannot be admitted.
    pub(super) fn objection(&self, attempt: &Attempt) -> Option<Refusal> {
        if self.has_free() {
            return None;
        }
        if self.line.len() >= self.settings.queue as usize {
            return Some(Refusal::Full);
        }
        let limit = Micros::from_millis(self.settings.early_refusal_ms?);
        let left = attempt
            .deadline
            .map_or(limit, |deadline| Micros::since(deadline, self.now));
        (self.wait() > left).then_some(Refusal::Hopeless)
    }

    pub(super) fn refuse(
        &mut self,
        reason: Refusal,
        ready_at: Instant,
        retry_after: Micros,
    ) -> Admission {
        self.totals.refused.count(reason);
        Admission::Refused {
            reason,
            ready_at,
            retry_after,
        }
    }

    pub(super) fn admit(&mut self, attempt: Attempt, through: Instant) -> Admission {
        self.last += 1;
        let id = AttemptId(self.last);
        if let Some(key) = attempt.key {
            self.keys.take(key);
        }
        let limit = self.line.join(self.now, id, &attempt, &self.settings);
        let job = Job {
            arrived: self.now,
            attempt,
            gone: false,
            state: State::Waiting { limit },
            through,
        };
        self.jobs.insert(id, job);
        self.start_waiting();
        Admission::Admitted(id)
    }

    /// Gives free connections to those who wait.
    pub(super) fn start_waiting(&mut self) {
        while self.has_free()
            && let Some(id) = self.line.next(self.settings.order)
        {
            self.start(id);
        }
    }

    fn start(&mut self, id: AttemptId) {
        let Some(job) = self.jobs.get_mut(&id) else {
            return;
        };
        let State::Waiting { limit } = job.state else {
            return;
        };
        let earliest = self.now + self.service;
        let waits = self.now > job.arrived;
        if self.settings.drop_expired
            && waits
            && job.attempt.deadline.is_some_and(|at| at < earliest)
        {
            self.drop_job(id, Lapse::Deadline);
            return;
        }
        let drawn = self.settings.service.draw(job.attempt.service);
        let ends = self.now.max(job.through) + drawn.scaled(self.settings.slowdown);
        let waited = Micros::since(self.now, job.arrived);
        job.state = State::Running {
            started: self.now,
            ends,
        };
        self.line.remove(id, limit);
        self.ends.insert((ends, id));
        self.totals.started += 1;
        self.totals.waited_us += waited;
        self.tell(id, AttemptEvent::Started { waited });
    }

    fn complete(&mut self, id: AttemptId) {
        let Some(job) = self.take_job(id) else {
            return;
        };
        let State::Running { started, ends } = job.state else {
            return;
        };
        if let Some(key) = job.attempt.key {
            self.keys.done(key, self.settings.idempotency_keys);
        }
        self.totals.effects += u64::from(job.attempt.write);
        self.totals.wasted += u64::from(job.gone);
        self.totals.useful += u64::from(!job.gone);
        let event = AttemptEvent::Completed {
            served: Micros::since(ends, started),
            gone: job.gone,
            waited: Micros::since(started, job.arrived),
        };
        self.tell(id, event);
    }

    pub(super) fn drop_job(&mut self, id: AttemptId, lapse: Lapse) {
        let Some(job) = self.take_job(id) else {
            return;
        };
        if let Some(key) = job.attempt.key {
            self.keys.give_back(key);
        }
        self.totals.dropped.count(lapse);
        let until = match job.state {
            State::Running { started, .. } => started,
            State::Waiting { .. } => self.now,
        };
        let waited = Micros::since(until, job.arrived);
        self.tell(id, AttemptEvent::Dropped { lapse, waited });
    }

    /// Takes an attempt out of everything.
    fn take_job(&mut self, id: AttemptId) -> Option<Job> {
        let job = self.jobs.remove(&id)?;
        match job.state {
            State::Running { ends, .. } => {
                self.ends.remove(&(ends, id));
            }
            State::Waiting { limit } => self.line.remove(id, limit),
        }
        Some(job)
    }

    fn tell(&mut self, id: AttemptId, what: AttemptEvent) {
        let at = self.now;
        self.notices.push_back(Notice { at, id, what });
    }
}
