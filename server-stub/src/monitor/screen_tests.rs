use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;

use super::*;

fn report() -> MetricsReport {
    serde_json::from_str(include_str!("report.json")).unwrap()
}

fn drawn(history: &History, width: u16) -> Buffer {
    let mut terminal = Terminal::new(TestBackend::new(width, 22)).unwrap();
    terminal
        .draw(|frame| draw(frame, "127.0.0.1:4781", history))
        .unwrap();
    terminal.backend().buffer().clone()
}

fn lines(buffer: &Buffer) -> Vec<String> {
    let width = buffer.area.width as usize;
    buffer
        .content
        .chunks(width)
        .map(|line| line.iter().map(|cell| cell.symbol()).collect::<String>())
        .map(|line| line.trim_end().to_owned())
        .collect()
}

/// The colour of the first cell of this text.
fn colour_of(buffer: &Buffer, text: &str) -> Color {
    let lines = lines(buffer);
    let (y, line) = lines
        .iter()
        .enumerate()
        .find(|(_, line)| line.contains(text))
        .expect(text);
    let x = line[..line.find(text).expect(text)].chars().count();
    buffer[(x as u16, y as u16)].fg
}

#[test]
fn every_figure_has_a_row_with_its_curve() {
    let mut history = History::default();
    let mut earlier = report();
    earlier.metrics.at_ms -= 1_000;
    earlier.metrics.totals.arrivals -= 300;
    earlier.metrics.waiting.count = 250;
    history.push(Ok(earlier));
    history.push(Ok(report()));
    let lines = lines(&drawn(&history, 120));
    assert_eq!(
        lines[0],
        "stub at 127.0.0.1:4781  space default  preset slow"
    );
    assert_eq!(lines[1], "not ready, 300 requests/s");
    let waiting = format!("waiting{:>18}{:>62}  of 1000 at most", 520, "▂▅");
    assert_eq!(lines[4], waiting);
    assert!(lines[5].starts_with("estimated wait      2.6 s"));
    assert!(lines.iter().any(|line| line.starts_with("memory")));
}

#[test]
fn colours_follow_the_alerts() {
    let mut history = History::default();
    history.push(Ok(report()));
    let buffer = drawn(&history, 120);
    assert_eq!(colour_of(&buffer, "94 %"), Color::Yellow);
    assert_eq!(colour_of(&buffer, "2.6 s"), Color::Red);
    assert_eq!(colour_of(&buffer, "0.5 %"), Color::Green);
    assert_eq!(colour_of(&buffer, "520"), Color::Reset);
    assert_eq!(colour_of(&buffer, "critical: work for nobody"), Color::Red);
}

#[test]
fn a_stub_that_is_gone_is_shown_as_such() {
    let mut history = History::default();
    history.push(Err("no stub at 127.0.0.1:4781: connection refused".into()));
    let gone = "GONE: no stub at 127.0.0.1:4781: connection refused";
    assert_eq!(lines(&drawn(&history, 120))[1], gone);
    history.push(Ok(report()));
    assert!(!lines(&drawn(&history, 120))[1].contains("GONE"));
    history.push(Err("no stub".into()));
    let buffer = drawn(&history, 120);
    assert_eq!(colour_of(&buffer, "GONE"), Color::Red);
    // The last that was known stays, faded.
    let waiting = &buffer[(0, 4)];
    assert_eq!(waiting.symbol(), "w");
    assert!(waiting.modifier.contains(Modifier::DIM));
}

#[test]
fn before_the_first_answer_it_says_that_it_asks() {
    let lines = lines(&drawn(&History::default(), 120));
    assert_eq!(lines[..2], ["stub at 127.0.0.1:4781", "asking ..."]);
}

#[test]
fn a_narrow_terminal_shows_less_of_the_past_and_all_of_the_present() {
    let mut history = History::default();
    (0..LENGTH).for_each(|_| history.push(Ok(report())));
    let wide = "█".repeat(LENGTH);
    assert!(lines(&drawn(&history, 120))[5].contains(&wide));
    let narrow = &lines(&drawn(&history, 80))[5];
    assert!(narrow.contains(&"█".repeat(24)) && !narrow.contains(&"█".repeat(25)));
    assert!(narrow.ends_with("waited p50 2.1 s, p99 2.5 s"), "{narrow}");
    assert_eq!(lines(&drawn(&history, 20)).len(), 22);
}

#[test]
fn all_well_is_said_too() {
    let mut history = History::default();
    history.push(Ok(MetricsReport::default()));
    let buffer = drawn(&history, 120);
    assert_eq!(colour_of(&buffer, "all is well"), Color::Green);
}

#[test]
fn a_curve_shows_gaps_and_all_that_is_not_nothing() {
    let drawn = |values: &[Option<u64>], full| curve(values, full, 4);
    assert_eq!(
        drawn(&[Some(1), None, Some(500), Some(2_000)], Some(1_000)),
        "▁ ▄█"
    );
    assert_eq!(drawn(&[Some(4), Some(0), Some(8)], None), " ▄ █");
    assert_eq!(drawn(&[Some(0)], None), "    ");
    assert_eq!(
        drawn(&[Some(9), Some(1), Some(1), Some(1), Some(1)], None),
        "████"
    );
}

#[test]
fn q_escape_and_control_c_leave() {
    let key = |code, modifiers| leaves(KeyEvent::new(code, modifiers));
    let (plain, control) = (KeyModifiers::NONE, KeyModifiers::CONTROL);
    assert!(key(KeyCode::Char('q'), plain));
    assert!(key(KeyCode::Esc, plain));
    assert!(key(KeyCode::Char('c'), control));
    assert!(!key(KeyCode::Char('c'), plain));
    assert!(!key(KeyCode::Char('x'), plain));
}
