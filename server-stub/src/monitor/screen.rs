//! The live view.
//!
//! [`draw`] is pure: a history in, widgets out. Around it there are two threads: one asks the stub once a second, this one draws and
//! listens to the keyboard.

use std::io;
use std::sync::mpsc::{self, Receiver, TryRecvError};
use std::thread;
use std::time::{Duration, Instant};

use ratatui::crossterm::event::{self, Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::{Color, Modifier, Style};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Paragraph, Row as TableRow, Table};
use ratatui::{DefaultTerminal, Frame};
use tidegate_contract::metrics::{AlertLevel, MetricsReport};

use super::args::MonitorArgs;
use super::client::ask;
use super::history::{History, LENGTH};
use super::plain::preset;
use super::rows::{Row, alarms, rows};

const PERIOD: Duration = Duration::from_secs(1);
/// How long a key may go unnoticed.
const GLANCE: Duration = Duration::from_millis(100);

/// Shows the stub until the user leaves. The terminal is given back whatever happens: on an error by this function, on a panic by
/// the hook that ratatui installs.
pub(crate) fn run(args: &MonitorArgs) -> io::Result<()> {
    let answers = watch(args.clone());
    let mut terminal = ratatui::try_init()?;
    let result = show(&mut terminal, &args.control, &answers);
    ratatui::try_restore()?;
    result
}

type Answer = Result<MetricsReport, String>;

/// Asks once a second, for as long as somebody listens.
fn watch(args: MonitorArgs) -> Receiver<Answer> {
    let (tell, answers) = mpsc::sync_channel(1);
    thread::spawn(move || {
        loop {
            let asked = Instant::now();
            let answer = ask(&args);
            if tell
                .send(answer.map_err(|error| error.to_string()))
                .is_err()
            {
                return;
            }
            thread::sleep(PERIOD.saturating_sub(asked.elapsed()));
        }
    });
    answers
}

fn show(
    terminal: &mut DefaultTerminal,
    control: &str,
    answers: &Receiver<Answer>,
) -> io::Result<()> {
    let mut history = History::default();
    loop {
        terminal.draw(|frame| draw(frame, control, &history))?;
        // Keys first, so that one that is held down cannot starve the answers.
        if event::poll(GLANCE)? && matches!(event::read()?, Event::Key(key) if leaves(key)) {
            return Ok(());
        }
        match answers.try_recv() {
            Ok(answer) => history.push(answer),
            Err(TryRecvError::Empty) => {}
            Err(TryRecvError::Disconnected) => {
                return Err(io::Error::other("the thread that asks the stub has died"));
            }
        }
    }
}

/// `q`, Escape, or Ctrl-C, which a terminal in raw mode hands over as a key.
fn leaves(key: KeyEvent) -> bool {
    let control = key.modifiers.contains(KeyModifiers::CONTROL);
    key.kind != KeyEventKind::Release
        && match key.code {
            KeyCode::Char('c') => control,
            KeyCode::Char('q') => !control,
            KeyCode::Esc => true,
            _ => false,
        }
}

/// The whole screen.
fn draw(frame: &mut Frame<'_>, control: &str, history: &History) {
    let latest = history.latest();
    let rows = latest.map(rows).unwrap_or_default();
    let alarms = latest.map(alarms).unwrap_or_default();
    let [head, body, foot, keys] = Layout::vertical([
        Constraint::Length(3),
        Constraint::Length(rows.len() as u16 + 1),
        Constraint::Fill(1),
        Constraint::Length(1),
    ])
    .areas(frame.area());

    frame.render_widget(Paragraph::new(title(control, history).to_vec()), head);
    draw_rows(frame, body, &rows, history);
    let sentences: Vec<Line<'_>> = match latest {
        Some(_) if alarms.is_empty() => vec![Line::styled("all is well", colour(AlertLevel::Ok))],
        _ => alarms
            .into_iter()
            .map(|(level, sentence)| Line::styled(format!("{level}: {sentence}"), colour(level)))
            .collect(),
    };
    frame.render_widget(Paragraph::new(sentences), foot);
    let keys_text = Line::styled("q leaves; curves show the last 60 s", Modifier::DIM);
    frame.render_widget(Paragraph::new(keys_text), keys);
}

/// What is shown, and how it is.
fn title<'a>(control: &'a str, history: &'a History) -> [Line<'a>; 2] {
    let mut spans = vec![Span::styled(format!("stub at {control}"), Modifier::BOLD)];
    if let Some(report) = history.latest() {
        let space = &report.metrics.space;
        spans.push(Span::raw(format!("  space {space}  {}", preset(report))));
    }
    let ready = history.latest().map(|report| report.metrics.ready);
    let state = match (history.gone(), ready) {
        (Some(why), _) => Line::styled(format!("GONE: {why}"), colour(AlertLevel::Critical)),
        (None, None) => Line::raw("asking ..."),
        (None, Some(ready)) => {
            let (word, level) = match ready {
                true => ("ready", AlertLevel::Ok),
                false => ("not ready", AlertLevel::Warning),
            };
            let rate = history.arrivals_per_second();
            let rate = rate.map(|rate| format!(", {rate} requests/s"));
            Line::from(vec![
                Span::styled(word, colour(level)),
                Span::raw(rate.unwrap_or_default()),
            ])
        }
    };
    [Line::from(spans), state]
}

const NAME: usize = 14;
const VALUE: usize = 9;
const DETAIL: usize = 27;
const GAP: usize = 2;

fn draw_rows(frame: &mut Frame<'_>, area: Rect, rows: &[Row], history: &History) {
    // What is shown of a stub that is gone is no longer true.
    let faded = match history.gone() {
        Some(_) => Modifier::DIM,
        None => Modifier::empty(),
    };
    // A narrow terminal shows less of the past.
    let width = usize::from(area.width)
        .saturating_sub(NAME + VALUE + DETAIL + 3 * GAP)
        .clamp(10, LENGTH);
    let cells = rows.iter().map(|row| {
        let style = row.alert.map_or(Style::new(), colour);
        let value = Line::styled(row.value.as_str(), style).right_aligned();
        let curve = curve(&history.curve(row.figure), row.full, width);
        TableRow::new([
            Line::raw(row.name),
            value,
            Line::styled(curve, style),
            Line::raw(row.detail.as_str()),
        ])
    });
    let widths = [
        Constraint::Length(NAME as u16),
        Constraint::Length(VALUE as u16),
        Constraint::Length(width as u16),
        Constraint::Fill(1),
    ];
    let table = Table::new(cells, widths)
        .column_spacing(GAP as u16)
        .style(faded);
    frame.render_widget(table, area);
}

const fn colour(level: AlertLevel) -> Style {
    Style::new().fg(match level {
        AlertLevel::Ok => Color::Green,
        AlertLevel::Warning => Color::Yellow,
        AlertLevel::Critical => Color::Red,
    })
}

/// A curve of eighths, the latest value at the right; nothing where there was no answer.
fn curve(values: &[Option<u64>], full: Option<u64>, width: usize) -> String {
    let values = &values[values.len().saturating_sub(width)..];
    const EIGHTHS: [char; 9] = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let highest = values.iter().flatten().max().copied().unwrap_or(0);
    let full = full.unwrap_or(highest).max(1);
    let height = |value: u64| {
        // Anything above nothing is seen.
        let eighths = (u128::from(value) * 8).div_ceil(u128::from(full));
        EIGHTHS[eighths.min(8) as usize]
    };
    let gap = width.saturating_sub(values.len());
    let bars = values.iter().map(|value| value.map_or(' ', height));
    std::iter::repeat_n(' ', gap).chain(bars).collect()
}

#[cfg(test)]
#[path = "screen_tests.rs"]
mod tests;
