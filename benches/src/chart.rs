//! Figures as pictures.

use std::{error::Error, path::Path};

use plotters::prelude::*;

use crate::{growth::Figure, report::Bars, rows::Subject};

const SIZE: (u32, u32) = (900, 560);

/// What is told apart without red beside green; this library is the first, and drawn thicker.
const COLOURS: [RGBColor; 9] = [
    RGBColor(0, 114, 178),
    RGBColor(230, 159, 0),
    RGBColor(86, 180, 233),
    RGBColor(0, 158, 115),
    RGBColor(213, 94, 0),
    RGBColor(204, 121, 167),
    RGBColor(120, 94, 240),
    RGBColor(100, 100, 100),
    RGBColor(180, 150, 60),
];

/// Of the names of the lines, beside the plot.
const LEGEND_WIDTH: u32 = 220;

/// Writes one file into the folder, both axes logarithmic.
pub fn write(figure: &Figure, folder: &Path) -> Result<(), Box<dyn Error>> {
    let path = folder.join(figure.name).with_extension("svg");
    let root = SVGBackend::new(&path, SIZE).into_drawing_area();
    root.fill(&WHITE)?;
    let (plot, legend) = root.split_horizontally(SIZE.0 - LEGEND_WIDTH);
    let points = || figure.lines.iter().flat_map(|line| &line.points);
    let (mut low, mut high) = (f64::INFINITY, 0.0_f64);
    for (_, cost) in points() {
        (low, high) = (low.min(*cost), high.max(*cost));
    }
    let quantities = || points().map(|(quantity, _)| *quantity);
    let (first, last) = (quantities().min().unwrap_or(1), quantities().max().unwrap_or(1));
    let mut chart = ChartBuilder::on(&plot)
        .caption(figure.title, ("sans-serif", 20))
        .margin(12)
        .margin_right(30)
        .x_label_area_size(44)
        .y_label_area_size(64)
        .build_cartesian_2d(
            (first as f64..last as f64).log_scale(),
            (low / 1.5..high * 1.5).log_scale(),
        )?;
    chart
        .configure_mesh()
        .x_desc(figure.quantity)
        .y_desc(figure.unit)
        .x_label_formatter(&|quantity| format!("{quantity:.0}"))
        .y_label_formatter(&|cost| {
            if *cost < 10.0 { format!("{cost:.1}") } else { format!("{cost:.0}") }
        })
        .light_line_style(TRANSPARENT)
        .draw()?;
    for (index, line) in figure.lines.iter().enumerate() {
        let colour = COLOURS[index % COLOURS.len()];
        let style = colour.stroke_width(if index == 0 { 4 } else { 2 });
        let points = line.points.iter().map(|(quantity, cost)| (*quantity as f64, *cost));
        chart.draw_series(LineSeries::new(points.clone(), style))?;
        // A line of one point would not be seen.
        chart.draw_series(points.map(|point| Circle::new(point, 3, colour.filled())))?;
        let y = 60 + 22 * index as i32;
        legend.draw(&PathElement::new([(4, y), (28, y)], style))?;
        legend.draw(&Text::new(line.subject.as_str(), (34, y - 6), ("sans-serif", 14)))?;
    }
    root.present()?;
    Ok(())
}

/// Height of one bar, with what is between two.
const BAR: u32 = 26;

/// Beside the bars, for who does it.
const NAMES_WIDTH: u32 = 330;

/// Writes one file into the folder: a bar for each subject, from zero on.
pub fn write_bars(bars: &Bars, folder: &Path) -> Result<(), Box<dyn Error>> {
    let path = folder.join(&bars.name).with_extension("svg");
    let height = 60 + BAR * bars.bars.len() as u32;
    let root = SVGBackend::new(&path, (SIZE.0, height)).into_drawing_area();
    root.fill(&WHITE)?;
    root.draw(&Text::new(bars.title.as_str(), (12, 12), ("sans-serif", 20)))?;
    let longest = bars.bars.iter().map(|(_, cost, _)| *cost).fold(0.0, f64::max);
    // Beside the longest bar, there is room for its figure.
    let room = f64::from(SIZE.0 - NAMES_WIDTH - 110);
    for (index, (name, cost, subject)) in bars.bars.iter().enumerate() {
        let y = 48 + (BAR * index as u32) as i32;
        let (left, right) =
            (NAMES_WIDTH as i32, NAMES_WIDTH as i32 + (cost / longest * room) as i32);
        let colour = match subject {
            Subject::Floor => COLOURS[7],
            Subject::Ours => COLOURS[0],
            Subject::Peer(_) => COLOURS[2],
        };
        root.draw(&Text::new(name.as_str(), (12, y + 2), ("sans-serif", 14)))?;
        root.draw(&Rectangle::new([(left, y), (right.max(left + 1), y + 18)], colour.filled()))?;
        let figure =
            if *cost < 1e5 { format!("{cost:.2} ns") } else { format!("{:.2} ms", cost / 1e6) };
        root.draw(&Text::new(figure, (right + 6, y + 2), ("sans-serif", 14)))?;
    }
    root.present()?;
    Ok(())
}
