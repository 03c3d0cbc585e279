//! A socket for JavaScript.

use std::pin::Pin;

use js_sys::{Array, Function, Promise};
use tidegate::{
    Address, Client, Codes, Delivery, Error, Millis, Overflow, Protocol, RpcEnd, RpcId, RpcWish,
    Sent, Settings, Snapshot, Socket, SocketNotice, Wish,
};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, future_to_promise};

use crate::convert::{self, for_each_entry, set};
use crate::error;

/// A socket that comes back, behind one `WebSocket` of the package's.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Line(Socket);

#[wasm_bindgen]
impl Line {
    /// Sends a text, or bytes of a kind that the browser takes; what became of it at once, as the number of its word in `SendState`.
    pub fn send(&self, data: &JsValue, bytes: u32) -> u8 {
        let sent = self.0.send_value(data, bytes, Overflow::DropOldest);
        sent.state as u8
    }

    /// Adds a message to a channel: `[ticket, state, why]`.
    pub fn publish(&self, channel: &str, data: &str, acknowledged: bool) -> Array {
        let overflow = match acknowledged {
            true => Overflow::RejectNew,
            false => Overflow::DropOldest,
        };
        fate(self.0.publish(channel, data, acknowledged, overflow))
    }

    /// Stores a message and sends it when it can, under this key or a random one: a promise of `[key, state, why]`.
    #[wasm_bindgen(js_name = publishDurable)]
    pub fn publish_durable(&self, channel: &str, data: &str, key: Option<String>) -> Promise {
        let kept = self.0.publish_durable(channel, data, key.as_deref());
        future_to_promise(async move {
            let kept = kept.await;
            let why = kept.why.map(|why| why.as_str());
            let words = Array::of3(&kept.key.into(), &kept.state.as_str().into(), &why.into());
            Ok(words.into())
        })
    }

    /// Asks for the messages of a channel: `message(data, offset, attempt)` and `snapshot(url, data, epoch, offset)` return whether they
    /// succeeded, or a promise of that.
    pub fn subscribe(
        &self,
        channel: &str,
        every: Option<f64>,
        message: Function,
        snapshot: Option<Function>,
    ) {
        let wish = Wish {
            every: every.map(|millis| Millis(millis as u64)),
            anew: snapshot.is_some(),
        };
        let message = move |it: Delivery| {
            let words: [JsValue; 3] =
                [it.data.into(), (it.offset as f64).into(), it.attempt.into()];
            succeeds(message.apply(&JsValue::UNDEFINED, &words.into_iter().collect()))
        };
        let snapshot = snapshot.map(|read| {
            move |it: Snapshot| {
                let words: [JsValue; 4] = [
                    it.url.into(),
                    it.data.into(),
                    it.position.epoch.into(),
                    (it.position.offset as f64).into(),
                ];
                succeeds(read.apply(&JsValue::UNDEFINED, &words.into_iter().collect()))
            }
        });
        self.0.subscribe(channel, wish, message, snapshot);
    }

    /// Asks for no more of them.
    pub fn unsubscribe(&self, channel: &str) {
        self.0.unsubscribe(channel);
    }

    /// Gives out no more messages of a channel, or goes on with them.
    pub fn pause(&self, channel: &str, pauses: bool) {
        match pauses {
            true => self.0.pause(channel),
            false => self.0.resume(channel),
        }
    }

    /// Asks the server something; `end(word, text, code, temporary)` is called once. The number of the question, or 0.
    pub fn rpc(
        &self,
        method: &str,
        data: &str,
        timeout_ms: Option<f64>,
        idempotent: bool,
        end: Function,
    ) -> f64 {
        let wish = RpcWish {
            within: timeout_ms.map(|millis| Millis(millis as u64)),
            repeats: idempotent,
        };
        let id = self.0.ask(method, data, wish, move |it| {
            let (word, text, code, temporary) = match it {
                RpcEnd::Answered(data) => ("answered", Some(data), 0, false),
                RpcEnd::Failed(why) => (why.as_str(), None, 0, false),
                RpcEnd::Refused {
                    code,
                    message,
                    temporary,
                } => ("refused", Some(message), code, temporary),
            };
            let words: [JsValue; 4] = [
                word.into(),
                text.into(),
                (code as f64).into(),
                temporary.into(),
            ];
            let _ = end.apply(&JsValue::UNDEFINED, &words.into_iter().collect());
        });
        id.map_or(0.0, |id| id.0 as f64)
    }

    /// Nobody waits for this answer any more.
    pub fn forget(&self, question: f64) {
        self.0.forget(RpcId(question as u64));
    }

    /// Asks for a connection at once, or for another one.
    pub fn reconnect(&self) -> bool {
        self.0.reconnect()
    }

    /// Closes it for good.
    pub fn close(&self) {
        self.0.close(1_000, "");
    }

    /// How far each channel was handled.
    #[must_use]
    pub fn positions(&self) -> String {
        self.0.positions()
    }

    /// The bytes that wait for a connection, or for an acknowledgement.
    #[must_use]
    pub fn queued(&self) -> f64 {
        self.0.queued_bytes() as f64
    }

    /// How it is.
    #[must_use]
    pub fn health(&self) -> JsValue {
        convert::record(&self.0.health())
    }
}

/// Opens a socket. `address` is an array of the URL and the subprotocols, or a function that returns a promise of one; `tell(word, …)` is called
/// with everything that happens.
pub(crate) fn open(
    client: &Client,
    address: &JsValue,
    options: &JsValue,
    tell: Function,
) -> Result<Line, JsValue> {
    let wishes = match address.dyn_ref::<Function>() {
        Some(ask) => {
            let ask = ask.clone();
            client.socket_at(move |refresh| found(ask.clone(), refresh))
        }
        None => client.socket(read(address)),
    };
    let told = Options::read(options, client.settings())?;
    if (told.keeps || told.durable) && told.name.is_none() && address.is_function() {
        let wants = "must be given where the URL or the subprotocols are a function";
        return Err(error::option("socket.name", wants));
    }
    // Each message would be told of twice.
    let speaks = told.protocol != Protocol::Raw;
    let mut wishes = wishes
        .protocol(told.protocol)
        .reconnects(told.reconnects)
        .follows(told.follows)
        .codes(told.codes)
        .settings(told.settings.socket)
        .keeps(told.keeps)
        .durable(told.durable)
        .positions(&told.positions);
    if let Some(name) = told.name {
        wishes = wishes.name(&name);
    }
    wishes = match told.fallback {
        Some(Fallback::At(url)) => wishes.fallback(&url),
        Some(Fallback::Asked(ask)) => wishes.fallback_at(move |channel, refresh| {
            let said = ask.call2(&JsValue::UNDEFINED, &channel.into(), &refresh.into());
            Box::pin(async move { resolved(said).await.ok() }) as Pin<Box<dyn Future<Output = _>>>
        }),
        None => wishes,
    };
    if let Some(ping) = told.ping {
        wishes = wishes.ping(&ping);
    }
    if !speaks {
        let tell = tell.clone();
        wishes = wishes.hello(move |native| {
            succeeds(tell.call2(&JsValue::UNDEFINED, &"greeting".into(), &native))
        });
    }
    if let Some(ask) = told.token {
        wishes = wishes.token(move |refresh| {
            let said = asked(&ask, refresh);
            async { said.await?.as_string() }
        });
    }
    let line = wishes
        .listen(move |notice| speak(&tell, notice, speaks))
        .open();
    line.map(Line)
        .map_err(|refused| error::record(&Error::Settings(refused)))
}

fn speak(tell: &Function, notice: SocketNotice, speaks: bool) {
    let (word, said): (&str, JsValue) = match notice {
        SocketNotice::Changed(event) => ("change", convert::record(&event)),
        SocketNotice::Ended(event) => ("end", event.into()),
        SocketNotice::Message(event) => ("message", event.into()),
        SocketNotice::Opening(native) => ("opening", native.into()),
        SocketNotice::Sent(sent) if speaks => ("sent", fate(sent).into()),
        _ => return,
    };
    // A listener that throws is the facade's business.
    let _ = tell.call2(&JsValue::UNDEFINED, &word.into(), &said);
}

fn fate(sent: Sent) -> Array {
    let why = sent.why.map(|why| why.as_str());
    Array::of3(
        &(sent.ticket.0 as f64).into(),
        &sent.state.as_str().into(),
        &why.into(),
    )
}

/// Boxed, as below.
fn asked(ask: &Function, refresh: bool) -> Pin<Box<dyn Future<Output = Option<JsValue>>>> {
    let said = ask.call1(&JsValue::UNDEFINED, &refresh.into());
    Box::pin(async move { JsFuture::from(Promise::resolve(&said.ok()?)).await.ok() })
}

async fn found(ask: Function, refresh: bool) -> Option<Address> {
    let said = asked(&ask, refresh).await?;
    Array::is_array(&said).then(|| read(&said))
}

fn read(address: &JsValue) -> Address {
    let mut words = Array::from(address)
        .into_iter()
        .filter_map(|it| it.as_string());
    Address {
        url: words.next().unwrap_or_default(),
        protocols: words.collect(),
    }
}

/// Boxed: each kind of future would cost two kilobytes.
fn succeeds(said: Result<JsValue, JsValue>) -> Pin<Box<dyn Future<Output = bool>>> {
    Box::pin(async move {
        match said {
            Ok(said) if said.as_bool().is_some() => said.is_truthy(),
            Ok(said) => {
                let said = JsFuture::from(Promise::resolve(&said)).await;
                said.is_ok_and(|said| said.is_truthy())
            }
            Err(_) => false,
        }
    })
}

/// What a function of the application's said, or its promise.
async fn resolved(said: Result<JsValue, JsValue>) -> Result<JsValue, JsValue> {
    JsFuture::from(Promise::resolve(&said?)).await
}

/// Where event streams are, or who says it.
enum Fallback {
    At(String),
    Asked(Function),
}

/// What is wished. Every name is looked up, so a misspelt one is refused and not ignored.
struct Options {
    protocol: Protocol,
    reconnects: bool,
    follows: bool,
    keeps: bool,
    durable: bool,
    name: Option<String>,
    fallback: Option<Fallback>,
    ping: Option<String>,
    token: Option<Function>,
    positions: String,
    codes: Codes,
    settings: Settings,
}

impl Options {
    fn read(object: &JsValue, settings: Settings) -> Result<Options, JsValue> {
        let mut options = Options {
            protocol: Protocol::Raw,
            reconnects: true,
            follows: false,
            keeps: false,
            durable: false,
            name: None,
            fallback: None,
            ping: None,
            token: None,
            positions: String::new(),
            codes: Codes::default(),
            settings,
        };
        for_each_entry(object, &mut |name, value| {
            let wants = match name {
                "settings" => return options.change(value),
                name => options.set(name, value),
            };
            wants.map_or(Ok(()), |wants| {
                Err(error::option(&["socket.", name].concat(), wants))
            })
        })?;
        // Nobody would read them.
        match options.protocol == Protocol::Raw && options.fallback.is_some() {
            true => Err(error::option(
                "socket.fallback",
                "needs a wire with channels",
            )),
            false => Ok(options),
        }
    }

    fn change(&mut self, value: &JsValue) -> Result<(), JsValue> {
        let groups = js_sys::Object::new();
        set(&groups, "socket", value);
        let changed = convert::settings(&groups, self.settings.clone());
        self.settings = changed.map_err(|refused| error::record(&Error::Settings(refused)))?;
        Ok(())
    }

    /// Takes a value over, or says what it should be.
    fn set(&mut self, name: &str, value: &JsValue) -> Option<&'static str> {
        let (taken, wants) = match name {
            "wire" => {
                let protocol = match value.as_string().as_deref() {
                    Some("centrifugo") => Some(Protocol::Centrifugo),
                    Some("raw") => Some(Protocol::Raw),
                    Some("sse") => Some(Protocol::Sse),
                    Some("tidegate.v1") => Some(Protocol::Tidegate),
                    _ => None,
                };
                self.protocol = protocol.unwrap_or(Protocol::Raw);
                let wants = "must be \"raw\", \"tidegate.v1\", \"centrifugo\" or \"sse\"";
                (protocol.is_some(), wants)
            }
            "reconnect" | "follow" | "keep" | "durable" => {
                let slot = match name {
                    "durable" => &mut self.durable,
                    "follow" => &mut self.follows,
                    "keep" => &mut self.keeps,
                    _ => &mut self.reconnects,
                };
                *slot = value.is_truthy();
                (value.as_bool().is_some(), "must be true or false")
            }
            "name" | "ping" => {
                let slot = match name {
                    "name" => &mut self.name,
                    _ => &mut self.ping,
                };
                *slot = value.as_string();
                (slot.is_some(), "must be a string")
            }
            "token" => {
                self.token = value.dyn_ref().cloned();
                (self.token.is_some(), "must be a function")
            }
            "fallback" => {
                self.fallback = match value.dyn_ref::<Function>() {
                    Some(ask) => Some(Fallback::Asked(ask.clone())),
                    None => value.as_string().map(Fallback::At),
                };
                (self.fallback.is_some(), "must be a URL or a function")
            }
            "positions" => {
                self.positions = value.as_string().unwrap_or_default();
                (value.is_string(), "must be a string")
            }
            "stopCodes" | "refreshCodes" | "retryCodes" => {
                let slot = match name {
                    "stopCodes" => &mut self.codes.stop,
                    "refreshCodes" => &mut self.codes.refresh,
                    _ => &mut self.codes.retry,
                };
                let codes = Array::is_array(value).then(|| Array::from(value));
                let code = |it: JsValue| it.as_f64().map(|code| code as u16);
                let codes = codes.and_then(|it| it.iter().map(code).collect::<Option<Vec<_>>>());
                let fits = codes.is_some();
                *slot = codes.unwrap_or_default();
                (fits, "must be an array of close codes")
            }
            _ => (false, "is no option; the type SocketOptions has them all"),
        };
        (!taken).then_some(wants)
    }
}
