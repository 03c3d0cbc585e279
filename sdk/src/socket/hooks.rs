//! What a socket asks of its owner besides its address: what is said first on each connection, and the token.

use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use tidegate_core::session::{Input, LinkId};
use web_sys::WebSocket;

use super::channel::Done;
use super::driver::Driver;

/// `None`: it is not to be had now.
pub(super) type Had = Pin<Box<dyn Future<Output = Option<String>>>>;

/// What a socket asks of its owner.
#[derive(Clone, Default)]
pub(super) struct Hooks {
    pub(super) hello: Option<Rc<dyn Fn(WebSocket) -> Done>>,
    /// Told whether another one is wanted than the last.
    pub(super) token: Option<Rc<dyn Fn(bool) -> Had>>,
}

impl Driver {
    /// Has its owner say what is said first. What is said at once is over at once: nothing that waits is held up for it.
    pub(super) fn greet(self: &Rc<Driver>, link: LinkId) {
        let Some((native, hello)) = self.native(link).zip(self.hooks.hello.clone()) else {
            return;
        };
        let life = self.life.get();
        let mut said = hello(native);
        if self.life.get() != life {
            return;
        }
        let input = move |ok| match ok {
            true => Input::Ready { link },
            false => Input::NotReady { link },
        };
        match said.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(ok) => self.on(input(ok)),
            Poll::Pending => self.await_input(life, Box::pin(async move { input(said.await) })),
        }
    }

    /// Has its owner say the token.
    pub(super) fn ask_token(self: &Rc<Driver>, link: LinkId, refresh: bool) {
        let Some(ask) = self.hooks.token.clone() else {
            return;
        };
        self.await_input(
            self.life.get(),
            Box::pin(async move {
                // Not before: it is the application's own function, and may do anything.
                match ask(refresh).await {
                    Some(token) => Input::Token { link, token },
                    None => Input::ProviderFailed { link },
                }
            }),
        );
    }
}
