//! A browser's socket whose other end a test plays.

use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/testing/sockets.js")]
extern "C" {
    pub(super) fn script();
    pub(super) fn unscript();
    pub(super) fn count() -> u32;
    pub(super) async fn dialled(number: u32) -> JsValue;
    pub(super) fn accept();
    pub(super) fn say(data: &JsValue);
    pub(super) fn drop(code: u16);
    #[wasm_bindgen(js_name = sayTo)]
    pub(super) fn say_to(number: u32, data: &JsValue);
    #[wasm_bindgen(js_name = dropAt)]
    pub(super) fn drop_at(number: u32, code: u16);
    pub(super) async fn forget();
    #[wasm_bindgen(js_name = anotherTab)]
    pub(super) fn another_tab();
    pub(super) fn remembers() -> u32;
    #[wasm_bindgen(js_name = whatItRemembers)]
    pub(super) fn what_it_remembers() -> String;
    #[wasm_bindgen(js_name = shiftCalendar)]
    pub(super) fn shift_calendar(by: f64);
    #[wasm_bindgen(js_name = refuseLocks)]
    pub(super) fn refuse_locks(refuses: bool);
    pub(super) fn refuse(refuses: bool);
    #[wasm_bindgen(js_name = holdReads)]
    pub(super) fn hold_reads();
    #[wasm_bindgen(js_name = isRead)]
    pub(super) async fn is_read();
    #[wasm_bindgen(js_name = letReadsGo)]
    pub(super) fn let_reads_go();
    pub(super) fn hold(bytes: f64);
    pub(super) fn closing();
    pub(super) fn sent() -> String;
    pub(super) fn closes() -> String;
    pub(super) fn urls() -> String;
    #[wasm_bindgen(js_name = countListeners)]
    pub(super) fn count_listeners();
    pub(super) fn listeners() -> i32;
    #[wasm_bindgen(js_name = stopCounting)]
    pub(super) fn stop_counting();
    pub(super) fn fire(name: &str, persisted: bool);
}
