// The clocks that a page reads. Loaded before the package; nothing that runs by a timer notices what is done here.

/** How far the calendar is ahead: `?calendar=` says it for a page that is loaded anew. */
let calendarAhead = Number(new URLSearchParams(location.search).get("calendar") ?? 0);
let pageAhead = 0;

const calendar = Date.now.bind(Date);
Date.now = () => calendar() + calendarAhead;
const sincePageBegan = performance.now.bind(performance);
performance.now = () => sincePageBegan() + pageAhead;

/** So much time goes by at once. */
function skip(ms) {
  pageAhead += ms;
  calendarAhead += ms;
}

/** Somebody sets the calendar, and no time goes by. */
function setCalendar(ms) {
  calendarAhead += ms;
}
