//! The run: one thing after another is done to the tabs and to the stub, each drawn, until enough writes have been taken in.

use std::time::Duration;

use anyhow::{Result, bail};
use serde_json::json;
use tidegate_core::Millis;
use tokio::time::Instant;

use crate::book::{BlowKind, Sheet, Told, Write};
use crate::browser::Tab;
use crate::cast::{ASSETS, NOBODY, TABS, USERS, asset, identity};
use crate::faults::Mix;
use crate::follow::Follower;
use crate::luck::Luck;
use crate::settle::settle;
use crate::stage::Stage;
use crate::words::Words;

/// A user of whom more than this wait queues nothing meanwhile: the run is to be one of many small bursts, and not one long drain.
const BACKLOG: usize = 10;
/// How often it says how far it is.
const SHOWN_S: u64 = 10;
/// Between two looks whether something can be queued again.
const LOOK: Millis = Millis(50);
/// A run in which nothing is taken in for so long does not go on by itself.
const STUCK: Duration = Duration::from_secs(60);
/// So long tabs are asked then how they are.
const LOOKED: Duration = Duration::from_secs(5);

pub(crate) struct Play<'a> {
    pub(crate) stage: &'a Stage,
    pub(crate) follower: Follower,
    /// Those that are open, by their number.
    pub(crate) open: Vec<(usize, Tab)>,
    pub(crate) frozen: Vec<usize>,
    mix: Mix,
    luck: Luck,
    can_freeze: bool,
    calm: usize,
    /// So many writes have to be taken in before anything else is done to the tabs or to the stub.
    due: usize,
}

pub(crate) async fn play(stage: &Stage, words: &Words) -> Result<()> {
    let mut play = Play {
        stage,
        follower: Follower::new(stage.space(), &stage.site).await?,
        open: Vec::new(),
        frozen: Vec::new(),
        mix: Mix::none(),
        luck: Luck::of(words.seed),
        due: 0,
        calm: words.calm as usize,
        can_freeze: words.browser.can_crash_and_freeze(),
    };
    play.go_wrong(Mix::drawn).await?;
    let (mut accepted, mut moved) = (0, Instant::now());
    let mut shown = 0;
    while accepted < words.writes as usize {
        play.act().await?;
        let wait = play.luck.between(5, 60) as u64;
        play.follower.catch_up(&stage.site, Millis(wait)).await?;
        let (now, book) = (stage.site.book().accepted(), Instant::now());
        if now > accepted {
            (accepted, moved) = (now, book);
        }
        let seconds = stage.site.book().now() / 1_000;
        if seconds >= shown + SHOWN_S {
            shown = seconds;
            let waiting = stage.site.book().backlog();
            eprintln!("{accepted} writes after {seconds} s, {waiting} of them waiting");
        }
        if moved.elapsed() > STUCK {
            bail!("no write has been taken in for {STUCK:?}, after {accepted}");
        }
    }
    settle(&mut play).await
}

impl Play<'_> {
    /// Does one thing.
    async fn act(&mut self) -> Result<()> {
        self.forget_lost().await?;
        if self.open.len() < TABS {
            return self.open().await;
        }
        if let Some(tab) = self.luck.one_of(&self.frozen)
            && self.luck.permille(120)
        {
            return self.wake(tab).await;
        }
        let accepted = self.stage.site.book().accepted();
        if accepted < self.due {
            return self.write().await;
        }
        self.due = accepted + self.luck.between(0, 2 * self.calm);
        // An outage is short, or a run would be nothing else.
        if self.mix.is_outage() {
            return self.go_wrong(Mix::drawn).await;
        }
        match self.luck.below(100) {
            0..14 => self.end(BlowKind::Close).await,
            14..28 => self.end(BlowKind::Crash).await,
            28..44 => self.freeze().await,
            44..60 => self.reload().await,
            60..74 => {
                self.change_user();
                Ok(())
            }
            74..80 => {
                self.log_out();
                Ok(())
            }
            80..89 => self.expire().await,
            89..97 => self.go_wrong(Mix::drawn).await,
            _ => self.go_wrong(|_| Mix::outage()).await,
        }
    }

    pub(crate) async fn open(&mut self) -> Result<()> {
        let tab = {
            let user = self.luck.one_of(&USERS).unwrap_or_default();
            let mut book = self.stage.site.book();
            book.tabs.push(Sheet {
                user,
                ..Default::default()
            });
            book.tabs.len() - 1
        };
        let opened = self
            .stage
            .browser
            .open(&self.stage.site.address(tab))
            .await?;
        self.open.push((tab, opened));
        Ok(())
    }

    /// Has a tab queue a few, as soon as one is there to do it and not too many wait.
    async fn write(&mut self) -> Result<()> {
        let until = Instant::now() + STUCK;
        loop {
            if let Some((tab, user)) = self.idle() {
                self.order_writes(tab, user);
                return Ok(());
            }
            if Instant::now() > until {
                let tabs = self.tabs();
                let looks = self.look().await?;
                bail!("nothing could be queued for {STUCK:?}: {tabs}\n{looks}");
            }
            self.follower.catch_up(&self.stage.site, LOOK).await?;
            self.forget_lost().await?;
            // In an outage nothing goes, and soon nothing more is queued.
            if self.mix.is_outage() && self.luck.permille(30) {
                self.go_wrong(Mix::drawn).await?;
            }
            // Those whose writes wait may all have gone, and those who could go on be frozen.
            if self.luck.permille(30) {
                self.change_user();
            }
            if let Some(tab) = self.luck.one_of(&self.frozen)
                && self.luck.permille(60)
            {
                self.wake(tab).await?;
            }
        }
    }

    fn order_writes(&mut self, tab: usize, user: &'static str) {
        let mut book = self.stage.site.book();
        let place = USERS.iter().position(|each| *each == user).unwrap_or(0);
        let mut orders = Vec::new();
        for _ in 0..self.luck.between(1, 9) {
            let (number, asset) = (book.writes.len(), asset(place, self.luck.below(ASSETS)));
            // Some bring a key of their own.
            let key = self.luck.permille(250).then(|| format!("own-{number}"));
            orders.push(json!({ "number": number, "asset": asset, "key": key }));
            let ordered = book.now();
            book.writes.push(Write {
                user,
                asset,
                tab,
                ordered,
                told: Told::Nothing,
                entry: None,
            });
        }
        drop(book);
        let word = json!({ "word": "write", "as": user, "writes": orders });
        self.stage.site.order(tab, word);
    }

    /// Ends a tab: often the one that drains.
    async fn end(&mut self, kind: BlowKind) -> Result<()> {
        let Some(tab) = self.victim() else {
            return Ok(());
        };
        let Some(place) = self.open.iter().position(|(each, _)| *each == tab) else {
            return Ok(());
        };
        let (_, handle) = self.open.swap_remove(place);
        self.frozen.retain(|each| *each != tab);
        self.stage.site.book().strike(tab, kind);
        match kind {
            BlowKind::Crash => self.stage.browser.crash(&handle).await,
            _ => self.stage.browser.close(&handle).await,
        }
    }

    async fn freeze(&mut self) -> Result<()> {
        let Some(tab) = self.victim().filter(|_| self.can_freeze) else {
            return Ok(());
        };
        let runs = self
            .stage
            .site
            .book()
            .at_last(tab)
            .is_some_and(|now| now.runs);
        // Somebody has to be left.
        if self.frozen.len() + 3 > self.open.len() || !runs {
            return Ok(());
        }
        self.stage.site.book().strike(tab, BlowKind::Freeze);
        self.frozen.push(tab);
        if self.stage.browser.freeze(self.handle(tab)).await.is_err() {
            self.lose(tab).await;
        }
        Ok(())
    }

    pub(crate) async fn wake(&mut self, tab: usize) -> Result<()> {
        self.frozen.retain(|each| *each != tab);
        match self.stage.browser.wake(self.handle(tab)).await {
            Ok(()) => self.stage.site.book().note(tab, true),
            Err(_) => self.lose(tab).await,
        }
        Ok(())
    }

    async fn reload(&mut self) -> Result<()> {
        let Some((tab, _)) = self.running() else {
            return Ok(());
        };
        self.stage.site.book().strike(tab, BlowKind::Reload);
        if self.stage.browser.reload(self.handle(tab)).await.is_err() {
            self.lose(tab).await;
        }
        Ok(())
    }

    fn change_user(&mut self) {
        if let (Some((tab, _)), Some(user)) = (self.running(), self.luck.one_of(&USERS)) {
            self.become_user(tab, user);
        }
    }

    pub(crate) fn become_user(&self, tab: usize, user: &'static str) {
        {
            let mut book = self.stage.site.book();
            book.tabs[tab].user = user;
            book.note(tab, true);
        }
        let word = json!({ "word": "user", "user": identity(user) });
        self.stage.site.order(tab, word);
    }

    /// All tabs of the user hear of it.
    fn log_out(&mut self) {
        let signed_in = self.fitting(|_, sheet| sheet.user != NOBODY);
        let Some((tab, user)) = signed_in else {
            return;
        };
        let others: Vec<_> = {
            let mut book = self.stage.site.book();
            let is_theirs = |other: &usize| *other != tab && book.tabs[*other].user == user;
            let others: Vec<_> = (0..book.tabs.len()).filter(is_theirs).collect();
            for other in &others {
                book.note(*other, false);
            }
            book.tabs[tab].user = NOBODY;
            book.note(tab, true);
            others
        };
        self.stage.site.order(tab, json!({ "word": "logout" }));
        // Until it says so itself, nobody knows whose it is: it may have been told before to be somebody else's.
        for other in others {
            self.stage.site.order(other, json!({ "word": "who" }));
        }
    }

    /// Other things go wrong at the stub from now on.
    async fn go_wrong(&mut self, mix: impl FnOnce(&mut Luck) -> Mix) -> Result<()> {
        self.mix = mix(&mut self.luck);
        self.put().await
    }

    /// Somebody's token is worth nothing any more.
    async fn expire(&mut self) -> Result<()> {
        let user = self.luck.below(USERS.len());
        self.stage.site.book().tokens[user] += 1;
        self.put().await
    }

    /// Everything works from now on.
    pub(crate) async fn heal(&mut self) -> Result<()> {
        self.mix = Mix::none();
        self.put().await
    }

    async fn put(&self) -> Result<()> {
        let tokens = {
            let mut book = self.stage.site.book();
            let (at, what) = (book.now(), format!("the stub: {}", self.mix));
            book.deeds.push((at, what));
            book.tokens
        };
        let program = self.mix.program(&tokens);
        self.stage.space().put_program(&program).await?;
        Ok(())
    }

    /// How the tabs are, for whoever looks why nothing goes on.
    pub(crate) fn tabs(&self) -> String {
        let book = self.stage.site.book();
        let tabs = self.open.iter().map(|(tab, _)| {
            let sheet = &book.tabs[*tab];
            let (last, words) = (sheet.changes.last(), sheet.words.len());
            format!(
                "{tab} has begun {} times, {last:?}, {words} words",
                sheet.life
            )
        });
        let tabs: Vec<_> = tabs.collect();
        format!("{} writes wait\n{}", book.backlog(), tabs.join("\n"))
    }

    /// What each tab knows of its outbox, and of the backend.
    async fn look(&mut self) -> Result<String> {
        for (tab, _) in &self.open {
            self.stage.site.order(*tab, json!({ "word": "look" }));
        }
        let until = Instant::now() + LOOKED;
        while Instant::now() < until && self.stage.site.book().looks.len() < self.open.len() {
            self.follower.catch_up(&self.stage.site, LOOK).await?;
        }
        let book = self.stage.site.book();
        let looks = (book.looks.iter()).map(|(tab, said)| format!("{tab}: {said}"));
        Ok(looks.collect::<Vec<_>>().join("\n"))
    }

    /// A tab whose page runs, and its user.
    fn running(&mut self) -> Option<(usize, &'static str)> {
        self.fitting(|_, _| true)
    }

    /// One that has done all that it was told, and whose user has not too much waiting.
    fn idle(&mut self) -> Option<(usize, &'static str)> {
        let (backlog, busy) = {
            let book = self.stage.site.book();
            (book.backlog_by_user(), book.busy())
        };
        self.fitting(|tab, sheet| {
            let waits = backlog.get(sheet.user).copied().unwrap_or(0);
            sheet.words.is_empty() && !busy.contains(&tab) && waits <= BACKLOG
        })
    }

    fn fitting(&mut self, fits: impl Fn(usize, &Sheet) -> bool) -> Option<(usize, &'static str)> {
        let fitting: Vec<_> = {
            let book = self.stage.site.book();
            let tabs = self.open.iter().filter_map(|(tab, _)| {
                let state = book.at_last(*tab)?;
                (state.runs && fits(*tab, &book.tabs[*tab])).then_some((*tab, state.user))
            });
            tabs.collect()
        };
        self.luck.one_of(&fitting)
    }

    /// The tab that sent last, every other time; else any.
    fn victim(&mut self) -> Option<usize> {
        let last = {
            let book = self.stage.site.book();
            book.attempts.last().map(|attempt| attempt.tab)
        };
        let drains = last.filter(|last| self.open.iter().any(|(tab, _)| tab == last));
        if self.luck.permille(500) && drains.is_some() {
            return drains;
        }
        let all: Vec<_> = self.open.iter().map(|(tab, _)| *tab).collect();
        self.luck.one_of(&all)
    }

    /// Tabs that crashed with another one, whose process they shared.
    pub(crate) async fn forget_lost(&mut self) -> Result<()> {
        for target in self.stage.browser.lost() {
            let lost = self.open.iter().find(|(_, tab)| tab.is(&target));
            if let Some(tab) = lost.map(|(tab, _)| *tab) {
                self.lose(tab).await;
            }
        }
        Ok(())
    }

    /// It is gone already, or will not do what it is told.
    async fn lose(&mut self, tab: usize) {
        if let Some(place) = self.open.iter().position(|(each, _)| *each == tab) {
            let (_, handle) = self.open.swap_remove(place);
            self.frozen.retain(|each| *each != tab);
            self.stage.site.book().strike(tab, BlowKind::Crash);
            // Where there is nothing left to close, that is well.
            let _ = self.stage.browser.close(&handle).await;
        }
    }

    fn handle(&self, tab: usize) -> &Tab {
        let place = self.open.iter().position(|(each, _)| *each == tab);
        &self.open[place.expect("it is open")].1
    }
}
