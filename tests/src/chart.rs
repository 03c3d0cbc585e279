//! Rows as a picture: goodput, attempts, waste and errors, second by second.
//!
//! SVG written by hand. Its colours follow the reader's light or dark scheme by a media query of its own, so it can stand in a page or
//! in a README as it is.

use std::fmt::Write;

use crate::meter::Second;
use crate::study::Row;

const WIDTH: f64 = 900.0;
const LEFT: f64 = 70.0;
const RIGHT: f64 = 160.0;
const TOP: f64 = 40.0;
const HEIGHT: f64 = 130.0;
const GAP: f64 = 40.0;
/// More lines than these share colours.
const COLOURS: usize = 9;

/// One of the pictures above each other.
pub(crate) struct Panel<S> {
    pub(crate) title: &'static str,
    pub(crate) value: fn(&S) -> f64,
}

/// One run in all of them.
pub(crate) struct Line<'a, S> {
    pub(crate) name: &'a str,
    pub(crate) colour: usize,
    pub(crate) seconds: &'a [S],
}

/// What is drawn.
pub(crate) struct Picture<'a, S> {
    pub(crate) title: String,
    /// How many seconds of each run.
    pub(crate) horizon: u64,
    /// From when to when something goes wrong, in seconds.
    pub(crate) shade: Option<(u64, u64)>,
    pub(crate) panels: &'a [Panel<S>],
    pub(crate) lines: Vec<Line<'a, S>>,
}

const PANELS: [Panel<Second>; 4] = [
    Panel {
        title: "goodput (answers/s)",
        value: |second| second.useful as f64,
    },
    Panel {
        title: "attempts and probes (1/s)",
        value: |second| (second.sent + second.probes) as f64,
    },
    Panel {
        title: "work for nobody (% of the pool's)",
        value: |second| 100.0 * second.waste as f64 / second.work.max(1) as f64,
    },
    Panel {
        title: "failures that users see (1/s)",
        value: |second| second.failures as f64,
    },
];

const STYLE: &str = "<style>
svg{--ink:#1b1f24;--faint:#d0d7de;--shade:#f3e8d6;background:#fff;font:12px system-ui,sans-serif}
.c0{--c:#0969da}.c1{--c:#57606a}.c2{--c:#cf222e}.c3{--c:#bc4c00}.c4{--c:#8250df}.c5{--c:#1a7f37}.c6{--c:#bf3989}.c7{--c:#7d4e00}.c8{--c:#0f7b8a}
@media(prefers-color-scheme:dark){svg{--ink:#e6edf3;--faint:#3d444d;--shade:#33291a;background:#0d1117}
.c0{--c:#58a6ff}.c1{--c:#9198a1}.c2{--c:#ff7b72}.c3{--c:#f0883e}.c4{--c:#bc8cff}.c5{--c:#56d364}.c6{--c:#f778ba}.c7{--c:#d29922}.c8{--c:#39c5cf}}
text{fill:var(--ink)}.e{text-anchor:end}.m{text-anchor:middle}.t{font-weight:600}.axis{stroke:var(--faint)}.shade{fill:var(--shade)}
.l{fill:none;stroke:var(--c);stroke-width:1.2;stroke-linejoin:round}.c0.l{stroke-width:2.6}
</style>
";

/// A picture of one scenario.
#[must_use]
pub fn chart(rows: &[Row]) -> String {
    let Some(spec) = rows.first().map(|row| row.spec) else {
        return String::new();
    };
    let incident = spec.incident();
    let lines = rows.iter().map(|row| Line {
        name: row.contender.name,
        colour: row.contender.number(),
        seconds: &row.seconds,
    });
    let picture = Picture {
        title: format!(
            "{}: {}. {} backend, {} clients",
            spec.scenario.name(),
            spec.scenario.what(),
            spec.backend.name(),
            spec.clients
        ),
        horizon: spec.horizon,
        shade: spec.ends().then_some((incident.from, incident.to)),
        panels: &PANELS,
        lines: lines.collect(),
    };
    picture.svg()
}

impl<S> Picture<'_, S> {
    pub(crate) fn svg(&self) -> String {
        let height = TOP + self.panels.len() as f64 * (HEIGHT + GAP) + 10.0;
        let title = self.title.replace('&', "&amp;").replace('<', "&lt;");
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" role=\"img\">\n<title>{title}</title>\n{STYLE}\
             <text class=\"t\" x=\"{LEFT}\" y=\"18\">{title}</text>\n"
        );
        for (number, panel) in self.panels.iter().enumerate() {
            let frame = Frame {
                top: TOP + number as f64 * (HEIGHT + GAP),
                seconds: self.horizon as f64,
                most: nice(self.most(panel)),
            };
            if let Some((from, to)) = self.shade {
                frame.shade(&mut svg, from as f64, to as f64);
            }
            frame.axes(&mut svg, panel.title);
            // The first row is drawn last, above the others.
            for line in self.lines.iter().rev() {
                frame.line(&mut svg, line, panel);
            }
        }
        self.legend(&mut svg);
        svg + "</svg>\n"
    }

    fn most(&self, panel: &Panel<S>) -> f64 {
        let horizon = self.horizon as usize;
        let all = self
            .lines
            .iter()
            .flat_map(|line| line.seconds.iter().take(horizon));
        all.map(panel.value).fold(1.0, f64::max)
    }

    fn legend(&self, svg: &mut String) {
        let x = WIDTH - RIGHT + 20.0;
        for (number, line) in self.lines.iter().enumerate() {
            let y = TOP + 10.0 + 20.0 * number as f64;
            let _ = writeln!(
                svg,
                "<line class=\"l c{}\" x1=\"{x}\" x2=\"{}\" y1=\"{y}\" y2=\"{y}\"/><text x=\"{}\" y=\"{}\">{}</text>",
                line.colour % COLOURS,
                x + 24.0,
                x + 32.0,
                y + 4.0,
                line.name
            );
        }
    }
}

/// The next of 1, 2, 5 times a power of ten.
fn nice(most: f64) -> f64 {
    let mut step = 1.0;
    loop {
        for factor in [1.0, 2.0, 5.0] {
            if most <= step * factor {
                return step * factor;
            }
        }
        step *= 10.0;
    }
}

struct Frame {
    top: f64,
    seconds: f64,
    most: f64,
}

impl Frame {
    fn x(&self, second: f64) -> f64 {
        LEFT + second / self.seconds * (WIDTH - LEFT - RIGHT)
    }

    fn y(&self, value: f64) -> f64 {
        self.top + HEIGHT * (1.0 - value / self.most)
    }

    fn shade(&self, svg: &mut String, from: f64, to: f64) {
        let (x, width) = (self.x(from), self.x(to) - self.x(from));
        let _ = writeln!(
            svg,
            "<rect class=\"shade\" x=\"{x:.1}\" y=\"{}\" width=\"{width:.1}\" height=\"{HEIGHT}\"/>",
            self.top
        );
    }

    fn axes(&self, svg: &mut String, title: &str) {
        let _ = writeln!(
            svg,
            "<text x=\"{LEFT}\" y=\"{:.1}\">{title}</text>",
            self.top - 6.0
        );
        for part in 0..=2 {
            let value = self.most * f64::from(part) / 2.0;
            let y = self.y(value);
            let (x, end) = (self.x(0.0), self.x(self.seconds));
            let _ = writeln!(
                svg,
                "<line class=\"axis\" x1=\"{x}\" x2=\"{end}\" y1=\"{y:.1}\" y2=\"{y:.1}\"/>\
                 <text class=\"e\" x=\"{:.1}\" y=\"{:.1}\">{value}</text>",
                x - 6.0,
                y + 4.0
            );
        }
        let mut second = 0.0;
        while second <= self.seconds {
            let y = self.top + HEIGHT + 15.0;
            let x = self.x(second);
            let _ = writeln!(
                svg,
                "<text class=\"m\" x=\"{x:.1}\" y=\"{y:.1}\">{second} s</text>"
            );
            second += 60.0;
        }
    }

    fn line<S>(&self, svg: &mut String, line: &Line<'_, S>, panel: &Panel<S>) {
        let colour = line.colour % COLOURS;
        let _ = write!(svg, "<polyline class=\"l c{colour}\" points=\"");
        let seconds = line.seconds.iter().take(self.seconds as usize);
        for (number, second) in seconds.enumerate() {
            let (x, y) = (self.x(number as f64 + 0.5), self.y((panel.value)(second)));
            let _ = write!(svg, "{x:.1},{y:.1} ");
        }
        *svg += "\"/>\n";
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn axes_end_at_round_numbers() {
        let ends = [1.0, 3.0, 280.0, 500.0, 15_900.0].map(nice);
        assert_eq!(ends, [1.0, 5.0, 500.0, 500.0, 20_000.0]);
    }
}
